package dev.tailrace.capture.mysql;

import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceFactory;
import dev.tailrace.config.Settings;

/** Makes sources of type {@code mysql}. */
public final class MySqlSourceFactory implements SourceFactory {
    static final String TYPE = "mysql";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public SourceDefinition configure(Settings source, String agentName) {
        return new MySqlSource(MySqlSettings.read(source, agentName));
    }
}
