package dev.tailrace.journal;

import org.jspecify.annotations.Nullable;

/**
 * What recovery found on disk.
 *
 * @param id of the journal, null when there is none
 * @param epoch newest one found, 0 when none
 * @param tail as it was, with the unfinished transaction already among the aborted ranges
 * @param index the files to keep, the newest last
 * @param lastSequence newest number found
 * @param kept end of the newest file to keep
 * @param lastBytes written to the newest file, kept or not
 * @param nextSchemaId free number
 * @param empty a newest file that holds nothing but its beginning and is not kept, null when there is none
 */
record Recovered(
        @Nullable String id,
        long epoch,
        TailState tail,
        SchemaCatalog catalog,
        CycleIndex index,
        long lastSequence,
        End kept,
        long lastBytes,
        int nextSchemaId,
        @Nullable Cycle empty) {

    /**
     * Where a file ends that a new one follows.
     *
     * @param cycle its number, -1 for none
     */
    record End(int cycle, long sequence, long bytes) {}
}
