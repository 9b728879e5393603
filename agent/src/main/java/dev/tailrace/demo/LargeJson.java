package dev.tailrace.demo;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;

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
}
