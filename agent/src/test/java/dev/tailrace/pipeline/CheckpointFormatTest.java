package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bytes of the checkpoint file, written down: every later version reads them. A test that fails here means a new version
 * number, never a new golden file for an old one.
 */
class CheckpointFormatTest {
    private static final StoredCheckpoint STORED = new StoredCheckpoint(
            "5f0c6c1e-6a51-4c1f-9d2a-0c6f3d1e2b4a",
            Long.MAX_VALUE,
            "0f1e2d3c4b5a6978",
            4711,
            "fedcba9876543210",
            "0/16B3748 of sn\u00e4pshot, part 3");

    @TempDir
    Path directory;

    private CheckpointStore store;

    @BeforeEach
    void create() {
        store = new CheckpointStore(directory, "archive");
    }

    @Test
    void versionTwoIsWhatItWas() throws IOException {
        store.store(STORED);
        assertThat(store.file()).isEqualTo(directory.resolve("archive.checkpoint"));
        assertThat(Files.readAllBytes(store.file())).isEqualTo(golden());
    }

    @Test
    void versionTwoIsStillRead() throws IOException {
        Files.write(store.file(), golden());
        assertThat(store.load()).contains(STORED);
    }

    @Test
    void versionOneIsStillRead() throws IOException {
        Files.write(store.file(), golden("checkpoint-1.txt"));
        assertThat(store.load())
                .contains(new StoredCheckpoint(
                        STORED.journal(), STORED.passed(), "", STORED.target(), "", STORED.position()));
    }

    @Test
    void everyFlippedByteIsFound() throws IOException {
        for (int at = 0; at < golden().length; at++) {
            byte[] bytes = golden();
            bytes[at] ^= 1;
            Files.write(store.file(), bytes);
            assertDamaged("byte " + at);
        }
    }

    @Test
    void everyShorterFileIsFound() throws IOException {
        for (int length = 0; length < golden().length; length++) {
            Files.write(store.file(), java.util.Arrays.copyOf(golden(), length));
            assertDamaged("length " + length);
        }
    }

    @Test
    void aNewerVersionIsNamed() throws IOException {
        String newer =
                new String(golden(), StandardCharsets.UTF_8).replace("tailrace-checkpoint 2", "tailrace-checkpoint 3");
        Files.writeString(store.file(), newer);
        assertThatThrownBy(store::load).hasMessageContaining("newer version: tailrace-checkpoint 3");
    }

    private void assertDamaged(String what) {
        assertThatThrownBy(store::load).as(what).isInstanceOf(CheckpointStore.DamagedCheckpointException.class);
    }

    private static byte[] golden() throws IOException {
        return golden("checkpoint-2.txt");
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = CheckpointFormatTest.class.getResourceAsStream(name)) {
            assertThat(in).as("golden file").isNotNull();
            return in.readAllBytes();
        }
    }
}
