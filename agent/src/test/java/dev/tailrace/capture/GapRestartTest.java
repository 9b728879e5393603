package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.capture.postgres.SourceServer;
import dev.tailrace.config.DataSize;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.journal.Journals;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gap that a snapshot mends stays known until the snapshot has begun (I9). */
class GapRestartTest {
    @TempDir
    Path directory;

    @Test
    void aStartThatDiesBehindItsMarkerDoesNotForgetTheGap() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY)", "INSERT INTO item VALUES (1)");
        SourceDefinition settings = source.definition(SnapshotMode.WHEN_NEEDED, "public.*");
        try (CaptureRig rig = CaptureRig.start(settings, directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), () -> rig.snapshot().size() == 1);
        }
        source.run("DROP PUBLICATION \"" + source.slot() + "\"", "INSERT INTO item VALUES (2)");

        JournalSettings sizes = new JournalSettings(
                Duration.ofDays(1), DataSize.ofGibibytes(4), DataSize.ofMebibytes(16), DataSize.ofMebibytes(64));
        try (DataDirectory claimed = DataDirectory.claim(directory, Instant.now());
                Journal journal = Journals.open(claimed, sizes, InstantSource.system())) {
            EngineStarter starter = new EngineStarter(
                    settings,
                    dyingAfterItsFirstForce(journal),
                    new SpaceGate(journal),
                    (table, events) -> {},
                    InstantSource.system());
            assertThatThrownBy(starter::start).isInstanceOf(JournalException.class);
        }
        try (CaptureRig rig = CaptureRig.start(settings, directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.snapshot().stream()
                            .anyMatch(event ->
                                    event.after() != null && Integer.valueOf(2).equals(CaptureRig.after(event, "id"))));
            assertThat(rig.changes()).isEmpty();
        }
    }

    private static Journal dyingAfterItsFirstForce(Journal journal) {
        JournalAppender appender = proxy(JournalAppender.class, journal.appender(), "force");
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(),
                new Class<?>[] {Journal.class},
                (proxy, method, arguments) ->
                        method.getName().equals("appender") ? appender : method.invoke(journal, arguments));
    }

    private static <T> T proxy(Class<T> type, T real, String dying) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            try {
                Object result = method.invoke(real, args);
                if (method.getName().equals(dying)) {
                    throw new JournalException("JOURNAL-IO", "the end of this start", "", true, null);
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
