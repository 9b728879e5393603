package dev.tailrace.demo;

import java.nio.ByteBuffer;

/**
 * A table as its binary log describes it before rows of it: enough to find where one row's image ends and the next begins.
 *
 * @param types one byte a column
 * @param metadata a number a column, in the order of the types
 */
record BinlogTable(String database, String name, byte[] types, int[] metadata) {
    private static final int TINY = 1;
    private static final int SHORT = 2;
    private static final int LONG = 3;
    private static final int FLOAT = 4;
    private static final int DOUBLE = 5;
    private static final int LONGLONG = 8;
    private static final int INT24 = 9;
    private static final int DATE = 10;
    private static final int YEAR = 13;
    private static final int VARCHAR = 15;
    private static final int BIT = 16;
    private static final int TIMESTAMP2 = 17;
    private static final int DATETIME2 = 18;
    private static final int TIME2 = 19;
    private static final int VECTOR = 242;
    private static final int JSON = 245;
    private static final int NEWDECIMAL = 246;
    private static final int ENUM = 247;
    private static final int SET = 248;
    private static final int BLOB = 252;
    private static final int VAR_STRING = 253;
    private static final int STRING = 254;
    private static final int GEOMETRY = 255;
    private static final int[] DIGITS = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    /** A number of so many bytes, the lowest first. */
    static long number(ByteBuffer buffer, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (long) Byte.toUnsignedInt(buffer.get()) << (8 * i);
        }
        return number;
    }

    /** A number that says by its first byte how long it is. */
    private static int packed(ByteBuffer buffer) {
        int first = Byte.toUnsignedInt(buffer.get());
        return switch (first) {
            case 252 -> (int) number(buffer, 2);
            case 253 -> (int) number(buffer, 3);
            case 254 -> (int) number(buffer, 8);
            default -> first;
        };
    }

    /** @param body of a table map event, behind the table's number */
    static BinlogTable read(ByteBuffer body) {
        body.getShort(); // flags
        String database = name(body);
        String table = name(body);
        byte[] types = new byte[packed(body)];
        body.get(types);
        packed(body); // length of the metadata
        int[] metadata = new int[types.length];
        for (int i = 0; i < types.length; i++) {
            metadata[i] = switch (Byte.toUnsignedInt(types[i])) {
                case FLOAT, DOUBLE, BLOB, JSON, GEOMETRY, VECTOR, TIMESTAMP2, DATETIME2, TIME2 -> (int) number(body, 1);
                case VARCHAR, BIT, VAR_STRING -> (int) number(body, 2);
                // the first byte comes first
                case NEWDECIMAL, STRING, ENUM, SET -> (int) (number(body, 1) << 8 | number(body, 1));
                default -> 0;
            };
        }
        return new BinlogTable(database, table, types, metadata);
    }

    private static String name(ByteBuffer body) {
        String name = BinlogFileReader.text(body, Byte.toUnsignedInt(body.get()));
        body.get();
        return name;
    }

    /**
     * Counts the rows of an event.
     *
     * @param body behind the table's number
     * @param pairs each row has an image before and one after
     * @param partial the images after begin with options
     */
    int count(ByteBuffer body, boolean pairs, boolean partial) {
        if (partial) {
            throw new IllegalStateException("parts of JSON values cannot be read");
        }
        body.getShort(); // flags
        int extra = Short.toUnsignedInt(body.getShort());
        body.position(body.position() + extra - 2);
        int columns = packed(body);
        byte[] first = bits(body, columns);
        byte[] second = pairs ? bits(body, columns) : first;
        int rows = 0;
        while (body.hasRemaining()) {
            pass(body, first);
            if (pairs) {
                pass(body, second);
            }
            rows++;
        }
        return rows;
    }

    private static byte[] bits(ByteBuffer body, int columns) {
        byte[] bits = new byte[(columns + 7) / 8];
        body.get(bits);
        return bits;
    }

    private static boolean isSet(byte[] bits, int index) {
        return (bits[index / 8] & 1 << index % 8) != 0;
    }

    private void pass(ByteBuffer body, byte[] present) {
        int columns = 0;
        for (int i = 0; i < types.length; i++) {
            columns += isSet(present, i) ? 1 : 0;
        }
        byte[] nulls = bits(body, columns);
        int index = 0;
        for (int i = 0; i < types.length; i++) {
            if (isSet(present, i) && !isSet(nulls, index++)) {
                // The length is read before the position is.
                int length = length(body, Byte.toUnsignedInt(types[i]), metadata[i]);
                body.position(body.position() + length);
            }
        }
    }

    private static int length(ByteBuffer body, int type, int meta) {
        return switch (type) {
            case TINY, YEAR -> 1;
            case SHORT -> 2;
            case INT24, DATE -> 3;
            case LONG, FLOAT -> 4;
            case LONGLONG, DOUBLE -> 8;
            case TIMESTAMP2 -> 4 + (meta + 1) / 2;
            case DATETIME2 -> 5 + (meta + 1) / 2;
            case TIME2 -> 3 + (meta + 1) / 2;
            case BIT -> (meta >> 8) + ((meta & 0xFF) + 7) / 8;
            case NEWDECIMAL -> decimal(meta >> 8, meta & 0xFF);
            case VARCHAR, VAR_STRING -> (int) number(body, meta > 255 ? 2 : 1);
            case BLOB, JSON, GEOMETRY, VECTOR -> (int) number(body, meta);
            case STRING -> string(body, meta);
            default -> throw new IllegalStateException("the type " + type + " cannot be read");
        };
    }

    /** CHAR and BINARY, and ENUM and SET, which hide in it; two bits of the length hide in the type. */
    private static int string(ByteBuffer body, int meta) {
        int type = meta >> 8;
        int length = meta & 0xFF;
        if ((type & 0x30) != 0x30) {
            length |= ((type & 0x30) ^ 0x30) << 4;
            type |= 0x30;
        }
        return type == ENUM || type == SET ? length : (int) number(body, length > 255 ? 2 : 1);
    }

    private static int decimal(int precision, int scale) {
        int whole = precision - scale;
        return whole / 9 * 4 + DIGITS[whole % 9] + scale / 9 * 4 + DIGITS[scale % 9];
    }
}
