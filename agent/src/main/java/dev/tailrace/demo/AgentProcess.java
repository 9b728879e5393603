package dev.tailrace.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The agent as a process of its own, started from the distribution that this process runs from, or from this process's
 * class path. It can be killed and started again. Not thread-safe, but {@link #close} may come from any thread.
 */
public final class AgentProcess implements AutoCloseable {
    /** A stop is granted that by systemd, too. */
    private static final Duration DEATH = Duration.ofSeconds(60);

    private final Path configuration;
    private final Path logs;
    private final Map<String, String> surroundings;
    private volatile @Nullable Process process;
    private volatile boolean closed;
    private int starts;

    /**
     * @param configuration the file that {@code run} is given
     * @param logs directory for what the agent writes to its standard streams, a pair of files a start
     */
    public AgentProcess(Path configuration, Path logs) {
        this(configuration, logs, Map.of());
    }

    /** @param surroundings more variables of its environment */
    public AgentProcess(Path configuration, Path logs, Map<String, String> surroundings) {
        this.configuration = configuration;
        this.logs = logs;
        this.surroundings = Map.copyOf(surroundings);
    }

    /**
     * Starts it; returns at once.
     *
     * @param options further options of its Java virtual machine, without spaces in them
     * @throws IllegalStateException when it still runs
     */
    public synchronized void start(String... options) throws IOException {
        if (isRunning()) {
            throw new IllegalStateException("the agent runs already");
        }
        if (closed) {
            throw new IllegalStateException("closed");
        }
        starts++;
        Files.createDirectories(logs);
        Path home = Path.of(logs.toString(), "home");
        Files.createDirectories(home);
        List<String> command = command("System.out", options);
        command.addAll(List.of("run", "-c", configuration.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("JAVA_TOOL") || name.startsWith("JDK_JAVA"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("TAILRACE_JAVA_OPTS", String.join(" ", options));
        environment.put("HOME", home.toString());
        environment.putAll(surroundings);
        process = builder.directory(home.toFile())
                .redirectOutput(output().toFile())
                .redirectError(errors().toFile())
                .start();
    }

    /** What an operator's command printed, and its exit code. */
    public record Ended(int exitCode, String printed, String errors) {}

    /** Runs another verb for the same configuration in a process of its own, beside the agent or without one; waits. */
    public Ended verb(String... words) throws IOException, InterruptedException {
        List<String> command = command("System.err");
        command.addAll(List.of(words));
        command.addAll(List.of("-c", configuration.toString()));
        Path errors = Files.createTempFile("tailrace-verb", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process run = builder.start();
            String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(run.waitFor(), printed, Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }

    /** How a Java with the options of the product is started; from a test, with the compiler of the tests. */
    public static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + house().resolve(Path.of("conf", "jvm.options")));
        String compiler = System.getProperty("tailrace.compiler", "");
        if (!compiler.isEmpty()) {
            command.add(compiler);
        }
        return command;
    }

    private static Path house() {
        return Path.of(System.getProperty("tailrace.house", "."));
    }

    /** @param log stream for log lines, where there is no distribution that decides it */
    private static List<String> command(String log, String... options) {
        List<String> command = new ArrayList<>();
        String distribution = System.getProperty("tailrace.home");
        if (distribution != null) {
            command.add(Path.of(distribution, "bin", "tailrace").toString());
        } else {
            command.addAll(java());
            command.add("-Dlogback.configurationFile=" + house().resolve(Path.of("conf", "logback.xml")));
            command.add("-Dtailrace.log.target=" + log);
            command.add("-Dtailrace.log.level=INFO");
            command.addAll(List.of(options));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.tailrace.cli.Main"));
        }
        return command;
    }

    public boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** The process id of the last start. */
    public long pid() {
        return last().pid();
    }

    /** How it ended: its exit code, 128 + the signal's number after a signal. */
    public int exitCode() {
        return last().exitValue();
    }

    /** What the last start wrote to standard output: its log. */
    public Path output() {
        return logs.resolve("agent-" + starts + ".out");
    }

    /** What the last start wrote to standard error: nothing when all is well. */
    public Path errors() {
        return logs.resolve("agent-" + starts + ".err");
    }

    /** Whether the process waits at a fail-point it was started with. */
    public boolean isAtFailpoint(String name) throws IOException {
        return Files.readString(errors(), StandardCharsets.UTF_8).contains("FAILPOINT " + name + "\n");
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() throws InterruptedException {
        last().destroyForcibly();
        awaitDeath();
    }

    /** SIGKILL, unless it was never started or is gone already. */
    public void killIfRunning() throws InterruptedException {
        if (isRunning()) {
            kill();
        }
    }

    /**
     * SIGTERM; returns when the process is gone.
     *
     * @return its exit code
     * @throws IllegalStateException when it does not end in time
     */
    public int stop() throws InterruptedException {
        last().destroy();
        awaitDeath();
        return exitCode();
    }

    private void awaitDeath() throws InterruptedException {
        if (!last().waitFor(DEATH.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the agent, process " + pid() + ", still runs after " + DEATH);
        }
    }

    private Process last() {
        Process last = process;
        if (last == null) {
            throw new IllegalStateException("the agent was never started");
        }
        return last;
    }

    /** Leaves nothing running, by SIGKILL when it has to; later starts fail. */
    @Override
    public synchronized void close() {
        closed = true;
        if (isRunning()) {
            last().destroyForcibly();
        }
    }
}
