package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is asked, when, and what becomes of the answers. What servers answer is in {@link EngineLinkContract}. */
class LinkWatchTest {
    private static final String ENGINE = "link-watch-test";
    private static final Duration PATIENCE = Duration.ofMillis(120);

    private final EngineLinks links = EngineLinks.of(ENGINE);
    private ServerSocket listener;
    private Socket link;

    @BeforeEach
    void connect() throws Exception {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        link = links.open();
        link.connect(listener.getLocalSocketAddress());
    }

    @AfterEach
    void close() throws Exception {
        links.cut();
        EngineLinks.forget(ENGINE);
        listener.close();
    }

    private void wait(Socket on) {
        Thread reader = new Thread(() -> {
            try {
                on.getInputStream().read(new byte[1]);
            } catch (IOException e) {
                // it is cut
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    private Optional<Finding> looks(LinkWatch.Server server, int times) {
        LinkWatch watch = new LinkWatch(links, server, PATIENCE);
        Optional<Finding> found = Optional.empty();
        for (int i = 0; i < times && found.isEmpty(); i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            found = watch.look();
        }
        return found;
    }

    /** @param sessions that were ended */
    private record Answering(Answer answer, List<Set<Long>> sessions) implements LinkWatch.Server {
        interface Answer {
            boolean to(Set<Long> sessions) throws SQLException;
        }

        Answering(Answer answer) {
            this(answer, new ArrayList<>());
        }

        @Override
        public boolean isWorkingFor(Set<Long> asked) throws SQLException {
            return answer.to(asked);
        }

        @Override
        public void end(Set<Long> ended) {
            sessions.add(ended);
        }
    }

    @Test
    void nobodyIsAskedWhileNothingWaits() {
        LinkWatch.Server server = new Answering(sessions -> {
            throw new AssertionError("asked");
        });
        assertThat(looks(server, 20)).isEmpty();
    }

    @Test
    void aServerThatWorksIsWaitedFor() {
        wait(link);
        assertThat(looks(new Answering(sessions -> true), 60)).isEmpty();
    }

    @Test
    void aServerThatWorksForNoneIsToldAsStuckAndEachIsAskedForByNumber() {
        links.begun(7);
        links.begun(8);
        links.ended(7);
        wait(link);
        Answering server = new Answering(sessions -> {
            assertThat(sessions).isEqualTo(Set.of(8L));
            return false;
        });
        assertThat(looks(server, 1000))
                .hasValueSatisfying(finding -> assertThat(finding.code()).isEqualTo("SOURCE-STUCK"));
        assertThat(server.sessions()).containsExactly(Set.of(8L));
    }

    @Test
    void aServerThatCannotBeAskedProvesNothingForLong() {
        wait(link);
        Answering silent = new Answering(sessions -> {
            throw new SQLException("too many connections", "53300");
        });
        assertThat(looks(silent, 20)).isEmpty();
        assertThat(looks(silent, 10_000)).hasValueSatisfying(finding -> {
            assertThat(finding.code()).isEqualTo("SOURCE-UNREACHABLE");
            assertThat(finding.severity()).isEqualTo(Finding.Severity.TRANSIENT);
        });
        assertThat(silent.sessions()).isEmpty();
    }
}
