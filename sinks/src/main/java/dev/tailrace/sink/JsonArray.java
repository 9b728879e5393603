package dev.tailrace.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.event.BoundedArray;
import java.io.IOException;
import java.util.List;

/**
 * An array of a source as JSON, the same at every target. One whose subscripts do not begin at one is an object, {@code
 * {"bounds": "[2:3]", "elements": [7, 8]}}.
 */
public final class JsonArray {
    private JsonArray() {}

    /** Writes one element, which is not null and no array. */
    @FunctionalInterface
    public interface ElementWriter {
        void write(Object element) throws IOException;
    }

    public static void write(JsonGenerator json, List<?> array, ElementWriter writer) throws IOException {
        if (array instanceof BoundedArray bounded) {
            json.writeStartObject();
            json.writeStringField("bounds", bounded.bounds());
            json.writeFieldName("elements");
            elements(json, array, writer);
            json.writeEndObject();
        } else {
            elements(json, array, writer);
        }
    }

    private static void elements(JsonGenerator json, List<?> elements, ElementWriter writer) throws IOException {
        json.writeStartArray();
        for (Object element : elements) {
            if (element == null) {
                json.writeNull();
            } else if (element instanceof List<?> inner) {
                elements(json, inner, writer);
            } else {
                writer.write(element);
            }
        }
        json.writeEndArray();
    }
}
