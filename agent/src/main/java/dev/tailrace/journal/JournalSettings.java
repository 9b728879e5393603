package dev.tailrace.journal;

import dev.tailrace.config.DataSize;
import java.time.Duration;

/**
 * The {@code journal} mapping of the configuration.
 *
 * @param retention how long frames stay replayable after every sink has passed them
 * @param maximumSize the disk budget; history goes first, then capture waits
 * @param reserve what stays free on the file system
 * @param cycleSize size at which a new file is begun
 */
public record JournalSettings(Duration retention, DataSize maximumSize, DataSize reserve, DataSize cycleSize) {}
