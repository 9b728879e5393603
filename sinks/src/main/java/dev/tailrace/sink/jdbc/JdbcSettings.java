package dev.tailrace.sink.jdbc;

import dev.tailrace.config.Secret;
import dev.tailrace.event.TableId;
import dev.tailrace.sink.ErrorRules;
import java.time.Duration;
import java.util.Optional;

/**
 * One JDBC sink's configuration. Its {@code toString} shows no secret.
 *
 * @param url as written; may hold a password: show {@link #maskedUrl} instead
 * @param checkpointSchema where {@code tailrace_checkpoint} lives; empty: where unqualified names are created
 * @param schemaPolicy what is done when a table at the source changes its shape
 * @param statementTimeout longest time of one statement at the target
 * @param semantics where the target is not the plain copy
 * @param errors what an operator says of the target's errors
 */
public record JdbcSettings(
        String url,
        Optional<String> user,
        Optional<Secret> password,
        TargetTemplate target,
        Mode mode,
        boolean createTables,
        Duration statementTimeout,
        Duration connectTimeout,
        Optional<String> checkpointSchema,
        TableSemantics semantics,
        SchemaPolicy schemaPolicy,
        ErrorRules errors) {

    /** What a table at the target holds. */
    enum Mode {
        /** The rows as they are at the source. */
        UPSERT,
        /** One row per change. */
        APPEND
    }

    /** Where the rows of that table go. */
    TargetName target(TableId source) {
        TargetName named = semantics.names().get(source.toString());
        return named != null ? named : target.of(source);
    }

    /** The same with all the time that a statement may need which rewrites a table. */
    JdbcSettings patient() {
        return new JdbcSettings(
                url,
                user,
                password,
                target,
                mode,
                createTables,
                Duration.ofHours(24),
                connectTimeout,
                checkpointSchema,
                semantics,
                schemaPolicy,
                errors);
    }

    String maskedUrl() {
        return JdbcUrl.mask(url);
    }

    @Override
    public String toString() {
        return "jdbc sink to " + maskedUrl();
    }
}
