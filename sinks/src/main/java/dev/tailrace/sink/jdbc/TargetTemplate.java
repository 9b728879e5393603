package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pattern of target names: {@code {schema}.{table}}, {@code {table}}, {@code copy.{schema}_{table}}. The dot that
 * separates schema and table is the template's; dots inside a source name stay part of it.
 *
 * @param schema pattern of the schema, empty when the template has none
 * @param table pattern of the table
 */
public record TargetTemplate(Optional<String> schema, String table) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(schema|table)}");

    /** @throws IllegalArgumentException when it is no template; the message says why */
    static TargetTemplate parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 2 || text.isBlank()) {
            throw new IllegalArgumentException("must be a table or schema.table, such as {schema}.{table}");
        }
        for (String part : parts) {
            String rest = PLACEHOLDER.matcher(part).replaceAll("");
            if (part.isBlank() || rest.contains("{") || rest.contains("}")) {
                throw new IllegalArgumentException(
                        "may hold {schema} and {table} and plain text, such as {schema}.{table}");
            }
        }
        if (!parts[parts.length - 1].contains("{table}")) {
            throw new IllegalArgumentException("needs {table} in the name of the table, or all tables become one");
        }
        return parts.length == 1
                ? new TargetTemplate(Optional.empty(), parts[0])
                : new TargetTemplate(Optional.of(parts[0]), parts[1]);
    }

    TargetName of(TableId source) {
        return new TargetName(schema.map(s -> fill(s, source)), fill(table, source));
    }

    private static String fill(String pattern, TableId source) {
        return PLACEHOLDER
                .matcher(pattern)
                .replaceAll(
                        m -> Matcher.quoteReplacement(m.group(1).equals("schema") ? source.schema() : source.table()));
    }
}
