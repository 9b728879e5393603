package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Opens the agent's own connections to the source, and spells its names in SQL. */
final class MySqlConnections {
    private static final int SOCKET_TIMEOUT_MS = 60_000;

    private MySqlConnections() {}

    /** @throws SQLException that {@link MySqlErrors} explains */
    static Connection open(MySqlSettings settings) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.common().password().reveal());
        properties.setProperty("sslMode", sslMode(settings));
        properties.setProperty(
                "connectTimeout",
                Long.toString(settings.common().connectTimeout().toMillis()));
        properties.setProperty("socketTimeout", Integer.toString(SOCKET_TIMEOUT_MS));
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
