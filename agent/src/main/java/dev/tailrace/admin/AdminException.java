package dev.tailrace.admin;

import org.jspecify.annotations.Nullable;

/** Why the admin endpoint does not listen, or does not answer, with a stable code and a remedy. */
public final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String remedy;

    /** @param code ADMIN-PORT-IN-USE, ADMIN-BIND, ADMIN-UNREACHABLE, ADMIN-UNAUTHORIZED, ADMIN-ANSWER */
    public AdminException(String code, String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.remedy = remedy;
    }

    public String code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }
}
