package dev.tailrace.demo;

import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A database that the matrix of types is written to.
 *
 * @param name of the sink
 * @param title in the documentation
 * @param url of the sink
 * @param user of the sink
 * @param reading how values are read there
 * @param connection for the test itself
 * @param columnType query of the type that a column was declared with, by table and column
 */
record TypesTarget(
        String name, String title, String url, String user, Reading reading, Connection connection, String columnType) {

    /** How a value is read so that equal values are equal texts, here and at the source. */
    enum Reading {
        /** The server's own text, to the letter: the source is a PostgreSQL, too. */
        POSTGRES {
            @Override
            String expression(WideForm form, String column) {
                return WideForm.TEXT.postgres("\"" + column + "\"");
            }

            @Override
            String ofSource(WideForm form, String column) {
                return expression(form, column);
            }

            @Override
            String canonical(WideForm form, String text) {
                return text;
            }
        },
        MYSQL {
            @Override
            String expression(WideForm form, String column) {
                return form.mySql("`" + column + "`");
            }
        };

        abstract String expression(WideForm form, String column);

        String ofSource(WideForm form, String column) {
            return form.postgres("\"" + column + "\"");
        }

        String canonical(WideForm form, String text) {
            return form.canonical(text);
        }
    }

    private static final String DATABASE = "types_target";
    private static final String OPTIONS =
            "?sslMode=DISABLED&characterEncoding=UTF-8&connectionTimeZone=UTC&yearIsDateType=false&tinyInt1isBit=false"
                    + "&transformedBitIsBoolean=false&sessionVariables=time_zone='%2B00:00'";

    /** One line a target; each gets an empty database. */
    static List<TypesTarget> open(EmbeddedServer postgres) throws Exception {
        return List.of(
                ofPostgres(postgres),
                ofMySql("mysql", "MySQL", TestServers.mysql().port()),
                ofMySql("mariadb", "MariaDB", TestServers.mariadb().port()));
    }

    private static TypesTarget ofPostgres(EmbeddedServer server) throws SQLException {
        server.createDatabase(DATABASE);
        return new TypesTarget(
                "postgres",
                "PostgreSQL",
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + DATABASE,
                EmbeddedServer.USER,
                Reading.POSTGRES,
                inUtc(server.dataSource(DATABASE).getConnection()),
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass(?)"
                        + " AND attname = ?");
    }

    private static TypesTarget ofMySql(String name, String title, int port) throws SQLException {
        String url = "jdbc:mysql://127.0.0.1:" + port + "/";
        try (Connection connection = DriverManager.getConnection(url + OPTIONS, DatabaseServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + DATABASE);
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        return new TypesTarget(
                name,
                title,
                url + DATABASE,
                DatabaseServer.USER,
                Reading.MYSQL,
                DriverManager.getConnection(url + DATABASE + OPTIONS, DatabaseServer.USER, ""),
                "SELECT column_type FROM information_schema.columns WHERE table_schema = database()"
                        + " AND table_name = ? AND column_name = ?");
    }

    /** The connection with the settings that texts depend on. */
    static Connection inUtc(Connection postgres) throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';"
                    + " SET extra_float_digits = 1; SET lc_monetary = 'C'");
        }
        return postgres;
    }

    boolean isPostgres() {
        return reading == Reading.POSTGRES;
    }

    /** Lines of the sink in the configuration. */
    List<String> sink() {
        List<String> lines = new ArrayList<>(List.of("name: " + name, "url: " + url, "user: " + user));
        if (isPostgres()) {
            lines.add("password: unused-here");
        }
        return lines;
    }

    /** What the sink has declared, as the database shows it. */
    String declared(String table, String column) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(columnType)) {
            query.setString(1, table);
            query.setString(2, column);
            try (ResultSet found = query.executeQuery()) {
                if (!found.next()) {
                    throw new AssertionError(title + " has no column " + column + " of " + table);
                }
                // MariaDB shows the widths of integers, which mean nothing but for tinyint(1).
                String type = found.getString(1);
                return type.equals("tinyint(1)") ? type : type.replaceFirst("^((small|big)?int)\\(\\d+\\)", "$1");
            }
        }
    }

    List<String> column(String expression, String table) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + expression + " FROM " + table)) {
            while (result.next()) {
                found.add(result.getString(1));
            }
        } catch (SQLException e) {
            // The agent creates the table.
            if (!List.of("42P01", "42S02").contains(e.getSQLState())) {
                throw e;
            }
        }
        return found;
    }

    void run(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
