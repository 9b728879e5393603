package dev.tailrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run in a Java virtual machine of its own, with the product's options: both sides get the same, but for the log. Ours
 * is the product's; an anchor's has no filters.
 */
final class Child {
    private Child() {}

    /**
     * Runs a program to its end.
     *
     * @param log where its standard error goes
     * @param recording where the flight recorder writes, null for no recording
     * @throws IllegalStateException when it fails or has no figures; the message holds the end of the log
     */
    static Figures run(Class<?> program, Path log, @Nullable Path recording, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path conf = Path.of(System.getProperty("tailrace.house", ".")).resolve("conf");
        command.add("@" + conf.resolve("jvm.options"));
        boolean ours = program.getSimpleName().startsWith("Our");
        command.add("-Dlogback.configurationFile=" + (ours ? conf.resolve("logback.xml") : "anchor-logback.xml"));
        command.add("-Dtailrace.log.target=System.err");
        command.add("-Dtailrace.log.level=INFO");
        if (recording != null) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            Figures figures = null;
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    figures = Figures.isOne(line) ? Figures.parse(line) : figures;
                }
            }
            int code = process.waitFor();
            if (code != 0 || figures == null) {
                throw new IllegalStateException(program.getSimpleName() + " ended with " + code + ":\n" + end(log));
            }
            return figures;
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static String end(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** What such a program does, up to {@link #done}. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /** Runs the body; a failure ends this process, which the threads of an engine would keep alive. */
    static void run(Body body) {
        try {
            body.run();
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** Prints the figures and ends this process without waiting for the threads of an engine. */
    static void done(Figures figures) throws IOException {
        figures.print(System.out);
        System.exit(0);
    }
}
