package dev.tailrace.capture.postgres;

import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceFactory;
import dev.tailrace.config.Settings;

/** Makes sources of type {@code postgres}. */
public final class PostgresSourceFactory implements SourceFactory {
    static final String TYPE = "postgres";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public SourceDefinition configure(Settings source, String agentName) {
        return new PostgresSource(PostgresSettings.read(source, agentName));
    }
}
