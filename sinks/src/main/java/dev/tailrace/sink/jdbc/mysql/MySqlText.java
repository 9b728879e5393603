package dev.tailrace.sink.jdbc.mysql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.ValueText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** Values as the texts that MySQL reads, without loss. */
final class MySqlText {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final int LAST_YEAR = 9999;

    /** The text that would not say what it is supposed to say. */
    private static final String OUT_OF_RANGE = "a date outside of the years 0000 to 9999";

    private static final JsonFactory JSON = new JsonFactory();

    private MySqlText() {}

    /** @throws IllegalArgumentException when it is none that MySQL has; the message names the kind of value */
    static String date(int days) {
        if (days == ValueType.DATE_INFINITY || days == -ValueType.DATE_INFINITY) {
            throw new IllegalArgumentException("the date infinity");
        }
        return day(days);
    }

    private static String day(long days) {
        LocalDate date = LocalDate.ofEpochDay(days);
        if (date.getYear() < 0 || date.getYear() > LAST_YEAR) {
            throw new IllegalArgumentException(OUT_OF_RANGE);
        }
        return String.format(Locale.ROOT, "%04d-%02d-%02d", date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    /** @throws IllegalArgumentException when it is none that MySQL has; the message names the kind of value */
    static String timestamp(long micros) {
        if (micros == ValueType.TIMESTAMP_INFINITY || micros == -ValueType.TIMESTAMP_INFINITY) {
            throw new IllegalArgumentException("the timestamp infinity");
        }
        return day(Math.floorDiv(micros, MICROS_PER_DAY)) + " " + time(Math.floorMod(micros, MICROS_PER_DAY));
    }

    /** 24:00:00 and more, and below zero, come out as they are. */
    static String time(long micros) {
        long seconds = Math.abs(micros) / MICROS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d.%06d",
                micros < 0 ? "-" : "",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                Math.abs(micros) % MICROS_PER_SECOND);
    }

    /**
     * An array as JSON: numbers stay numbers, all else is a text in the source's form. One whose subscripts do not begin at
     * one is an object, {@code {"bounds":"[2:3]","elements":[7,8]}}.
     */
    static String json(List<?> elements, ValueType type) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            if (elements instanceof BoundedArray array) {
                json.writeStartObject();
                json.writeStringField("bounds", array.bounds());
                json.writeFieldName("elements");
                array(json, elements, type);
                json.writeEndObject();
            } else {
                array(json, elements, type);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void array(JsonGenerator json, List<?> elements, ValueType type) throws IOException {
        json.writeStartArray();
        for (Object element : elements) {
            if (element == null) {
                json.writeNull();
            } else if (element instanceof List<?> inner) {
                array(json, inner, type);
            } else if (element instanceof Boolean flag) {
                json.writeBoolean(flag);
            } else if (isNumber(element, type)) {
                json.writeNumber(element instanceof BigDecimal decimal ? decimal.toPlainString() : element.toString());
            } else {
                json.writeString(ValueText.of(element, type, null));
            }
        }
        json.writeEndArray();
    }

    /** Dates and times are carried as numbers, too, but are none; JSON has no NaN. */
    private static boolean isNumber(Object element, ValueType type) {
        return switch (type) {
            case INT16, INT32, INT64 -> true;
            case FLOAT32, FLOAT64, DECIMAL ->
                element instanceof BigDecimal || Double.isFinite(((Number) element).doubleValue());
            default -> false;
        };
    }
}
