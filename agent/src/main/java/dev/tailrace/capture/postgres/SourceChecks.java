package dev.tailrace.capture.postgres;

import static dev.tailrace.capture.SourceErrors.fatal;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What stands between the agent and a source that can be reached, apart from the journal: settings, rights, tables. */
final class SourceChecks {
    /** Tables named in full in one message; the others are counted. */
    private static final int NAMED = 20;

    private final PostgresSettings settings;
    private final SourceState state;
    private final List<Finding> findings = new ArrayList<>();

    private SourceChecks(PostgresSettings settings, SourceState state) {
        this.settings = settings;
        this.state = state;
    }

    static List<Finding> check(PostgresSettings settings, SourceState state) {
        SourceChecks checks = new SourceChecks(settings, state);
        checks.server();
        if (state.isTooOld()) {
            return checks.findings;
        }
        checks.rights();
        checks.slotUse();
        checks.tables();
        checks.names();
        checks.publication();
        return checks.findings;
    }

    private void server() {
        if (state.isTooOld()) {
            findings.add(fatal(
                    "SOURCE-VERSION-OLD",
                    "the server is PostgreSQL " + state.version() / 10_000 + "; version " + SourceState.OLDEST
                            + " or newer is needed",
                    "upgrade the server"));
        }
        if (state.standby()) {
            findings.add(fatal(
                    "SOURCE-IS-STANDBY",
                    "the server at " + settings.host() + ":" + settings.port() + " is a standby",
                    "point source.host at the primary"));
        }
        if (!state.walLevel().equals("logical")) {
            findings.add(fatal(
                    "SOURCE-WAL-LEVEL",
                    "wal_level is " + state.walLevel() + ", but logical decoding needs logical",
                    "ALTER SYSTEM SET wal_level = 'logical'; then restart the server"));
        }
        if (state.slot().isEmpty() && state.freeSlots() < 1) {
            findings.add(fatal(
                    "SOURCE-SLOTS-EXHAUSTED",
                    "all of max_replication_slots are in use, and the slot " + settings.slot() + " does not exist yet",
                    "drop a slot that nobody uses, or ALTER SYSTEM SET max_replication_slots to a larger number; then"
                            + " restart the server"));
        }
        if (state.freeSenders() < 1) {
            findings.add(new Finding(
                    "SOURCE-SENDERS-EXHAUSTED",
                    "source",
                    "all of max_wal_senders are in use",
                    "end a replication connection that nobody needs, or ALTER SYSTEM SET max_wal_senders to a larger"
                            + " number; then restart the server",
                    Severity.TRANSIENT));
        }
    }

    private void rights() {
        String user = SourceConnections.identifier(settings.user());
        if (!state.mayReplicate()) {
            findings.add(fatal(
                    "SOURCE-REPLICATION-RIGHT",
                    "user " + settings.user() + " may not use replication",
                    "ALTER ROLE " + user + " REPLICATION;"));
        }
        state.refusedMessage()
                .ifPresent(function -> findings.add(fatal(
                        "SOURCE-MESSAGE-RIGHT",
                        "user " + settings.user()
                                + " may not write messages to the server's log: while no captured table"
                                + " changes, the replication slot could not move on, and the server would keep all of"
                                + " its log",
                        "GRANT EXECUTE ON FUNCTION pg_catalog." + function + " TO " + user + ";")));
        List<TableId> unreadable = ids(table -> !table.readable());
        if (!unreadable.isEmpty()) {
            String schemas = unreadable.stream()
                    .map(TableId::schema)
                    .distinct()
                    .map(schema ->
                            "GRANT USAGE ON SCHEMA " + SourceConnections.identifier(schema) + " TO " + user + ";")
                    .collect(Collectors.joining(" "));
            findings.add(fatal(
                    "SOURCE-SELECT-RIGHT",
                    "user " + settings.user() + " may not read " + names(unreadable),
                    schemas + " GRANT SELECT ON " + sqlTables(unreadable) + " TO " + user + ";"));
        }
    }

    private void slotUse() {
        state.slot()
                .filter(slot -> slot.activePid() != 0)
                .ifPresent(slot -> findings.add(new Finding(
                        "SOURCE-SLOT-IN-USE",
                        "source",
                        "the replication slot " + settings.slot() + " is in use by the server's process "
                                + slot.activePid(),
                        "stop the other agent that has this slot, or give this one another name in source.slot; when nobody"
                                + " should use it: SELECT pg_terminate_backend(" + slot.activePid() + ");",
                        Severity.TRANSIENT)));
    }

    private void tables() {
        if (state.tables().isEmpty()) {
            findings.add(fatal(
                    "SOURCE-NO-TABLE",
                    "no table of database " + settings.database() + " matches " + settings.tables(),
                    "check source.tables: globs of the form schema.table, such as \"public.*\"; upper and lower case"
                            + " matter"));
        }
        findings.addAll(settings.common()
                .unmatched(state.tables().stream().map(SourceState.Table::id).toList()));
        forTables(
                table -> table.identity() == 'n',
                "SOURCE-IDENTITY-NOTHING",
                " has REPLICA IDENTITY NOTHING: once published, updates and deletes there fail at the source",
                table -> alter(table, table.hasKey() ? "REPLICA IDENTITY DEFAULT" : "REPLICA IDENTITY FULL"));
        forTables(
                table -> table.identity() == 'd' && !table.hasKey(),
                "SOURCE-NO-KEY",
                " has no primary key: once published, updates and deletes there fail at the source",
                table -> "ALTER TABLE " + SourceConnections.table(table.id()) + " ADD PRIMARY KEY (...); or, when there"
                        + " is none, " + alter(table, "REPLICA IDENTITY FULL"));
        forTables(
                table -> table.identity() == 'i' && table.hasKey() && !table.identityIsKey(),
                "SOURCE-IDENTITY-INDEX",
                " has a replica identity that is not the primary key: a delete would not say which key it deletes",
                table -> alter(table, "REPLICA IDENTITY DEFAULT"));
        forTables(
                table -> !table.logged(),
                "SOURCE-UNLOGGED",
                " is UNLOGGED: its changes are not in the log and cannot be published",
                table -> alter(table, "SET LOGGED"));
        warn(
                ids(table -> table.identity() == 'f' && !table.hasKey()),
                "SOURCE-KEYLESS",
                "no primary key; every row is told by all of its values",
                "add a primary key, or at a target that is updated in place keys or without-key: full-row");
        boolean storedArePublished = state.version() >= 180_000;
        warn(
                ids(table -> table.columns().stream().anyMatch(column -> isLeftOut(column, storedArePublished))),
                "SOURCE-GENERATED",
                "generated columns that the server does not publish; they are left out",
                "");
    }

    /** Whether the log does not carry the column, so that the snapshot leaves it out as well. */
    static boolean isLeftOut(SourceState.Column column, boolean storedArePublished) {
        return !column.generated().isEmpty() && !(column.generated().equals("s") && storedArePublished);
    }

    private void names() {
        for (SourceState.Table table : state.tables()) {
            TableId id = table.id();
            if (edgeQuote(id.schema()) || edgeQuote(id.table())) {
                findings.add(fatal(
                        "SOURCE-NAME-UNUSABLE",
                        "the name of table " + id
                                + " begins or ends with a double quote, which the engine cannot spell",
                        "rename it, or leave it out of source.tables"));
            }
            Set<String> seen = new HashSet<>();
            for (SourceState.Column column : table.columns()) {
                if (edgeQuote(column.name()) || !seen.add(column.name().toLowerCase(Locale.ROOT))) {
                    findings.add(fatal(
                            "SOURCE-NAME-UNUSABLE",
                            "column " + column.name() + " of table " + id + " begins or ends with a double quote, or"
                                    + " differs from another one only by case, which the engine cannot handle",
                            "rename it, or leave the table out of source.tables"));
                }
            }
        }
    }

    private static boolean edgeQuote(String name) {
        return name.startsWith("\"") || name.endsWith("\"");
    }

    private void publication() {
        String name = SourceConnections.identifier(settings.publication());
        Optional<SourceState.Publication> publication = state.publication();
        if (publication.isEmpty()) {
            if (!state.mayCreate() || !unowned(state.tables()).isEmpty()) {
                findings.add(fatal(
                        "SOURCE-PUBLICATION-RIGHT",
                        "the publication " + settings.publication() + " does not exist, and user " + settings.user()
                                + " may not create it for " + names(ids(table -> true)),
                        "as a superuser or the tables' owner: " + Publications.create(settings, state)));
            }
            return;
        }
        SourceState.Publication found = publication.get();
        if (!found.whole()) {
            findings.add(
                    fatal(
                            "SOURCE-PUBLICATION-OPTIONS",
                            "the publication " + settings.publication()
                                    + " does not publish all kinds of changes, or not" + " partitions as their root",
                            "ALTER PUBLICATION " + name
                                    + " SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);"));
        }
        List<TableId> filtered = found.tables().stream()
                .filter(SourceState.Member::filtered)
                .map(SourceState.Member::table)
                .toList();
        if (!filtered.isEmpty()) {
            findings.add(fatal(
                    "SOURCE-PUBLICATION-FILTERED",
                    "the publication " + settings.publication() + " leaves out rows or columns of " + names(filtered),
                    "ALTER PUBLICATION " + name + " SET TABLE " + sqlTables(ids(table -> true)) + ";"));
        }
        List<SourceState.Table> missing = Publications.missing(state);
        if (!missing.isEmpty() && (!found.owned() || !unowned(missing).isEmpty())) {
            findings.add(fatal(
                    "SOURCE-PUBLICATION-RIGHT",
                    "the publication " + settings.publication() + " lacks tables, and user " + settings.user()
                            + " may not add them: "
                            + names(missing.stream().map(SourceState.Table::id).toList()),
                    "as a superuser or their owner: " + Publications.add(settings, missing)));
        }
    }

    private static List<SourceState.Table> unowned(List<SourceState.Table> tables) {
        return tables.stream().filter(table -> !table.owned()).toList();
    }

    private static String alter(SourceState.Table table, String what) {
        return "ALTER TABLE " + SourceConnections.table(table.id()) + " " + what + ";";
    }

    private void forTables(
            java.util.function.Predicate<SourceState.Table> which,
            String code,
            String what,
            java.util.function.Function<SourceState.Table, String> remedy) {
        for (SourceState.Table table : state.tables()) {
            if (which.test(table)) {
                findings.add(new Finding(
                        code,
                        table.id().toString(),
                        "table " + table.id() + what,
                        remedy.apply(table),
                        Severity.FATAL));
            }
        }
    }

    private void warn(List<TableId> tables, String code, String what, String remedy) {
        if (!tables.isEmpty()) {
            findings.add(new Finding(code, "source", names(tables) + ": " + what, remedy, Severity.WARNING));
        }
    }

    private List<TableId> ids(java.util.function.Predicate<SourceState.Table> which) {
        return state.tables().stream().filter(which).map(SourceState.Table::id).toList();
    }

    static String names(List<TableId> tables) {
        String named = tables.stream().limit(NAMED).map(TableId::toString).collect(Collectors.joining(", "));
        return tables.size() > NAMED ? named + " and " + (tables.size() - NAMED) + " more" : named;
    }

    static String sqlTables(List<TableId> tables) {
        return tables.stream().map(SourceConnections::table).collect(Collectors.joining(", "));
    }
}
