package dev.tailrace.journal;

import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The durable form of one present value that is not null. What is encoded here is decoded by every later version: a
 * change needs a new tag or a new format number, and a golden file.
 */
final class ValueCodec {
    private static final int DECIMAL_LONG = 0;
    private static final int DECIMAL_BIG = 1;
    private static final int DECIMAL_SPECIAL = 2;
    private static final int ELEMENT_NULL = 0;
    private static final int ELEMENT_SCALAR = 1;
    private static final int ELEMENT_LIST = 2;
    /** Before the elements of a {@link BoundedArray}. */
    private static final int BOUNDS = 3;

    private ValueCodec() {}

    /** @throws ClassCastException when the value has not the class its type names: refused before a byte is written (I7) */
    static void write(FrameOutput out, Column column, Object value) {
        if (column.valueType() == ValueType.ARRAY) {
            writeList(out, elementType(column), (List<?>) value);
        } else {
            writeScalar(out, column.valueType(), value);
        }
    }

    static Object read(FrameInput in, Column column) {
        return column.valueType() == ValueType.ARRAY
                ? readList(in, elementType(column))
                : readScalar(in, column.valueType());
    }

    private static ValueType elementType(Column column) {
        ValueType type = column.elementType();
        if (type == null || type == ValueType.ARRAY) {
            throw new IllegalStateException("column " + column.name() + " is an array of " + type);
        }
        return type;
    }

    private static void writeScalar(FrameOutput out, ValueType type, Object value) {
        switch (type) {
            case BOOLEAN -> out.u8((Boolean) value ? 1 : 0);
            case INT16 -> out.zigzag((Short) value);
            case INT32, DATE -> out.zigzag((Integer) value);
            case INT64, TIME, TIMESTAMP, TIMESTAMPTZ -> out.zigzag((Long) value);
            case FLOAT32 -> out.i32(Float.floatToRawIntBits((Float) value));
            case FLOAT64 -> out.i64(Double.doubleToRawLongBits((Double) value));
            case DECIMAL -> writeDecimal(out, value);
            case TEXT -> out.string((String) value);
            case BYTES -> out.bytes((byte[]) value);
            case BITS -> writeBits(out, (String) value);
            case ARRAY -> throw new IllegalStateException("an array is no scalar");
        }
    }

    private static Object readScalar(FrameInput in, ValueType type) {
        return switch (type) {
            case BOOLEAN -> in.u8() != 0;
            case INT16 -> (short) in.zigzag();
            case INT32, DATE -> (int) in.zigzag();
            case INT64, TIME, TIMESTAMP, TIMESTAMPTZ -> in.zigzag();
            case FLOAT32 -> Float.intBitsToFloat(in.i32());
            case FLOAT64 -> Double.longBitsToDouble(in.i64());
            case DECIMAL -> readDecimal(in);
            case TEXT -> in.string();
            case BYTES -> in.bytes();
            case BITS -> readBits(in);
            case ARRAY -> throw new IllegalStateException("an array is no scalar");
        };
    }

    private static void writeDecimal(FrameOutput out, Object value) {
        if (value instanceof Double special) {
            if (Double.isFinite(special)) {
                throw new ClassCastException("a finite decimal is a BigDecimal");
            }
            out.u8(DECIMAL_SPECIAL);
            out.i64(Double.doubleToLongBits(special));
            return;
        }
        BigDecimal decimal = (BigDecimal) value;
        BigInteger unscaled = decimal.unscaledValue();
        if (unscaled.bitLength() < Long.SIZE) {
            out.u8(DECIMAL_LONG);
            out.zigzag(decimal.scale());
            out.zigzag(unscaled.longValue());
        } else {
            out.u8(DECIMAL_BIG);
            out.zigzag(decimal.scale());
            out.bytes(unscaled.toByteArray());
        }
    }

    private static Object readDecimal(FrameInput in) {
        int tag = in.u8();
        return switch (tag) {
            case DECIMAL_LONG -> {
                int scale = (int) in.zigzag();
                yield BigDecimal.valueOf(in.zigzag(), scale);
            }
            case DECIMAL_BIG -> {
                int scale = (int) in.zigzag();
                yield new BigDecimal(new BigInteger(in.bytes()), scale);
            }
            case DECIMAL_SPECIAL -> Double.longBitsToDouble(in.i64());
            default -> throw new IllegalStateException("unknown form of a decimal: " + tag);
        };
    }

    private static void writeBits(FrameOutput out, String bits) {
        out.varint(bits.length());
        for (int from = 0; from < bits.length(); from += 8) {
            int packed = 0;
            for (int i = from; i < Math.min(from + 8, bits.length()); i++) {
                char bit = bits.charAt(i);
                if (bit != '0' && bit != '1') {
                    throw new ClassCastException("a bit string holds only 0 and 1");
                }
                packed |= (bit - '0') << (7 - (i - from));
            }
            out.u8(packed);
        }
    }

    private static String readBits(FrameInput in) {
        long length = in.varint();
        if (length < 0 || length > 8 * (in.size() - in.position())) {
            throw new IllegalStateException("a length in the frame is too large: " + length);
        }
        char[] bits = new char[(int) length];
        int packed = 0;
        for (int i = 0; i < bits.length; i++) {
            if (i % 8 == 0) {
                packed = in.u8();
            }
            bits[i] = (char) ('0' + (packed >> (7 - i % 8) & 1));
        }
        return new String(bits);
    }

    private static void writeList(FrameOutput out, ValueType type, List<?> list) {
        out.varint(list.size());
        if (list instanceof BoundedArray array) {
            // An empty array has no bounds, so there is an element that this stands in front of.
            out.u8(BOUNDS);
            out.string(array.bounds());
        }
        for (Object element : list) {
            if (element == null) {
                out.u8(ELEMENT_NULL);
            } else if (element instanceof List<?> nested) {
                out.u8(ELEMENT_LIST);
                writeList(out, type, nested);
            } else {
                out.u8(ELEMENT_SCALAR);
                writeScalar(out, type, element);
            }
        }
    }

    private static List<@Nullable Object> readList(FrameInput in, ValueType type) {
        int size = in.count();
        List<@Nullable Object> list = new ArrayList<>(size);
        String bounds = null;
        for (int i = 0; i < size; i++) {
            int tag = in.u8();
            if (tag == BOUNDS) {
                bounds = in.string();
                tag = in.u8();
            }
            switch (tag) {
                case ELEMENT_NULL -> list.add(null);
                case ELEMENT_SCALAR -> list.add(readScalar(in, type));
                case ELEMENT_LIST -> list.add(readList(in, type));
                default -> throw new IllegalStateException("unknown form of an array element: " + tag);
            }
        }
        List<@Nullable Object> elements = Collections.unmodifiableList(list);
        return bounds == null ? elements : new BoundedArray(bounds, elements);
    }
}
