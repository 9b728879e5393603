package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Opens the agent's own connections to the source, and spells its names in SQL. */
final class MySqlConnections {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final Duration BRIEF = Duration.ofSeconds(5);

    private MySqlConnections() {}

    /** @throws SQLException that {@link MySqlErrors} explains */
    static Connection open(MySqlSettings settings) throws SQLException {
        return open(settings, settings.common().connectTimeout(), ANSWER);
    }

    /** For a glance now and then: does not wait long for a server that does not answer. */
    static Connection openBriefly(MySqlSettings settings) throws SQLException {
        return openFor(settings, BRIEF);
    }

    /** For a look at the whole source, by somebody who has other things to look after as well. */
    static Connection openToLook(MySqlSettings settings) throws SQLException {
        return openFor(settings, LOOK);
    }

    private static Connection openFor(MySqlSettings settings, Duration answer) throws SQLException {
        Duration connect = settings.common().connectTimeout();
        return open(settings, connect.compareTo(BRIEF) < 0 ? connect : BRIEF, answer);
    }

    private static Connection open(MySqlSettings settings, Duration connect, Duration answer) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.common().password().reveal());
        properties.setProperty("sslMode", sslMode(settings));
        properties.setProperty("connectTimeout", Long.toString(connect.toMillis()));
        properties.setProperty("socketTimeout", Long.toString(answer.toMillis()));
        properties.setProperty("tcpKeepAlive", "true");
        // without TLS the server's key protects the password
        properties.setProperty("allowPublicKeyRetrieval", "true");
        properties.setProperty("connectionTimeZone", "UTC");
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("allowLoadLocalInfile", "false");
        properties.setProperty("connectionAttributes", "program_name:tailrace");
        return DriverManager.getConnection(url(settings), properties);
    }

    /** Without user and password: fit for a message. */
    static String url(MySqlSettings settings) {
        return "jdbc:mysql://" + settings.host() + ":" + settings.port() + "/";
    }

    static String sslMode(MySqlSettings settings) {
        return switch (settings.common().sslMode()) {
            case "disable" -> "DISABLED";
            case "require" -> "REQUIRED";
            case "verify-ca" -> "VERIFY_CA";
            case "verify-full" -> "VERIFY_IDENTITY";
            default -> "PREFERRED";
        };
    }

    static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    static String table(TableId table) {
        return identifier(table.schema()) + "." + identifier(table.table());
    }

    static String literal(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
