/**
 * From the source database to the journal: the embedded Debezium engine and everything that makes it trustworthy. The
 * only home of Debezium and Kafka Connect types.
 *
 * <p>Start at {@link dev.tailrace.capture.Capture}. {@link dev.tailrace.capture.SourcePreflight} says before every start
 * what an operator has to mend. Keeps I1 (the offset that the engine sees is derived from the fsynced journal), I4 (waits
 * while the journal may not grow), I5 (whole source transactions), I7 (lossless values, absent is absent) and I9 (a gap
 * between slot and journal is a loud stop).
 */
@NullMarked
package dev.tailrace.capture;

import org.jspecify.annotations.NullMarked;
