package dev.tailrace.capture.mysql;

import dev.tailrace.event.ValueType;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column's type as the server itself names it, whatever synonym the statement that made the column used: what SHOW
 * CREATE TABLE says and what a statement in the log says come to the same (or a restart would look like a changed table).
 *
 * @param name lower case, without length, with {@code unsigned} where it is: {@code int unsigned}, {@code varchar}
 * @param length characters, bytes, digits, bits, dimensions or fractional digits of seconds; -1 when the type has none
 * @param scale digits after the point, -1 when the type has none
 * @param valueType how values are carried
 * @param charset of text, null for all others
 */
record MySqlType(
        String name,
        int length,
        int scale,
        ValueType valueType,
        @Nullable MySqlCharset charset) {
    static final String ENUM = "enum";
    static final String SET = "set";
    static final String JSON = "json";
    static final String BIGINT_UNSIGNED = "bigint unsigned";
    private static final String UNSIGNED = " unsigned";
    private static final String BINARY = "binary";

    /** Lengths in bytes of the three smaller sizes of text and blob. */
    private static final long TINY = 255;

    private static final long NORMAL = 65_535;
    private static final long MEDIUM = 16_777_215;

    private static final int DEFAULT_VECTOR = 2_048;
    private static final int LONGEST_FLOAT = 24;

    /** The server's own names by those that it takes, too. */
    private static final Map<String, String> SYNONYMS = Map.ofEntries(
            Map.entry("bool", "tinyint"),
            Map.entry("boolean", "tinyint"),
            Map.entry("int1", "tinyint"),
            Map.entry("int2", "smallint"),
            Map.entry("int3", "mediumint"),
            Map.entry("middleint", "mediumint"),
            Map.entry("integer", "int"),
            Map.entry("int4", "int"),
            Map.entry("int8", "bigint"),
            Map.entry("serial", BIGINT_UNSIGNED),
            Map.entry("dec", "decimal"),
            Map.entry("numeric", "decimal"),
            Map.entry("fixed", "decimal"),
            Map.entry("float4", "float"),
            Map.entry("float8", "double"),
            Map.entry("real", "double"),
            Map.entry("double precision", "double"),
            Map.entry("character", "char"),
            Map.entry("nchar", "char"),
            Map.entry("national char", "char"),
            Map.entry("national character", "char"),
            Map.entry("char varying", "varchar"),
            Map.entry("character varying", "varchar"),
            Map.entry("varcharacter", "varchar"),
            Map.entry("nvarchar", "varchar"),
            Map.entry("nchar varchar", "varchar"),
            Map.entry("nchar varying", "varchar"),
            Map.entry("national varchar", "varchar"),
            Map.entry("national varcharacter", "varchar"),
            Map.entry("national char varying", "varchar"),
            Map.entry("national character varying", "varchar"),
            Map.entry("long", "mediumtext"),
            Map.entry("long varchar", "mediumtext"),
            Map.entry("long varcharacter", "mediumtext"),
            Map.entry("long char varying", "mediumtext"),
            Map.entry("long character varying", "mediumtext"),
            Map.entry("long varbinary", "mediumblob"),
            Map.entry("geometrycollection", "geomcollection"));

    /** Text with the character set {@code binary} is no text. */
    private static final Map<String, String> BINARY_TWINS = Map.of(
            "char", BINARY,
            "varchar", "varbinary",
            "tinytext", "tinyblob",
            "text", "blob",
            "mediumtext", "mediumblob",
            "longtext", "longblob");

    private static final Set<String> MODIFIERS =
            Set.of("unsigned", "signed", "zerofill", BINARY, "ascii", "unicode", "byte");

    /**
     * @param typeName as the engine knows it: words in any case, maybe with a length in parentheses
     * @param declaredLength -1 when the statement names none
     * @param declaredScale -1 when the statement names none
     * @param charsetName of the column, null when it has none
     * @throws IllegalArgumentException for a type or a character set that is not known
     */
    static MySqlType of(String typeName, int declaredLength, int declaredScale, @Nullable String charsetName) {
        String name = canonical(typeName);
        if (charsetName != null && charsetName.equalsIgnoreCase(BINARY)) {
            name = BINARY_TWINS.getOrDefault(name, name);
        }
        MySqlCharset charset = BINARY_TWINS.containsKey(name) ? charset(charsetName) : null;
        boolean unsigned = name.endsWith(UNSIGNED);
        String base = unsigned ? name.substring(0, name.length() - UNSIGNED.length()) : name;
        return switch (base) {
            case "tinyint" -> plain(name, ValueType.INT16);
            case "smallint" -> plain(name, unsigned ? ValueType.INT32 : ValueType.INT16);
            case "mediumint", "year" -> plain(name, ValueType.INT32);
            case "int" -> plain(name, unsigned ? ValueType.INT64 : ValueType.INT32);
            case "bigint" ->
                unsigned ? new MySqlType(name, 20, 0, ValueType.DECIMAL, null) : plain(name, ValueType.INT64);
            case "decimal" ->
                new MySqlType(
                        name,
                        declaredLength > 0 ? declaredLength : 10,
                        Math.max(declaredScale, 0),
                        ValueType.DECIMAL,
                        null);
            case "float", "double" -> approximate(base, unsigned, declaredLength, declaredScale);
            case "bit" -> sized(name, Math.max(declaredLength, 1), ValueType.BITS, null);
            case "char" -> sized(name, declaredLength < 0 ? 1 : declaredLength, ValueType.TEXT, charset);
            case "varchar" -> sized(name, declaredLength, ValueType.TEXT, charset);
            case "tinytext", "mediumtext", "longtext", "text" ->
                sized(large(name, declaredLength, charset), -1, ValueType.TEXT, charset);
            // their members have a character set, too, but they are carried by number until they are text
            case ENUM, SET, JSON -> plain(name, ValueType.TEXT);
            case BINARY -> sized(name, declaredLength < 0 ? 1 : declaredLength, ValueType.BYTES, null);
            case "varbinary" -> sized(name, declaredLength, ValueType.BYTES, null);
            case "tinyblob", "mediumblob", "longblob", "blob" ->
                sized(large(name, declaredLength, null), -1, ValueType.BYTES, null);
            case "vector" -> sized(name, declaredLength > 0 ? declaredLength : DEFAULT_VECTOR, ValueType.BYTES, null);
            case "geometry", "point", "linestring", "polygon" -> plain(name, ValueType.BYTES);
            case "multipoint", "multilinestring", "multipolygon", "geomcollection" -> plain(name, ValueType.BYTES);
            case "date" -> plain(name, ValueType.DATE);
            case "time" -> sized(name, Math.max(declaredLength, 0), ValueType.TIME, null);
            case "datetime" -> sized(name, Math.max(declaredLength, 0), ValueType.TIMESTAMP, null);
            case "timestamp" -> sized(name, Math.max(declaredLength, 0), ValueType.TIMESTAMPTZ, null);
            default -> throw new IllegalArgumentException("the type " + typeName + " is not known here");
        };
    }

    private static String canonical(String typeName) {
        boolean unsigned = false;
        boolean bytes = false;
        StringBuilder words = new StringBuilder();
        String plain = typeName.toLowerCase(Locale.ROOT).replaceAll("\\([^)]*\\)", " ");
        for (String word : plain.trim().split("\\s+")) {
            if (words.isEmpty() || !MODIFIERS.contains(word)) {
                words.append(words.isEmpty() ? "" : " ").append(word);
            }
            unsigned |= word.equals("unsigned") || word.equals("zerofill");
            bytes |= word.equals("byte");
        }
        String name = SYNONYMS.getOrDefault(words.toString(), words.toString());
        name = bytes ? BINARY_TWINS.getOrDefault(name, name) : name;
        return unsigned && !name.endsWith(UNSIGNED) ? name + UNSIGNED : name;
    }

    private static MySqlCharset charset(@Nullable String name) {
        if (name == null) {
            throw new IllegalArgumentException("its character set is not known");
        }
        return MySqlCharset.of(name);
    }

    private static MySqlType plain(String name, ValueType valueType) {
        return new MySqlType(name, -1, -1, valueType, null);
    }

    private static MySqlType sized(String name, int length, ValueType valueType, @Nullable MySqlCharset charset) {
        return new MySqlType(name, length, -1, valueType, charset);
    }

    /** FLOAT(p) is a float or a double by p alone; with a scale the digits are a rule for rounding and stay. */
    private static MySqlType approximate(String base, boolean unsigned, int length, int scale) {
        boolean single = base.equals("float") && (scale >= 0 || length <= LONGEST_FLOAT);
        return new MySqlType(
                (single ? "float" : "double") + (unsigned ? UNSIGNED : ""),
                scale >= 0 ? length : -1,
                scale,
                single ? ValueType.FLOAT32 : ValueType.FLOAT64,
                null);
    }

    /** TEXT(n) and BLOB(n) are the smallest size that holds n characters. */
    private static String large(String name, int length, @Nullable MySqlCharset charset) {
        if (length < 0 || !(name.equals("text") || name.equals("blob"))) {
            return name;
        }
        long bytes = (long) length * (charset == null ? 1 : charset.maxLength());
        return bytes <= TINY
                ? "tiny" + name
                : bytes <= NORMAL ? name : bytes <= MEDIUM ? "medium" + name : "long" + name;
    }
}
