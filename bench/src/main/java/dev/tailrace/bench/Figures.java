package dev.tailrace.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** What one run found out, by name. A process hands it to its parent as the last line that it prints. */
record Figures(Map<String, Double> values) {
    private static final String MARK = "FIGURES ";
    private static final ObjectMapper JSON = new ObjectMapper();

    Figures {
        values = new TreeMap<>(values);
    }

    double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("the run has no figure named " + name + ": " + values.keySet());
        }
        return value;
    }

    void print(PrintStream out) throws IOException {
        out.println(MARK + JSON.writeValueAsString(values));
        out.flush();
    }

    static boolean isOne(String line) {
        return line.startsWith(MARK);
    }

    static Figures parse(String line) throws IOException {
        return new Figures(JSON.readValue(line.substring(MARK.length()), new TypeReference<Map<String, Double>>() {}));
    }
}
