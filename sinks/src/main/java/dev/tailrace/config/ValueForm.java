package dev.tailrace.config;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * How one kind of value is written, and what is allowed: text to value and back.
 *
 * @param parser throws {@link IllegalArgumentException} whose message continues a sentence that began with the text
 */
record ValueForm<T>(Function<String, T> parser, Function<T, String> formatter) {
    static final ValueForm<String> TEXT = new ValueForm<>(text -> text, text -> text);

    static final ValueForm<Boolean> FLAG = new ValueForm<>(
            text -> switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("is neither true nor false");
            },
            String::valueOf);

    /** @throws IllegalArgumentException when the text is not of this form */
    T parse(String text) {
        return parser.apply(text);
    }

    String format(T value) {
        return formatter.apply(value);
    }

    /** One of the words. */
    static ValueForm<String> choice(List<String> allowed) {
        return new ValueForm<>(
                text -> {
                    if (!allowed.contains(text)) {
                        String hint = Suggestion.among(allowed, text);
                        throw new IllegalArgumentException("is not one of " + String.join(", ", allowed)
                                + (hint.startsWith("did") ? "; " + hint : ""));
                    }
                    return text;
                },
                text -> text);
    }

    /** A whole number within the range, both ends included. */
    static ValueForm<Integer> number(int minimum, int maximum) {
        return new ValueForm<>(
                text -> {
                    if (!text.matches("-?\\d{1,18}")) {
                        throw new IllegalArgumentException("is not a whole number");
                    }
                    return (int) within(Long.parseLong(text), (long) minimum, (long) maximum, String::valueOf)
                            .longValue();
                },
                String::valueOf);
    }

    static ValueForm<Duration> duration(Duration minimum, Duration maximum) {
        return new ValueForm<>(
                text -> within(DurationText.parse(text), minimum, maximum, DurationText::format), DurationText::format);
    }

    static ValueForm<DataSize> size(DataSize minimum, DataSize maximum) {
        return new ValueForm<>(
                text -> within(DataSize.parse(text), minimum, maximum, DataSize::toString), DataSize::toString);
    }

    private static <T extends Comparable<T>> T within(T value, T minimum, T maximum, Function<T, String> format) {
        if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
            throw new IllegalArgumentException(
                    "is not between " + format.apply(minimum) + " and " + format.apply(maximum));
        }
        return value;
    }
}
