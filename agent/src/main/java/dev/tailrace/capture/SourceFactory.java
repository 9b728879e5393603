package dev.tailrace.capture;

import dev.tailrace.config.Settings;

/** Makes sources of one type. The composition root knows them all; no state. */
public interface SourceFactory {

    /** The word behind {@code source.type} in the configuration: {@code postgres}, {@code mysql}. */
    String type();

    /**
     * Reads the {@code source} mapping and reports every problem into the settings. Does no I/O and may return a
     * definition that must not be used when problems were reported.
     *
     * @param agentName from which default names are made
     */
    SourceDefinition configure(Settings source, String agentName);
}
