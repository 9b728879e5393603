package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.Space;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTest {
    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY, body text)");
    }

    @Test
    void startsBeforeItsSourceTakesConnections() throws Exception {
        SourceServer other = SourceServer.newDatabase();
        other.run("ALTER DATABASE " + source.database() + " ALLOW_CONNECTIONS false");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.WAITING);
            assertThat(rig.status().lastError()).isNotNull();
            other.run("ALTER DATABASE " + source.database() + " ALLOW_CONNECTIONS true");
            rig.awaitState(State.STREAMING);
            assertThat(rig.status().lastError()).isNull();
        }
    }

    @Test
    void haltsOnALoginThatIsRefused() throws Exception {
        try (CaptureRig rig = CaptureRig.start(
                source.definition("nobody", "hush", SourceSettings.SnapshotMode.INITIAL, "public.*"), directory)) {
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-LOGIN-REFUSED");
            assertThat(rig.status().toString()).doesNotContain("hush");
        }
    }

    @Test
    void waitsWhileTheJournalMayNotGrow() throws Exception {
        AtomicReference<Space> space = new AtomicReference<>(Space.AVAILABLE);
        try (CaptureRig rig = CaptureRig.start(
                source.definition("public.*"),
                directory,
                journal -> intercept(
                        Journal.class, journal, (method, go) -> method.equals("space") ? space.get() : go.call()))) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            space.set(Space.BUDGET_USED);
            source.run("INSERT INTO item VALUES (2, 'b')");
            rig.awaitState(State.BLOCKED);
            assertThat(rig.changes()).hasSize(1);
            assertThat(rig.status().lastError().code()).isEqualTo("JOURNAL-BUDGET-USED");
            space.set(Space.AVAILABLE);
            assertThat(rig.awaitChanges(2)).hasSize(2);
            space.set(Space.DISK_RESERVE);
            rig.awaitState(State.BLOCKED); // by the next heartbeat; and closing ends the wait
        }
    }

    /** The engine drops a batch whose handler asks it to try again. */
    @Test
    void losesNothingWhenABatchFailsInAWayThatTheEngineWouldRetry() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory, journal -> {
            // what a batch alone does: watches ask the journal, too
            JournalAppender busy = intercept(JournalAppender.class, journal.appender(), (method, go) -> {
                if (method.equals("force") && failing.compareAndSet(true, false)) {
                    throw new RetriableException("not now");
                }
                return go.call();
            });
            return intercept(Journal.class, journal, (method, go) -> method.equals("appender") ? busy : go.call());
        })) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            failing.set(true);
            source.run("INSERT INTO item VALUES (2, 'b')");
            Eventually.await(() -> rig.status().toString(), () -> !failing.get());
            source.run("INSERT INTO item VALUES (3, 'c')");
            assertThat(rig.awaitChanges(3))
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(1, 2, 3);
        }
    }

    @Test
    void haltsWhenTheJournalFailsForGoodAndConfirmsNothing() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory, journal -> {
            JournalAppender failing = intercept(JournalAppender.class, journal.appender(), (method, go) -> {
                if (method.equals("force") && broken.get()) {
                    throw new JournalException("JOURNAL-IO", "the disk is gone", "", true, null);
                }
                return go.call();
            });
            return intercept(Journal.class, journal, (method, go) -> method.equals("appender") ? failing : go.call());
        })) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            broken.set(true);
            source.run("INSERT INTO item VALUES (2, 'b')");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("JOURNAL-IO");
            long durable = rig.journal()
                    .durableTail()
                    .offset()
                    .orElseThrow()
                    .position()
                    .offset();
            assertThat(Long.compareUnsigned(source.confirmedLsn(), durable)).isLessThanOrEqualTo(0);
        }
    }

    /** A row far beyond any buffer, with the product's own heap. */
    @Test
    void carriesARowOfFiftyMegabytes() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, repeat('0123456789', 5000000))");
            assertThat((String) CaptureRig.after(rig.awaitChanges(1).get(0), "body"))
                    .hasSize(50_000_000);
        }
    }

    private interface Call {
        Object call() throws Exception;
    }

    private interface Interception {
        Object call(String method, Call go) throws Exception;
    }

    private static <T> T intercept(Class<T> type, T target, Interception interception) {
        InvocationHandler handler = (proxy, method, arguments) -> interception.call(method.getName(), () -> {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        });
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
