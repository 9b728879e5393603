package dev.tailrace.capture.postgres;

import io.debezium.config.Configuration;
import io.debezium.config.Field;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The engine's options, which never change, with what they say remembered. The engine asks for some at each column of each
 * change, and reads their text anew each time: a twentieth of its streaming thread's time. Any thread.
 */
final class RememberedOptions implements Configuration {
    private final Configuration options;
    private final Map<Field, Remembered<Boolean>> booleans = new ConcurrentHashMap<>();
    private final Map<Field, Remembered<Long>> longs = new ConcurrentHashMap<>();

    /** @param field to which that belongs: another one of its name may have another default */
    private record Remembered<T>(Field field, T value) {}

    RememberedOptions(Configuration options) {
        this.options = options;
    }

    @Override
    public Set<String> keys() {
        return options.keys();
    }

    @Override
    public String getString(String key) {
        return options.getString(key);
    }

    @Override
    public boolean getBoolean(Field field) {
        return remembered(booleans, field, options::getBoolean);
    }

    @Override
    public long getLong(Field field) {
        return remembered(longs, field, options::getLong);
    }

    @SuppressWarnings("ReferenceEquality") // fields of one name are equal
    private static <T> T remembered(Map<Field, Remembered<T>> values, Field field, Function<Field, T> read) {
        Remembered<T> known = values.get(field);
        if (known == null || known.field() != field) {
            known = new Remembered<>(field, read.apply(field));
            values.put(field, known);
        }
        return known.value();
    }

    /** As the options show themselves: without secrets. */
    @Override
    public String toString() {
        return options.toString();
    }
}
