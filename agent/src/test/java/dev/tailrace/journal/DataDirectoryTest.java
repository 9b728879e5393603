package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One owner, and only where a journal can be durable (I6). */
class DataDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void isLaidOutAndGivenUp() throws JournalException {
        Path path = directory.resolve("a/b");
        for (int i = 0; i < 2; i++) {
            try (DataDirectory claimed = DataDirectory.claim(path, Instant.EPOCH)) {
                assertThat(claimed.journal()).isDirectory();
                assertThat(claimed.checkpoints()).isDirectory();
                assertThat(claimed.sink("warehouse")).isDirectory().isEqualTo(path.resolve("sinks/warehouse"));
            }
        }
    }

    @Test
    void staleLockFileIsNoObstacle() throws JournalException, IOException {
        Files.writeString(directory.resolve("lock"), "pid=1\nstarted=1970-01-01T00:00:00Z\n");
        try (DataDirectory claimed = DataDirectory.claim(directory, Instant.EPOCH)) {
            assertThat(Files.readString(claimed.path().resolve("lock")))
                    .contains("pid=" + ProcessHandle.current().pid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph"})
    void networkFileSystemsAreRefused(String type) {
        assertThatThrownBy(() -> DataDirectory.refuseNetwork(directory, type))
                .isInstanceOfSatisfying(JournalException.class, e -> {
                    assertThat(e.code()).isEqualTo("JOURNAL-NETWORK-FS");
                    assertThat(e).hasMessageContaining(type);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, JOURNAL-DISK-FULL",
        "Read-only file system, JOURNAL-READ-ONLY",
        "Permission denied, JOURNAL-READ-ONLY",
        "Input/output error, JOURNAL-IO"
    })
    void whatTheFileSystemAnswersHasACode(String answer, String code) {
        JournalException e = DataDirectory.describe(directory, new IOException(answer));
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.remedy()).isNotEmpty();
    }

    @Test
    void fullFileSystemIsRefused() {
        assertThatThrownBy(() -> DataDirectory.refuseFull(directory, 4096))
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.code()).isEqualTo("JOURNAL-DISK-FULL"));
    }

    @Test
    void pathThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> DataDirectory.claim(file, Instant.EPOCH))
                .isInstanceOfSatisfying(
                        JournalException.class, e -> assertThat(e.code()).isEqualTo("JOURNAL-IO"));
    }
}
