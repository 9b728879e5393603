package dev.tailrace.journal;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableSchema;

/**
 * The durable form of one change together with the shape of its table: what is kept of it outlives the frames it came
 * from. One thread.
 */
public final class EventCodec {
    private static final int VERSION = 1;

    private final FrameOutput out = new FrameOutput();

    public byte[] encode(ChangeEvent event) {
        out.reset();
        out.u8(VERSION);
        long length = out.reserve();
        SchemaCodec.write(out, event.schema());
        out.patch(length);
        OffsetCodec.writePosition(out, event.position());
        TransactionCodec.writeEvent(out, event, event.position());
        return out.toByteArray();
    }

    /** @throws IllegalStateException when the bytes are no whole change, or of a release that is newer than this one */
    public ChangeEvent decode(byte[] bytes) {
        FrameInput in = input(bytes);
        int version = in.u8();
        if (version != VERSION) {
            throw new IllegalStateException("a change in form " + version + ", which this release does not know");
        }
        TableSchema schema = SchemaCodec.read(input(in.raw(in.i32()))); // ends where its own bytes end
        SourcePosition position = OffsetCodec.readPosition(in);
        int id = TransactionCodec.schemaId(in);
        if (id != schema.id()) {
            throw new IllegalStateException("a change of schema " + id + " beside schema " + schema.id());
        }
        return TransactionCodec.readEvent(in, schema, position);
    }

    private static FrameInput input(byte[] bytes) {
        FrameInput in = new FrameInput(0);
        in.add(bytes);
        return in;
    }
}
