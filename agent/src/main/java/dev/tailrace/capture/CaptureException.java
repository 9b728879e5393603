package dev.tailrace.capture;

/** The capture cannot go on: with a stable code, and without values of rows. */
final class CaptureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    CaptureException(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }
}
