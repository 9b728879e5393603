package dev.tailrace.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes as JSON without loss, the same at every sink that writes JSON. The same change gives the same bytes.
 *
 * <p>How values look: booleans and whole numbers as such (an {@code int8} may exceed what JavaScript's numbers hold);
 * floating point as numbers, but NaN and the infinities as the texts {@code "NaN"}, {@code "Infinity"}, {@code
 * "-Infinity"}; decimals as text with the source's scale, because most readers turn a JSON number into binary floating
 * point; bytes in base64; dates and times in ISO 8601 with six digits of microseconds, {@code "infinity"} and {@code
 * "-infinity"} where the source says so; bits as text of 0 and 1; arrays as arrays. An absent column is left out,
 * never written as null or as a placeholder (I7).
 */
public final class EventJson {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private static final long MICROS = 1_000_000L;

    private EventJson() {}

    /** A generator of UTF-8; closing it hands all to the stream, which it neither flushes nor closes. */
    public static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }

    /**
     * The fields of a change, into an object that the caller opened: {@code id, op, schema, table, key, before, after,
     * absent, position, transaction, committed, version, snapshot}. {@code op} is the letter of the Debezium envelope.
     * {@code key} is null without a primary key; {@code before} and {@code after} are there when the source sent them,
     * {@code absent} when columns of {@code after} were not sent. {@code version} is the table schema's.
     */
    public static void change(JsonGenerator json, ChangeEvent event, Transaction transaction) throws IOException {
        json.writeStringField("id", event.id().text());
        json.writeStringField("op", String.valueOf(event.operation().code()));
        json.writeStringField("schema", event.table().schema());
        json.writeStringField("table", event.table().table());
        if (event.after() != null || event.before() != null) {
            json.writeFieldName("key");
            key(json, event.image());
        }
        if (event.before() != null) {
            json.writeFieldName("before");
            row(json, event.before());
        }
        if (event.after() != null) {
            json.writeFieldName("after");
            row(json, event.after());
            absent(json, event.after());
        }
        json.writeStringField("position", event.position().toString());
        json.writeStringField("transaction", transaction.id());
        json.writeStringField("committed", timestamp(transaction.commitMicros()) + "Z");
        json.writeNumberField("version", event.schema().version());
        json.writeBooleanField("snapshot", event.isSnapshot());
    }

    /** The key's columns in key order as an object; null for a table without a key. */
    public static void key(JsonGenerator json, Row row) throws IOException {
        TableSchema schema = row.schema();
        if (!schema.hasKey()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        for (int position : schema.key()) {
            field(json, row, position);
        }
        json.writeEndObject();
    }

    /** The columns that are present, as an object. */
    public static void row(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < row.schema().size(); i++) {
            if (!row.isAbsent(i)) {
                field(json, row, i);
            }
        }
        json.writeEndObject();
    }

    /** The field {@code absent} with the names of the columns that are not present; nothing when all are. */
    public static void absent(JsonGenerator json, Row row) throws IOException {
        if (!row.hasAbsent()) {
            return;
        }
        json.writeArrayFieldStart("absent");
        for (int i = 0; i < row.schema().size(); i++) {
            if (row.isAbsent(i)) {
                json.writeString(row.schema().column(i).name());
            }
        }
        json.writeEndArray();
    }

    private static void field(JsonGenerator json, Row row, int position) throws IOException {
        Column column = row.schema().column(position);
        json.writeFieldName(column.name());
        value(json, column.valueType(), column.elementType(), row.value(position));
    }

    private static void value(
            JsonGenerator json, ValueType type, @Nullable ValueType elementType, @Nullable Object value)
            throws IOException {
        if (value == null) {
            json.writeNull();
            return;
        }
        switch (type) {
            case BOOLEAN -> json.writeBoolean((Boolean) value);
            case INT16, INT32, INT64 -> json.writeNumber(((Number) value).longValue());
            case FLOAT32, FLOAT64 -> floating(json, (Number) value);
            case ARRAY -> array(json, elementType, (List<?>) value);
            // encoded on the way: a text of a large value would be a copy and a third of it
            case BYTES -> json.writeBinary((byte[]) value);
            default -> json.writeString(text(type, value));
        }
    }

    /** A value as the text that stands in the JSON, without quotes; of an array something readable. */
    private static String text(ValueType type, Object value) {
        return switch (type) {
            case BOOLEAN, INT16, INT32, INT64, FLOAT32, FLOAT64, TEXT, BITS, ARRAY -> value.toString();
            case DECIMAL -> value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
            case BYTES -> Base64.getEncoder().encodeToString((byte[]) value);
            case DATE -> date((Integer) value);
            case TIME -> time((Long) value);
            case TIMESTAMP -> timestamp((Long) value);
            case TIMESTAMPTZ -> timestampWithZone((Long) value);
        };
    }

    /** The key's values in key order, each as the text that stands in the JSON; empty for a table without a key. */
    public static List<String> keyTexts(Row row) {
        return row.schema().key().stream()
                .map(position -> text(
                        row.schema().column(position).valueType(), Objects.requireNonNull(row.value(position), "key")))
                .toList();
    }

    private static void floating(JsonGenerator json, Number value) throws IOException {
        if (Double.isFinite(value.doubleValue())) {
            json.writeNumber(value.toString());
        } else {
            json.writeString(value.toString());
        }
    }

    private static void array(JsonGenerator json, @Nullable ValueType elementType, List<?> elements)
            throws IOException {
        if (elementType == null) {
            throw new IllegalArgumentException("an array without an element type");
        }
        JsonArray.write(json, elements, element -> value(json, elementType, null, element));
    }

    private static String date(int days) {
        return days == ValueType.DATE_INFINITY
                ? "infinity"
                : days == -ValueType.DATE_INFINITY
                        ? "-infinity"
                        : LocalDate.ofEpochDay(days).toString();
    }

    /** Hours may be 24 and, for a MySQL duration, beyond it or negative. */
    private static String time(long micros) {
        long seconds = Math.abs(micros) / MICROS;
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d.%06d",
                micros < 0 ? "-" : "",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                Math.abs(micros) % MICROS);
    }

    /** The same in UTC, and saying so. */
    public static String timestampWithZone(long micros) {
        String text = timestamp(micros);
        return text.endsWith("infinity") ? text : text + "Z";
    }

    /** A moment in ISO 8601 with microseconds, without a zone; the infinities as their names. */
    public static String timestamp(long micros) {
        if (micros == ValueType.TIMESTAMP_INFINITY) {
            return "infinity";
        }
        if (micros == -ValueType.TIMESTAMP_INFINITY) {
            return "-infinity";
        }
        LocalDateTime moment = LocalDateTime.ofEpochSecond(Math.floorDiv(micros, MICROS), 0, ZoneOffset.UTC);
        long fraction = Math.floorMod(micros, MICROS);
        StringBuilder text = new StringBuilder(27).append(moment.toLocalDate()).append('T');
        two(text, moment.getHour()).append(':');
        two(text, moment.getMinute()).append(':');
        two(text, moment.getSecond()).append('.');
        String digits = Long.toString(fraction);
        return text.append("000000", 0, 6 - digits.length()).append(digits).toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append(number < 10 ? "0" : "").append(number);
    }
}
