package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.admin.StatusJson;
import dev.tailrace.admin.StatusReport;
import dev.tailrace.admin.StatusReport.SinkPart;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SmallDisk;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process fills the file system of the data directory under load (I1, I4, I8): capture stops and says why, the sinks
 * get what is journaled, and when there is room again it goes on without help; also when the agent is killed meanwhile and
 * started on the full disk.
 */
@ExtendWith(ServerExtension.class)
abstract class FullDisk {
    private static final List<String> JOURNAL = List.of("max-size: 1GiB", "reserve: 24MiB");
    private static final String FILLER = "filler";

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void filledFromOutsideUnderLoad(SourceServer server, EmbeddedServer warehouses, @TempDir Path directory)
            throws Exception {
        try (CrashRig rig = new CrashRig(server, warehouses, directory, warehouses.port(), JOURNAL);
                SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.EXT4, rig.files.data(), 200)) {
            disk.bind(rig.files.archive(), rig.files.directory().resolve("elsewhere"));
            try {
                fill(rig, disk);
                rig.verify();
                assertThat(rig.agent.stop()).as(rig.logs()).isIn(0, 143);
            } finally {
                rig.agent.killIfRunning();
            }
        }
    }

    private void fill(CrashRig rig, SmallDisk disk) throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        try (Traffic traffic = rig.load(Traffic.Plan.mixed(2, 7, Duration.ofMillis(5), 300))) {
            rig.await("changes at the receiver", () -> rig.receiver.deliveries() > 500);
            awaitBlocked(rig, disk);
            rig.await("every sink has what is journaled", () -> isDrained(status(rig)));
            // the supervisor looks twice a second
            rig.await("the status says so", () -> status(rig).journal().level().equals("waiting"));
            assertThat(status(rig).warnings())
                    .extracting(StatusReport.Problem::code)
                    .contains("JOURNAL-DISK-LOW");
            long captured = rig.captured();
            awaitMoreAtTheSource(rig);
            assertThat(rig.captured()).as("nothing is taken from the source").isEqualTo(captured);
            disk.free(FILLER);
            rig.await("the source is told of progress again", () -> rig.captured() > captured);
            assertThat(get(rig, "/readyz").statusCode()).isEqualTo(200);

            awaitBlocked(rig, disk);
            rig.agent.kill();
            disk.fill(FILLER);
            rig.agent.start();
            rig.await(
                    "the agent says why it waits",
                    () -> Files.readString(rig.agent.output()).contains("JOURNAL-DISK-FULL"));
            awaitMoreAtTheSource(rig);
            disk.free(FILLER);
            rig.awaitStreaming();
            traffic.stop();
        }
    }

    /** Fills whatever becomes free, by history that is given up, until capture waits. */
    private void awaitBlocked(CrashRig rig, SmallDisk disk) throws Exception {
        rig.await("capture waits for room", () -> {
            disk.fill(FILLER);
            return status(rig).source().state().equals("blocked");
        });
        assertThat(status(rig).source().lastError().code()).isEqualTo("JOURNAL-DISK-RESERVE");
        assertThat(get(rig, "/livez").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = get(rig, "/readyz");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("source is blocked", "JOURNAL-DISK-RESERVE");
    }

    private static void awaitMoreAtTheSource(CrashRig rig) throws Exception {
        long written = rig.shop.written();
        rig.await("the source goes on", () -> rig.shop.written() > written + 200_000);
    }

    private static boolean isDrained(StatusReport status) {
        return status.sinks().stream().allMatch(sink -> sink.pendingEvents() == 0 && isRunning(sink));
    }

    private static boolean isRunning(SinkPart sink) {
        return sink.state().equals("running");
    }

    private StatusReport status(CrashRig rig) throws IOException, InterruptedException {
        return StatusJson.read(get(rig, "/api/status").body());
    }

    private HttpResponse<String> get(CrashRig rig, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + rig.files.adminPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
