package dev.tailrace.journal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why the journal cannot do what it was asked, with a stable code and a remedy. */
public final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String remedy;
    private final boolean fatal;

    /**
     * @param code JOURNAL-GAP, JOURNAL-CORRUPT, JOURNAL-LOCKED, JOURNAL-DISK-FULL, JOURNAL-READ-ONLY, JOURNAL-NETWORK-FS,
     *     JOURNAL-IO
     * @param fatal whether the journal must be opened anew before it can be used again
     */
    public JournalException(String code, String message, String remedy, boolean fatal, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.remedy = Objects.requireNonNull(remedy, "remedy");
        this.fatal = fatal;
    }

    public String code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }

    public boolean fatal() {
        return fatal;
    }
}
