package dev.tailrace.demo;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/** Reads JSON whose values may be as large as a row of the source. Thread-safe. */
final class LargeJson {
    static final ObjectMapper MAPPER = new ObjectMapper();

    static {
        StreamReadConstraints.Builder limits = StreamReadConstraints.builder();
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        limits.maxStringLength(Integer.MAX_VALUE).build());
    }

    private LargeJson() {}

    /** Tells contents apart without keeping them: their length and checksum. */
    static long digest(JsonNode content) throws IOException {
        CRC32C crc = new CRC32C();
        long[] length = new long[1];
        MAPPER.writeValue(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        crc.update(b);
                        length[0]++;
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int count) {
                        crc.update(bytes, offset, count);
                        length[0] += count;
                    }
                },
                content);
        return length[0] << 32 | crc.getValue();
    }
}
