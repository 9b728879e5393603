package dev.tailrace.journal;

import java.time.InstantSource;

/** The way in: opens the journal of a claimed data directory. */
public final class Journals {
    private Journals() {}

    /**
     * Recovers what is on disk and begins a new epoch in a new file, both fsynced when this returns.
     *
     * <p>The directory stays claimed by the caller, who closes it after the journal.
     *
     * @throws JournalException JOURNAL-CORRUPT when nothing on disk can be read though frames were durable once,
     *     JOURNAL-IO, JOURNAL-DISK-FULL
     */
    public static Journal open(DataDirectory directory, JournalSettings settings, InstantSource clock)
            throws JournalException {
        return ChronicleJournal.open(directory.journal(), settings, clock);
    }
}
