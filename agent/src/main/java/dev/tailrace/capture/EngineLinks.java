package dev.tailrace.capture;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of one engine's drivers. A thread that waits for a server that is gone waits for ever, and an interrupt
 * does not reach it; so the sockets are made here, where they can be watched and closed from outside. Found by the engine's
 * name, because a driver makes its parts from the text of an option. Any thread, but one that watches.
 */
public final class EngineLinks {
    private static final Map<String, EngineLinks> OPEN = new ConcurrentHashMap<>();

    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Set<Long> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong received = new AtomicLong();

    private EngineLinks() {}

    /** Those of that engine. */
    public static EngineLinks of(String engine) {
        return OPEN.computeIfAbsent(engine, name -> new EngineLinks());
    }

    /** Call it when the engine has ended. */
    public static void forget(String engine) {
        OPEN.remove(engine);
    }

    /** A socket, not connected yet. */
    public Socket open() {
        return add(new Link(received, true));
    }

    /** One on which a reader may wait for as long as the server has nothing to send. */
    public Socket openForLog() {
        return add(new Link(received, false));
    }

    private Link add(Link link) {
        links.removeIf(Socket::isClosed);
        links.add(link);
        return link;
    }

    /** A connection is made: what the server calls its session. */
    public void begun(long session) {
        sessions.add(session);
    }

    /** That connection is closed. */
    public void ended(long session) {
        sessions.remove(session);
    }

    /** The server's names of the sessions that are open. */
    public Set<Long> sessions() {
        return Set.copyOf(sessions);
    }

    /** Bytes that the server has sent through all of them. */
    public long received() {
        return received.get();
    }

    /** Closes every socket: whoever reads or writes there gets an exception. */
    public void cut() {
        for (Link link : links) {
            try {
                link.close();
            } catch (IOException e) {
                // it is of no use any more either way
            }
        }
    }

    /**
     * For how long a thread has waited for the next byte of the server, the longest of them; zero when none waits.
     *
     * @param lap time since the last call; one thread calls
     */
    Duration longestWait(Duration lap) {
        Duration longest = Duration.ZERO;
        for (Link link : links) {
            Duration waited = link.waited(lap);
            longest = waited.compareTo(longest) > 0 ? waited : longest;
        }
        return longest;
    }

    /** Knows whether a thread reads from it, and counts what it reads. */
    private static final class Link extends Socket {
        /** Goes up when a thread begins to read and when it has read: odd while it waits. */
        private final AtomicLong turns = new AtomicLong();

        private final AtomicLong received;
        private final boolean mayNotWait;
        private long seen;
        private Duration waited = Duration.ZERO;

        Link(AtomicLong received, boolean mayNotWait) {
            this.received = received;
            this.mayNotWait = mayNotWait;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    turns.incrementAndGet();
                    try {
                        int next = super.read();
                        received.addAndGet(next < 0 ? 0 : 1);
                        return next;
                    } finally {
                        turns.incrementAndGet();
                    }
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    turns.incrementAndGet();
                    try {
                        int count = super.read(bytes, offset, length);
                        received.addAndGet(Math.max(count, 0));
                        return count;
                    } finally {
                        turns.incrementAndGet();
                    }
                }
            };
        }

        Duration waited(Duration lap) {
            long now = turns.get();
            boolean waits = mayNotWait && now % 2 == 1 && now == seen && !isClosed();
            waited = waits ? waited.plus(lap) : Duration.ZERO;
            seen = now;
            return waited;
        }
    }
}
