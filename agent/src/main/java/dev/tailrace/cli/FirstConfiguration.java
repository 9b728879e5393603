package dev.tailrace.cli;

import java.util.Locale;
import java.util.Optional;

/**
 * The text of a configuration to begin with: valid as it is, with one sink that needs nothing else, and examples of the
 * others behind a #. It holds no secret.
 *
 * @param name of the agent
 * @param dataDirectory absolute
 * @param source that is captured
 */
record FirstConfiguration(String name, String dataDirectory, SourceUrl source) {
    private static final int LONGEST_NAME = 63;

    /** A name for an agent, made of that of a database. */
    static String defaultName(String database) {
        String name = database.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
        return name.isEmpty() ? "tailrace" : name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /** The variable that holds the source's password: of a form that every shell takes. */
    String passwordVariable() {
        String variable = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_PASSWORD";
        return Character.isDigit(variable.charAt(0)) ? "DB_" + variable : variable;
    }

    String text() {
        return """
                # Configuration of one Tailrace agent, written by "tailrace init". Every key with its range and default is
                # explained in conf/tailrace.yaml of the installation. A key behind a # is switched off.

                # In checkpoints and metrics%s; do not change it later.
                name: %s

                # Where the journal and the state live: a local disk, for this agent alone.
                data-dir: %s

                %s
                sinks:
                  # Files of JSON Lines, and a manifest that names the complete ones.
                  - name: archive
                    type: file
                    directory: %s

                  # Another database: whole transactions, tables are created when they are missing.
                  #- name: warehouse
                  #  type: jdbc
                  #  url: jdbc:postgresql://127.0.0.1:5432/warehouse
                  #  user: tailrace
                  #  password: ${env:WAREHOUSE_PASSWORD}

                  # An HTTP endpoint: CloudEvents, each with an id that is the same when it comes again.
                  #- name: events
                  #  type: http
                  #  url: https://127.0.0.1:8443/changes

                # Health, metrics and the status page.
                admin:
                  listen: "127.0.0.1:9480"
                """.formatted(
                        isMySql() ? "" : ", in the slot and the publication",
                        quoted(name),
                        quoted(dataDirectory),
                        sourceText(),
                        quoted(dataDirectory + "/archive"));
    }

    private boolean isMySql() {
        return source.type().equals("mysql");
    }

    private String sourceText() {
        Optional<String> sslMode = source.sslMode();
        return """
                source:
                  type: %s
                  host: %s
                  port: %d
                %s  user: %s
                  # From the environment: under systemd a line of /etc/tailrace/environment.
                  password: ${env:%s}
                  # disable, prefer, require, verify-ca or verify-full
                  %sssl-mode: %s
                  # What is captured: patterns of %s.table; * stands for any characters, ? for one.
                  tables: [%s]
                  # initial: the rows that are there are copied once. never: only changes. when-needed: as initial, and
                  # again by itself when changes are lost at the source.
                  snapshot: initial
                """.formatted(
                        source.type(),
                        quoted(source.host()),
                        source.port(),
                        isMySql() ? "" : "  database: " + quoted(source.database()) + "\n",
                        quoted(source.user()),
                        passwordVariable(),
                        sslMode.isPresent() ? "" : "#",
                        sslMode.orElse("prefer"),
                        isMySql() ? "database" : "schema",
                        quoted(isMySql() ? glob(source.database()) + ".*" : "public.*"));
    }

    /** A pattern that matches the name; what means something in a pattern is matched as any one character. */
    private static String glob(String name) {
        return name.replaceAll("[.*]", "?");
    }

    /** A value as YAML takes it whatever is in it, and without a reference. */
    private static String quoted(String value) {
        return "\"" + value.replace("${", "$${").replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
