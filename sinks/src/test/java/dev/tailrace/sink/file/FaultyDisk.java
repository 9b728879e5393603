package dev.tailrace.sink.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The real file system with scripted faults: a disk that fills up, a sync that fails or waits. */
final class FaultyDisk implements Disk {
    /** Bytes that may still be written. */
    private long space = Long.MAX_VALUE;

    private boolean failsOwnSync;
    private CountDownLatch held;
    private CountDownLatch released;

    synchronized void heal() {
        space = Long.MAX_VALUE;
        failsOwnSync = false;
        if (released != null) {
            released.countDown();
        }
        held = null;
        released = null;
    }

    synchronized void fillsUpAfter(long bytes) {
        space = bytes;
    }

    /** The new checkpoint is in place, but the sink does not learn that it is durable. */
    synchronized void failAfterCheckpoint() {
        failsOwnSync = true;
    }

    /** Makes the next sync wait; returns what tells that it does. */
    synchronized CountDownLatch hold() {
        held = new CountDownLatch(1);
        released = new CountDownLatch(1);
        return held;
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return new Channel(FileChannel.open(file, options));
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        Disk.super.syncDirectory(directory);
        synchronized (this) {
            if (failsOwnSync && directory.endsWith(Directory.OWN)) {
                throw new IOException("Input/output error");
            }
        }
    }

    private synchronized int take(int wanted) {
        int granted = (int) Math.min(wanted, space);
        space -= granted;
        return granted;
    }

    private final class Channel extends FileChannel {
        private final FileChannel real;

        Channel(FileChannel real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int granted = take(source.remaining());
            if (granted == 0 && source.hasRemaining()) {
                throw new IOException("No space left on device");
            }
            int limit = source.limit();
            source.limit(source.position() + granted);
            try {
                return real.write(source, position);
            } finally {
                source.limit(limit);
            }
        }

        @Override
        public void force(boolean metaData) throws IOException {
            CountDownLatch waiting;
            CountDownLatch release;
            synchronized (FaultyDisk.this) {
                waiting = held;
                release = released;
            }
            if (waiting != null) {
                waiting.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    // As the real channel does.
                    Thread.currentThread().interrupt();
                    real.close();
                    throw new ClosedByInterruptException();
                }
            }
            real.force(metaData);
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            real.truncate(size);
            return this;
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return real.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return real.read(target);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            return real.read(targets, offset, length);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException("the sink writes by position");
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException("the sink writes by position");
        }

        @Override
        public long position() throws IOException {
            return real.position();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            real.position(newPosition);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return real.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            return real.transferFrom(source, position, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return real.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return real.lock(position, size, shared);
        }
    }
}
