package dev.tailrace.demo;

import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.AdminSettings;
import dev.tailrace.admin.StatusReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An agent in a process of its own with any number of JDBC sinks and nothing else. One thread. */
final class WaysAgent implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    final AgentProcess process;
    private final int adminPort;
    private final Path configuration;

    /**
     * @param source lines of the {@code source} mapping
     * @param sinks lines of each sink; their names come first
     */
    WaysAgent(Path directory, List<String> source, List<List<String>> sinks) throws IOException {
        this("ways", directory, source, sinks);
    }

    /** The same by another name, which its replication slot bears too. */
    WaysAgent(String name, Path directory, List<String> source, List<List<String>> sinks) throws IOException {
        adminPort = AgentFiles.freePort();
        StringBuilder text =
                new StringBuilder("name: " + name + "\ndata-dir: " + directory.resolve("data") + "\nsource:\n");
        source.forEach(line -> text.append("  ").append(line).append('\n'));
        text.append("journal: {max-size: 1GiB, reserve: 64MiB}\nsinks:\n");
        for (List<String> sink : sinks) {
            text.append("  - type: jdbc\n");
            sink.forEach(line -> text.append("    ").append(line).append('\n'));
        }
        text.append("admin: {listen: \"127.0.0.1:").append(adminPort).append("\"}\n");
        configuration = directory.resolve("tailrace.yaml");
        Files.writeString(configuration, text);
        process = new AgentProcess(configuration, directory.resolve("logs"));
    }

    /** Waits; a dead agent ends the waiting. */
    void await(String what, Await.Condition condition) throws Exception {
        try {
            Await.until(what, PATIENCE, () -> {
                if (!process.isRunning()) {
                    throw new AssertionError("the agent ended by itself with " + process.exitCode());
                }
                return condition.holds();
            });
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\n" + Files.readString(process.output()) + Files.readString(process.errors()), e);
        }
    }

    /** Waits for that row of the table {@code fence} at each of them; a halted sink ends the waiting. */
    void awaitFence(List<TypesTarget> targets, int number) throws Exception {
        for (TypesTarget target : targets) {
            await("fence " + number + " in " + target.name(), () -> {
                requireUnhalted();
                return target.isTaken() && target.column("id", "fence").contains(String.valueOf(number));
            });
        }
    }

    /** A halted sink ends the waiting. */
    void requireUnhalted() {
        StatusReport status;
        try {
            status = status();
        } catch (AdminException e) {
            return; // it does not answer yet
        }
        for (StatusReport.SinkPart sink : status.sinks()) {
            if (sink.state().equals("halted")) {
                throw new AssertionError("sink " + sink.name() + " is halted: " + sink.lastError());
            }
        }
    }

    /** Runs a verb in a process of its own, beside the agent or without one; gives what it printed. */
    String verb(String... words) throws Exception {
        AgentProcess.Ended ended = process.verb(words);
        if (ended.exitCode() != 0) {
            throw new AssertionError(
                    List.of(words) + " ended with " + ended.exitCode() + ": " + ended.printed() + ended.errors());
        }
        return ended.printed();
    }

    /** Waits until the target's sink has set a change aside, which it did with that code. */
    void awaitSetAside(TypesTarget target, String code) throws Exception {
        await(target.title() + " sets a change aside", () -> sink(target.name()).parkedKeys() > 0);
        String letters = verb("dlq", "list", "--sink", target.name());
        if (!letters.contains(code)) {
            throw new AssertionError("no " + code + " among what " + target.title() + " has set aside: " + letters);
        }
    }

    /** Whether it can be asked. */
    boolean answers() {
        try {
            status();
            return true;
        } catch (AdminException e) {
            return false;
        }
    }

    /** Lets a held table go on; false when it is not held, or nobody answers. */
    boolean approve(String sink, String table) {
        try {
            return AdminClient.approve(new AdminSettings("127.0.0.1", adminPort, Optional.empty()), sink, table);
        } catch (AdminException e) {
            return false;
        }
    }

    private StatusReport status() throws AdminException {
        return AdminClient.status(new AdminSettings("127.0.0.1", adminPort, Optional.empty()));
    }

    String sourceState() throws Exception {
        return status().source().state();
    }

    StatusReport.SinkPart sink(String name) throws Exception {
        return status().sinks().stream()
                .filter(sink -> sink.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    boolean isHeld(String sink, String table) throws Exception {
        return answers()
                && sink(sink).held().stream().anyMatch(held -> held.table().equals(table));
    }

    /** A sink that was not opened yet does not know what it holds. */
    boolean holdsNothing() {
        try {
            List<StatusReport.SinkPart> sinks = status().sinks();
            return !sinks.isEmpty()
                    && sinks.stream()
                            .allMatch(sink -> sink.state().equals("running")
                                    && sink.held().isEmpty());
        } catch (AdminException e) {
            return false; // it does not answer yet
        }
    }

    String metrics() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() throws Exception {
        process.killIfRunning();
        process.close();
    }
}
