package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The agent talks to nobody but its source, its targets and its admin port, and writes nothing outside its data directory. */
@ExtendWith(ServerExtension.class)
@EnabledOnOs(OS.LINUX)
abstract class Containment {

    @Test
    void talksAndWritesOnlyWhereItWasTold(SourceServer server, EmbeddedServer warehouses, @TempDir Path directory)
            throws Exception {
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        try (CrashRig rig = new CrashRig(server, warehouses, directory)) {
            rig.agent.start("-Djava.io.tmpdir=" + temporary);
            rig.awaitStreaming();
            Set<Integer> allowed = new HashSet<>(List.of(
                    server.port(),
                    warehouses.port(),
                    URI.create(rig.receiver.url()).getPort(),
                    rig.files.adminPort()));
            Set<Integer> talkedTo = new HashSet<>();
            List<String> written = new ArrayList<>();
            try (Traffic traffic = rig.load(Traffic.Plan.mixed(2, 5, Duration.ofMillis(5), 500))) {
                for (int look = 0; look < 20; look++) {
                    long before = rig.receiver.deliveries();
                    rig.await("more deliveries", () -> rig.receiver.deliveries() > before);
                    talkedTo.addAll(ports(rig.agent.pid()));
                    written.addAll(writtenFiles(rig.agent.pid()));
                }
                traffic.stop();
            }
            rig.verify();
            assertThat(talkedTo).isNotEmpty().isSubsetOf(allowed);
            assertThat(written)
                    .isNotEmpty()
                    .allMatch(file -> file.startsWith(rig.files.data().toString())
                            || file.startsWith(rig.files.logs() + "/agent-"));
            assertThat(rig.agent.stop()).as(rig.logs()).isIn(0, 143);
            assertThat(Files.readString(rig.agent.errors())).as("warnings").isEmpty();
            assertThat(files(rig.files.logs().resolve("home"))).isEmpty();
            assertThat(files(temporary)).isEmpty();
            assertThat(files(rig.files.directory()).stream()
                            .filter(file -> !file.startsWith(rig.files.data()) && !file.startsWith(rig.files.logs())))
                    .containsExactly(rig.files.configuration());
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    /** Ports of the other side of each connection; the own port where it listens or was called. */
    private static Set<Integer> ports(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        for (String link : links(pid)) {
            if (link.startsWith("socket:[")) {
                inodes.add(link.substring(8, link.length() - 1));
            }
        }
        Set<Integer> ports = new HashSet<>();
        Set<Integer> listening = new HashSet<>();
        List<int[]> connections = new ArrayList<>();
        for (String family : new String[] {"tcp", "tcp6", "udp", "udp6"}) {
            List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", family));
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.trim().split("\\s+");
                if (!inodes.contains(fields[9])) {
                    continue;
                }
                int local = port(fields[1]);
                int remote = port(fields[2]);
                if (remote == 0) {
                    listening.add(local);
                } else {
                    connections.add(new int[] {local, remote});
                }
            }
        }
        ports.addAll(listening);
        for (int[] connection : connections) {
            ports.add(listening.contains(connection[0]) ? connection[0] : connection[1]);
        }
        return ports;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    /** Regular files that are open for writing or mapped so. */
    private static List<String> writtenFiles(long pid) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path fd : found.toList()) {
                String link = link(fd);
                if (link.startsWith("/") && !link.startsWith("/dev/") && isWritable(pid, fd)) {
                    files.add(link);
                }
            }
        }
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(pid), "maps"))) {
            maps.map(line -> line.trim().split("\\s+", 6))
                    .filter(fields -> fields.length == 6 && fields[1].equals("rw-s"))
                    .forEach(fields -> files.add(fields[5]));
        }
        return files;
    }

    /** Not when it was closed a moment ago, maybe while we read. */
    private static boolean isWritable(long pid, Path fd) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(
                    "/proc", Long.toString(pid), "fdinfo", fd.getFileName().toString()));
        } catch (IOException e) {
            return false;
        }
        for (String line : lines) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring(6).trim(), 8) & 3) != 0;
            }
        }
        return false;
    }

    private static List<String> links(long pid) throws IOException {
        List<String> links = new ArrayList<>();
        try (Stream<Path> found = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path fd : found.toList()) {
                links.add(link(fd));
            }
        }
        return links;
    }

    /** Empty when it was closed a moment ago. */
    private static String link(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
