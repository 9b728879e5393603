package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.AgentProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of these tests in a process of its own, with the product's options, so that it can be killed for real. */
final class ChildProcess {
    private ChildProcess() {}

    /** Starts it and sends SIGKILL when it has reached that hit of the fail-point. */
    static void killAt(String failpoint, int hit, Class<?> program, Path directory) throws Exception {
        Process killed = start("-Dtailrace.failpoints=" + failpoint + "=hold@" + hit, program, directory);
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = killed.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.contains("FAILPOINT " + failpoint)) {
                output.append(line).append('\n');
                line = lines.readLine();
            }
            assertThat(line).as("the fail-point is reached: %s", output).isNotNull();
        } finally {
            killed.destroyForcibly().waitFor();
        }
    }

    /** Starts it, waits for its end and expects exit code 0. */
    static void run(Class<?> program, Path directory) throws Exception {
        Process process = start("-Dnone", program, directory);
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static Process start(String option, Class<?> program, Path directory) throws IOException {
        List<String> command = AgentProcess.java();
        command.addAll(
                List.of(option, "-cp", System.getProperty("java.class.path"), program.getName(), directory.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
