package dev.tailrace.sink.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.JsonArray;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;

/** Arrays as JSON, for targets that have none. */
public final class ArrayJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ArrayJson() {}

    /** Numbers and truth values stay such, all else is a text in the source's form. */
    public static String of(List<?> elements, ValueType type) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            JsonArray.write(json, elements, element -> element(json, element, type));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void element(JsonGenerator json, Object element, ValueType type) throws IOException {
        if (element instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (isNumber(element, type)) {
            json.writeNumber(element instanceof BigDecimal decimal ? decimal.toPlainString() : element.toString());
        } else {
            json.writeString(ValueText.of(element, type, null));
        }
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
