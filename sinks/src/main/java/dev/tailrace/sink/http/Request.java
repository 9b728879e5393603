package dev.tailrace.sink.http;

import dev.tailrace.event.EventId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * One request of a lane: some changes in order, already JSON. Built from the same changes it has the same id and the
 * same bytes, however often and whenever it is sent.
 *
 * @param lane that sends it
 * @param parts not empty
 */
record Request(int lane, List<Part> parts) {
    private static final int COMPRESS_ABOVE = 1024;

    /**
     * One change.
     *
     * @param json never modified
     */
    record Part(Plan.Change change, byte[] json) {
        EventId id() {
            return change.event().id();
        }
    }

    Request {
        parts = List.copyOf(parts);
    }

    List<EventId> ids() {
        return parts.stream().map(Part::id).toList();
    }

    /** A single change's own id; for several a digest of theirs. Letters, digits and {@code -} only. */
    String id() {
        if (parts.size() == 1) {
            return parts.get(0).id().text();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Part part : parts) {
                digest.update((part.id().text() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return "batch-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The body before compression. */
    byte[] body(boolean single) {
        if (single) {
            return parts.get(0).json();
        }
        // of exactly the size that is known: with a large row a buffer and its copy would be both in memory
        ByteBuffer body = ByteBuffer.allocate(size());
        byte before = '[';
        for (Part part : parts) {
            body.put(before).put(part.json());
            before = ',';
        }
        return body.put((byte) ']').array();
    }

    private int size() {
        return 1 + parts.stream().mapToInt(p -> p.json().length + 1).sum();
    }

    static boolean worthCompressing(byte[] body) {
        return body.length > COMPRESS_ABOVE;
    }

    static byte[] compressed(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory", e);
        }
        return out.toByteArray();
    }

    /** Both halves in order. Only for more than one change. */
    List<Request> halves() {
        int middle = parts.size() / 2;
        return List.of(
                new Request(lane, parts.subList(0, middle)), new Request(lane, parts.subList(middle, parts.size())));
    }
}
