package dev.tailrace.sink.file;

import dev.tailrace.sink.Contents;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TargetPort;
import dev.tailrace.view.SourceView;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A directory on a disk whose faults are scripted. */
final class FileTarget implements TargetPort {
    private final FaultyDisk disk = new FaultyDisk();
    private final Path root;
    private final SinkFactory.Definition definition;
    private CountDownLatch held;
    private int partial;

    FileTarget(Path directory, Map<String, Object> more) {
        root = directory.resolve("archive");
        Map<String, Object> keys = new HashMap<>(more);
        keys.put("directory", root);
        definition = configured(disk, Clock.systemUTC(), keys);
    }

    static SinkFactory.Definition configured(Disk disk, Clock clock, Map<String, ?> keys) {
        MapSettings settings = new MapSettings(keys);
        SinkFactory.Definition definition = SourceView.configure(new FileSinkFactory(disk, clock), settings);
        if (!settings.problems().isEmpty() || !settings.unknown().isEmpty()) {
            throw new AssertionError(settings.problems() + " " + settings.unknown());
        }
        return definition;
    }

    @Override
    public SinkFactory.Definition definition() {
        return definition;
    }

    @Override
    public Contents contents() throws Exception {
        return Archive.contents(root);
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.complementOf(EnumSet.of(Fault.REJECT));
    }

    @Override
    public void script(Fault fault) {
        switch (fault) {
            case DOWN -> disk.fillsUpAfter(0);
            // From the middle of the first line to the middle of the checkpoint file.
            case PARTIAL -> disk.fillsUpAfter(100 + 397L * (partial++ % 12));
            case LOST_ANSWER -> disk.failAfterCheckpoint();
            case HOLD -> held = disk.hold();
            case REJECT -> throw new IllegalArgumentException("a disk takes any data");
        }
    }

    @Override
    public void awaitHeld() throws Exception {
        if (!held.await(120, TimeUnit.SECONDS)) {
            throw new AssertionError("no sync came");
        }
    }

    @Override
    public void heal() {
        disk.heal();
    }

    @Override
    public void close() {
        disk.heal();
    }
}
