package dev.tailrace.journal;

import dev.tailrace.event.SourcePosition;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The durable forms of source positions, source offsets and maps of text. */
final class OffsetCodec {
    private static final int LONG = 0;
    private static final int STRING = 1;
    private static final int BOOLEAN = 2;

    private OffsetCodec() {}

    static void writePosition(FrameOutput out, SourcePosition position) {
        out.string(position.source());
        out.zigzag(position.log());
        out.zigzag(position.offset());
    }

    static SourcePosition readPosition(FrameInput in) {
        String source = in.string();
        long log = in.zigzag();
        return new SourcePosition(source, log, in.zigzag());
    }

    /** A position as its distance from another one, which is mostly short. */
    static void writeNear(FrameOutput out, SourcePosition position, SourcePosition base) {
        boolean same = position.source().equals(base.source());
        out.u8(same ? 1 : 0);
        if (!same) {
            writePosition(out, position);
            return;
        }
        out.zigzag(position.log() - base.log());
        out.zigzag(position.offset() - base.offset());
    }

    static SourcePosition readNear(FrameInput in, SourcePosition base) {
        if (in.u8() == 0) {
            return readPosition(in);
        }
        long log = base.log() + in.zigzag();
        return new SourcePosition(base.source(), log, base.offset() + in.zigzag());
    }

    static void writeOffset(FrameOutput out, @Nullable SourceOffset offset) {
        out.u8(offset == null ? 0 : 1);
        if (offset == null) {
            return;
        }
        writePosition(out, offset.position());
        out.varint(offset.attributes().size());
        for (Map.Entry<String, Object> entry : new TreeMap<>(offset.attributes()).entrySet()) {
            out.string(entry.getKey());
            Object value = entry.getValue();
            if (value instanceof Long number) {
                out.u8(LONG);
                out.zigzag(number);
            } else if (value instanceof Boolean flag) {
                out.u8(BOOLEAN);
                out.u8(flag ? 1 : 0);
            } else {
                out.u8(STRING);
                out.string((String) value);
            }
        }
    }

    static @Nullable SourceOffset readOffset(FrameInput in) {
        if (in.u8() == 0) {
            return null;
        }
        SourcePosition position = readPosition(in);
        int size = in.count();
        Map<String, Object> attributes = new HashMap<>();
        for (int i = 0; i < size; i++) {
            String key = in.string();
            int tag = in.u8();
            attributes.put(
                    key,
                    switch (tag) {
                        case LONG -> in.zigzag();
                        case STRING -> in.string();
                        case BOOLEAN -> in.u8() != 0;
                        default -> throw new IllegalStateException("unknown form of an offset attribute: " + tag);
                    });
        }
        return new SourceOffset(position, attributes);
    }

    static void writeMap(FrameOutput out, Map<String, String> map) {
        out.varint(map.size());
        for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
            out.string(entry.getKey());
            out.string(entry.getValue());
        }
    }

    static Map<String, String> readMap(FrameInput in) {
        int size = in.count();
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < size; i++) {
            String key = in.string();
            map.put(key, in.string());
        }
        return map;
    }
}
