package dev.tailrace.sink.file;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.WriteResult;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Appends changes to files. Exactly once: {@link #open} cuts every file back to the last checkpoint, and a checkpoint is
 * written only over what was fsynced (I2). Used by the pipeline's thread only.
 */
final class FileSink implements CheckpointingSink {
    /** Channels of files that are not being written are closed beyond this number. */
    private static final int MOST_OPEN_CHANNELS = 128;

    private final FileSettings settings;
    private final Disk disk;
    private final Clock clock;
    private final Map<String, ChangeFile> files = new LinkedHashMap<>();
    private @Nullable Directory directory;
    private @Nullable SinkContext context;
    private @Nullable State state;
    private @Nullable FileChannel lock;
    private long filesBegun;
    /** Whether files hold lines that no checkpoint covers and none is being written. */
    private boolean uncovered;

    FileSink(FileSettings settings, Disk disk, Clock clock) {
        this.settings = settings;
        this.disk = disk;
        this.clock = clock;
    }

    @Override
    public void open(SinkContext newContext) throws SinkException {
        Path root = newContext.dataDirectory().resolve(settings.directory());
        Directory opened = new Directory(disk, root);
        boolean ready = false;
        try {
            opened.create();
            lock(opened);
            State found = fenced(opened, newContext);
            for (ChangeFile file : opened.recover(found)) {
                files.put(file.entry().stream(), file);
            }
            long manifestBytes = opened.seal(found, () -> {});
            state = sealed(found, manifestBytes);
            filesBegun = found.files();
            directory = opened;
            context = newContext;
            ready = true;
        } catch (IOException e) {
            throw failure("open", root, e);
        } finally {
            if (!ready) {
                release();
            }
        }
    }

    private void lock(Directory opened) throws IOException, SinkException {
        FileChannel channel = disk.open(opened.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = channel;
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            throw SinkException.retry("FILE-LOCKED", opened.root() + " is held by another running agent", null);
        }
    }

    /** Refuses a directory that is another's or held by a later start; claims it with this epoch (I6). */
    private static State fenced(Directory opened, SinkContext context) throws IOException, SinkException {
        Optional<State> found = opened.state();
        Optional<SinkException> refused = refusal(opened, found, context);
        if (refused.isPresent()) {
            throw refused.get();
        }
        State claimed = found.map(state -> state.heldBy(context)).orElseGet(() -> State.fresh(context));
        opened.write(claimed);
        return claimed;
    }

    /** Why this pipeline must not write into a directory with that state; empty when it may. */
    static Optional<SinkException> refusal(Directory opened, Optional<State> found, SinkContext context)
            throws IOException {
        if (found.isEmpty()) {
            return !opened.holdsFiles()
                    ? Optional.empty()
                    : Optional.of(SinkException.halt(
                            "FILE-NO-CHECKPOINT",
                            opened.root() + " holds files of changes but no checkpoint",
                            "Set directory to an empty place, or bring " + Directory.OWN + " back from a copy.",
                            null));
        }
        State state = found.get();
        if (!state.pipeline().equals(context.pipeline())) {
            return Optional.of(SinkException.halt(
                    "FILE-FOREIGN",
                    opened.root() + " belongs to " + state.pipeline() + ", not to " + context.pipeline(),
                    "Give every sink a directory of its own.",
                    null));
        }
        if (state.epoch() > context.epoch()) {
            return Optional.of(SinkException.halt(
                    "FILE-FENCED",
                    opened.root() + " was opened by epoch " + state.epoch() + ", this agent has epoch "
                            + context.epoch(),
                    "Stop this agent: another one with the same name took over. After a restore of an old data"
                            + " directory set directory to an empty place.",
                    null));
        }
        if (state.epoch() == context.epoch() && !state.epochToken().equals(context.token())) {
            return Optional.of(SinkException.halt(
                    "FILE-FENCED",
                    opened.root() + " was opened by another start of the same epoch " + state.epoch()
                            + ": two copies of one data directory were started",
                    "Stop this agent and keep to one data directory, or give the copy another name and directory.",
                    null));
        }
        return Optional.empty();
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
        State current = state;
        return current == null || current.checkpoint().sequence() == 0
                ? Optional.empty()
                : Optional.of(current.checkpoint());
    }

    @Override
    public WriteResult write(Batch batch) throws SinkException {
        return write(batch, batch.checkpoint(), null);
    }

    @Override
    public String redriven() {
        State current = state;
        return current == null ? "" : current.redriven();
    }

    @Override
    public void redrive(String token, Batch batch) throws SinkException {
        State before = state;
        if (before == null || uncovered) {
            throw new IllegalStateException("nothing may be open beside " + batch);
        }
        write(batch, before.checkpoint(), token);
    }

    /** @param redriven names what is written out of its turn; null for what is in its turn */
    private WriteResult write(Batch batch, Checkpoint checkpoint, @Nullable String redriven) throws SinkException {
        Directory opened = directory;
        SinkContext told = context;
        State before = state;
        if (opened == null || told == null || before == null) {
            throw new IllegalStateException("write before open");
        }
        boolean written = false;
        try {
            uncovered = true;
            for (Transaction transaction : batch.transactions()) {
                for (ChangeEvent event : transaction.events()) {
                    append(opened, event, transaction);
                }
            }
            told.faults().hit("sink.file.after-write");
            if (batch.endsTransaction()) {
                sync(opened);
                told.faults().hit("sink.file.after-fsync");
                checkpoint(opened, told, before, checkpoint, redriven == null ? before.redriven() : redriven);
            }
            written = true;
        } catch (IOException e) {
            throw failure("write", opened.root(), e);
        } finally {
            if (!written) {
                release();
            }
        }
        return batch.endsTransaction() ? WriteResult.DURABLE : WriteResult.PENDING;
    }

    private void append(Directory opened, ChangeEvent event, Transaction transaction) throws IOException {
        String stream = settings.splitByTable() ? StreamNames.of(event.table()) : StreamNames.ALL;
        ChangeFile file = files.get(stream);
        if (file == null) {
            String name = String.format(
                    Locale.ROOT,
                    "%s/%010d-%s.jsonl%s",
                    stream,
                    ++filesBegun,
                    event.id().text(),
                    settings.gzip() ? ".gz" : "");
            disk.createDirectories(opened.root().resolve(stream));
            file = new ChangeFile(disk, opened.root(), FileEntry.begin(name, event, clock.millis()), new CRC32C());
            files.put(stream, file);
        }
        file.append(event, transaction);
    }

    private void sync(Directory opened) throws IOException {
        Set<String> begun = new LinkedHashSet<>();
        for (Map.Entry<String, ChangeFile> stream : files.entrySet()) {
            if (stream.getValue().dirty()) {
                stream.getValue().sync();
                if (stream.getValue().unknown()) {
                    begun.add(stream.getKey());
                }
            }
        }
        for (String stream : begun) {
            disk.syncDirectory(opened.root().resolve(stream));
        }
    }

    /** The commit point; then full files are sealed, which a restart would also do. */
    private void checkpoint(Directory opened, SinkContext told, State before, Checkpoint checkpoint, String redriven)
            throws IOException, SinkException {
        List<FileEntry> sealing = new ArrayList<>();
        List<FileEntry> open = new ArrayList<>();
        for (ChangeFile file : files.values()) {
            FileEntry entry = file.entry();
            (full(entry) ? sealing : open).add(entry);
        }
        State next = new State(
                before.pipeline(),
                before.epoch(),
                before.epochToken(),
                checkpoint,
                redriven,
                filesBegun,
                before.manifestBytes(),
                sealing,
                open);
        // From here on the new checkpoint may hold: what it covers must not be cut off any more.
        uncovered = false;
        opened.write(next);
        for (FileEntry entry : open) {
            ChangeFile file = files.get(entry.stream());
            if (file != null) {
                file.checkpointed(entry);
            }
        }
        for (FileEntry entry : sealing) {
            ChangeFile file = files.remove(entry.stream());
            if (file != null) {
                file.close();
            }
        }
        state = sealed(next, opened.seal(next, () -> told.faults().hit("sink.file.mid-rotate")));
        closeIdleChannels();
    }

    private static State sealed(State state, long manifestBytes) {
        return new State(
                state.pipeline(),
                state.epoch(),
                state.epochToken(),
                state.checkpoint(),
                state.redriven(),
                state.files(),
                manifestBytes,
                List.of(),
                state.open());
    }

    private boolean full(FileEntry entry) {
        return entry.length() >= settings.maxBytes()
                || entry.rows() >= settings.maxRows()
                || clock.millis() - entry.openedMillis() >= settings.maxAge().toMillis();
    }

    private void closeIdleChannels() throws IOException {
        if (files.size() > MOST_OPEN_CHANNELS) {
            for (ChangeFile file : files.values()) {
                file.close();
            }
        }
    }

    private static SinkException failure(String what, Path root, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return SinkException.retry("FILE-INTERRUPTED", what + " in " + root + " was interrupted", cause);
        }
        String reason = String.valueOf(cause.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("quota") || reason.contains("too large");
        return SinkException.retry(
                full ? "FILE-DISK-FULL" : "FILE-IO", "cannot " + what + " in " + root + ": " + reason, cause);
    }

    @Override
    public void close() {
        release();
    }

    /** Cuts off what no checkpoint covers, as far as the disk lets us (the next open does it again), and lets go. */
    private void release() {
        for (ChangeFile file : files.values()) {
            try {
                if (uncovered) {
                    file.rollBack();
                }
            } catch (IOException e) {
                // The next open cuts back by the checkpoint.
                continue;
            } finally {
                closeQuietly(file);
            }
        }
        files.clear();
        uncovered = false;
        directory = null;
        state = null;
        FileChannel held = lock;
        lock = null;
        if (held != null) {
            try {
                held.close();
            } catch (IOException e) {
                // Closing gives the lock back whatever it reports.
                return;
            }
        }
    }

    private static void closeQuietly(ChangeFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // Nothing of it is needed: durable content was forced before.
            return;
        }
    }
}
