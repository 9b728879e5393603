package dev.tailrace.sink.jdbc;

/**
 * The classes that changes of a table's shape fall into, each with a policy of its own.
 *
 * <p>A default value is no class: the source's log does not tell it, and nothing at the target rests on it.
 */
enum ChangeClass {
    /** A column that allows null came. */
    ADD("add", Reaction.EVOLVE),
    /** A column that does not allow null came. The target never enforces what the source does: it is added nullable. */
    ADD_REQUIRED("add-required", Reaction.EVOLVE),
    /** A column is gone. The target keeps it, nullable from now on. */
    DROP("drop", Reaction.EVOLVE),
    /** A column vanished while another one came, in one step: maybe the same one under a new name. */
    RENAME("rename", Reaction.PAUSE),
    /** A column holds more values than before, and all of the old ones as they were. */
    WIDEN("widen", Reaction.EVOLVE),
    /** A column has another type of which it is not known that every old value is one of its values. */
    NARROW("narrow", Reaction.PAUSE),
    /** A column allows null now. */
    RELAX("relax", Reaction.EVOLVE),
    /** A column does not allow null any more. */
    TIGHTEN("tighten", Reaction.EVOLVE),
    /** Other columns than before are the primary key. */
    KEY("key", Reaction.PAUSE),
    /** No column is left of the old shape: the table was probably dropped and made anew. */
    RECREATE("recreate", Reaction.PAUSE);

    /** What is done about a change. */
    enum Reaction {
        /** The target follows. */
        EVOLVE,
        /** The table waits for an operator's approval; the others go on. */
        PAUSE,
        /** The target stays as it is; what has no column there is left out. */
        IGNORE,
        /** The sink halts. */
        FAIL
    }

    private final String key;
    private final Reaction byDefault;

    ChangeClass(String key, Reaction byDefault) {
        this.key = key;
        this.byDefault = byDefault;
    }

    /** As the configuration and the reports name it. */
    String key() {
        return key;
    }

    Reaction byDefault() {
        return byDefault;
    }
}
