package dev.tailrace.capture.postgres;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;

/** Opens the agent's own connections to the source, and spells its names in SQL. */
final class SourceConnections {
    private static final String TEXTS = "-c IntervalStyle=postgres -c bytea_output=hex -c search_path=pg_catalog";

    /** What the server's text of a value depends on, for every session of ours: no role or database setting gets in. */
    static final String SESSION_OPTIONS = TEXTS + " -c lc_monetary=C";

    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final Duration BRIEF = Duration.ofSeconds(5);

    private SourceConnections() {}

    /** @throws SQLException whose SQL state {@link SourceErrors} explains */
    static Connection open(PostgresSettings settings) throws SQLException {
        return open(settings, SESSION_OPTIONS);
    }

    /** For a glance now and then: does not wait long for a server that does not answer. */
    static Connection openBriefly(PostgresSettings settings) throws SQLException {
        return openFor(settings, BRIEF);
    }

    /** For a look at the whole source, by somebody who has other things to look after as well. */
    static Connection openToLook(PostgresSettings settings) throws SQLException {
        return openFor(settings, LOOK);
    }

    private static Connection openFor(PostgresSettings settings, Duration answer) throws SQLException {
        Duration connect = settings.connectTimeout().compareTo(BRIEF) < 0 ? settings.connectTimeout() : BRIEF;
        return open(settings, SESSION_OPTIONS, connect, answer);
    }

    /** Digits behind the point of the database's money: its own setting {@code lc_monetary} decides, not ours. */
    static int moneyDigits(PostgresSettings settings) throws SQLException {
        try (Connection connection = open(settings, TEXTS);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT scale(1::money::numeric)")) {
            result.next();
            return result.getInt(1);
        }
    }

    private static Connection open(PostgresSettings settings, String options) throws SQLException {
        return open(settings, options, settings.connectTimeout(), ANSWER);
    }

    private static Connection open(PostgresSettings settings, String options, Duration connect, Duration answer)
            throws SQLException {
        String seconds = Long.toString(Math.max(1, connect.toSeconds()));
        Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password().reveal());
        properties.setProperty("sslmode", settings.sslMode());
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", Long.toString(answer.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "tailrace");
        properties.setProperty("options", options);
        return DriverManager.getConnection(url(settings), properties);
    }

    /** Without user and password: fit for a message. */
    static String url(PostgresSettings settings) {
        return "jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/"
                + java.net.URLEncoder.encode(settings.database(), java.nio.charset.StandardCharsets.UTF_8);
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    static String table(TableId table) {
        return identifier(table.schema()) + "." + identifier(table.table());
    }

    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** As the server writes it: {@code 0/16B3748}. */
    static String lsn(long lsn) {
        return (Long.toHexString(lsn >>> 32) + "/" + Long.toHexString(lsn & 0xFFFF_FFFFL)).toUpperCase(Locale.ROOT);
    }

    static long lsn(String text) {
        int slash = text.indexOf('/');
        return Long.parseLong(text, 0, slash, 16) << 32 | Long.parseLong(text, slash + 1, text.length(), 16);
    }
}
