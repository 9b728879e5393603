/**
 * The file sink: changes as JSON Lines in rotated files with a manifest, exactly once.
 *
 * <p>What a directory holds:
 *
 * <pre>
 * changes/0000000001-&lt;id of its first change&gt;.jsonl        sealed: complete, never touched again
 * changes/0000000002-&lt;id of its first change&gt;.jsonl.part   open: valid up to the length in the checkpoint
 * manifest.jsonl                                          one line for each sealed file, in the order of sealing
 * _tailrace/checkpoint.json                               position, epoch, lengths of the open files
 * _tailrace/lock                                          held by the process that writes
 * </pre>
 *
 * With {@code split: table} each table has a directory of its own instead of {@code changes}. A consumer reads the
 * manifest and the files it names.
 *
 * <p>The checkpoint file is the one commit point: data is fsynced before it is replaced (I2), what lies beyond it is
 * truncated when the sink is opened (I8), and a file is renamed and put into the manifest after the checkpoint says that
 * it is full, so that a crash in between is carried to its end. Lines of one file are in the order given (I3). Keeps I6
 * by a lock and by the epoch in the checkpoint. Start at {@link dev.tailrace.sink.file.FileSink}.
 */
@NullMarked
package dev.tailrace.sink.file;

import org.jspecify.annotations.NullMarked;
