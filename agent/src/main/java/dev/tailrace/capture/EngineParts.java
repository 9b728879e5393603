package dev.tailrace.capture;

import java.util.Properties;

/**
 * What an engine for one source is made of.
 *
 * @param options of the engine
 * @param reader of its records
 * @param context for the parts that the engine makes by class name, found through {@link EngineContext#source}
 */
public record EngineParts(Properties options, RecordReader reader, Object context) {}
