package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonBinary;
import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonFormatter;
import java.io.IOException;

/** The server's binary JSON, with the times of day below zero that the library reads as other ones. */
final class ServerJson extends JsonBinary {
    private static final int MICROS_BITS = 24;

    ServerJson(byte[] binary) {
        super(binary);
    }

    @Override
    protected void parseTime(JsonFormatter formatter) throws IOException {
        long packed = readInt64();
        long size = Math.abs(packed);
        long time = size >> MICROS_BITS;
        ((JsonText) formatter)
                .time(packed < 0, (int) (time >> 12 & 0x3ff), (int) (time >> 6 & 0x3f), (int) (time & 0x3f), (int)
                        (size & 0xffffff));
    }
}
