package dev.tailrace.sink.file;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The typed configuration of one file sink.
 *
 * @param directory absolute, or relative to the sink's own directory below the agent's data directory
 * @param splitByTable whether each table has files of its own; else one series of files holds all in commit order
 * @param gzip whether new files are compressed, one gzip member for each checkpoint
 * @param maxBytes a file that has grown to this size is sealed at the next commit point
 * @param maxRows likewise for its lines
 * @param maxAge likewise for the time since its first line; looked at when something is written
 */
record FileSettings(Path directory, boolean splitByTable, boolean gzip, long maxBytes, long maxRows, Duration maxAge) {}
