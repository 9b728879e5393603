package dev.tailrace.demo;

import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database that the matrix of types is written to. Every look at it is a connection of its own: a file of H2 belongs to
 * whoever opened it first, which may be an agent that is killed.
 *
 * @param url of the sink
 * @param user of the sink
 * @param reading the url for the test itself
 */
record TypesTarget(Kind kind, String url, String user, String reading) {

    /** What the database is, and how a value is read there so that equal values of all kinds are equal texts. */
    enum Kind {
        POSTGRES(
                "PostgreSQL",
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass(?)"
                        + " AND attname = ?") {
            @Override
            String expression(WideForm form, String column) {
                return form.postgres("\"" + column + "\"");
            }
        },
        MYSQL("MySQL", Kind.MYSQL_TYPE) {
            @Override
            String expression(WideForm form, String column) {
                return form.mySql("`" + column + "`");
            }
        },
        MARIADB("MariaDB", Kind.MYSQL_TYPE) {
            @Override
            String expression(WideForm form, String column) {
                return MYSQL.expression(form, column);
            }
        },
        SQLITE("SQLite", "SELECT lower(type) FROM pragma_table_xinfo(?) WHERE name = ?") {
            @Override
            String expression(WideForm form, String column) {
                return form.sqlite("`" + column + "`");
            }

            /** SQLite's own text of a number is not all of it. */
            @Override
            String text(ResultSet row, int column) throws SQLException {
                return row.getObject(column) instanceof Double number ? number.toString() : row.getString(column);
            }
        },
        H2(
                "H2",
                "SELECT DATA_TYPE_SQL(table_schema, table_name, 'TABLE', dtd_identifier)"
                        + " FROM information_schema.columns WHERE table_name = ? AND column_name = ?") {
            @Override
            String expression(WideForm form, String column) {
                return form.h2("\"" + column + "\"");
            }

            @Override
            String text(ResultSet row, int column) throws SQLException {
                if (row.getMetaData().getColumnType(column) == Types.BLOB) {
                    // Its hexadecimal digits could be more than a VARCHAR of H2 has room for.
                    byte[] bytes = row.getBytes(column);
                    return bytes == null ? null : HexFormat.of().formatHex(bytes);
                }
                String text = row.getString(column);
                if (text == null) {
                    return null;
                }
                Matcher before = BEFORE_CHRIST.matcher(text);
                if (before.matches()) {
                    // H2 counts as ISO does, with a year 0.
                    return String.format("%04d%s BC", Integer.parseInt(before.group(1)) + 1, before.group(2));
                }
                Matcher interval = INTERVAL.matcher(text);
                return interval.matches()
                        ? String.format(
                                "%s%02d%s", interval.group(1), Integer.parseInt(interval.group(2)), interval.group(3))
                        : text;
            }
        };

        private static final String MYSQL_TYPE =
                "SELECT column_type FROM information_schema.columns WHERE table_schema = database()"
                        + " AND table_name = ? AND column_name = ?";
        private static final Pattern INTERVAL = Pattern.compile("INTERVAL '(-?)(\\d+)(:.*)' HOUR TO SECOND");
        private static final Pattern BEFORE_CHRIST = Pattern.compile("-(\\d{4,})(-\\d\\d-\\d\\d( .*)?)");

        private final String title;
        private final String columnType;

        /** @param columnType query of the type that a column was declared with, by table and column */
        Kind(String title, String columnType) {
            this.title = title;
            this.columnType = columnType;
        }

        abstract String expression(WideForm form, String column);

        String text(ResultSet row, int column) throws SQLException {
            return row.getString(column);
        }

        String title() {
            return title;
        }
    }

    static final String DATABASE = "types_target";
    private static final String OPTIONS =
            "?sslMode=DISABLED&characterEncoding=UTF-8&connectionTimeZone=UTC&yearIsDateType=false&tinyInt1isBit=false"
                    + "&transformedBitIsBoolean=false&sessionVariables=time_zone='%2B00:00'";
    private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");

    /** One a kind; each is empty. */
    static List<TypesTarget> open(EmbeddedServer postgres, Path directory) throws Exception {
        return open(postgres, TestServers.mysql().port(), directory);
    }

    /** The same with that server of MySQL. */
    static List<TypesTarget> open(EmbeddedServer postgres, int mySqlPort, Path directory) throws Exception {
        postgres.createDatabase(DATABASE);
        String postgresUrl = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + DATABASE;
        String sqlite = "jdbc:sqlite:" + directory.resolve("target.db");
        // The test reads beside the agent; its own names are not in quotes.
        String h2 = "jdbc:h2:file:" + directory.resolve("target") + ";AUTO_SERVER=TRUE;DATABASE_TO_LOWER=TRUE";
        return List.of(
                new TypesTarget(Kind.POSTGRES, postgresUrl, EmbeddedServer.USER, postgresUrl + "?password=unused-here"),
                ofMySql(Kind.MYSQL, mySqlPort),
                ofMySql(Kind.MARIADB, TestServers.mariadb().port()),
                new TypesTarget(Kind.SQLITE, sqlite, "unused", sqlite),
                new TypesTarget(Kind.H2, h2, "sa", h2));
    }

    private static TypesTarget ofMySql(Kind kind, int port) throws SQLException {
        String url = "jdbc:mysql://127.0.0.1:" + port + "/";
        try (Connection connection = DriverManager.getConnection(url + OPTIONS, DatabaseServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + DATABASE);
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        return new TypesTarget(kind, url + DATABASE, DatabaseServer.USER, url + DATABASE + OPTIONS);
    }

    /** The connection with the settings that texts depend on. */
    static Connection inUtc(Connection postgres) throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';"
                    + " SET extra_float_digits = 1; SET lc_monetary = 'C'");
        }
        return postgres;
    }

    Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(reading, user, "");
        return isPostgres() ? inUtc(connection) : connection;
    }

    /** How it is read to be compared with a source of that kind. */
    TypesReading reading(Kind source) {
        return new TypesReading(kind, toTheLetter(source));
    }

    /** How a source of that kind is read to be compared with it. */
    TypesReading readingOf(Kind source) {
        return new TypesReading(source, toTheLetter(source));
    }

    private boolean toTheLetter(Kind source) {
        return kind == Kind.POSTGRES && source == Kind.POSTGRES;
    }

    boolean isPostgres() {
        return kind == Kind.POSTGRES;
    }

    /** Whether the agent has got to it; the test does not take a file away from it. */
    boolean isTaken() {
        return kind != Kind.H2 || Files.exists(Path.of(url.replaceFirst("jdbc:h2:file:([^;]*);.*", "$1.lock.db")));
    }

    /** Name of the sink. */
    String name() {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** In the documentation. */
    String title() {
        return kind.title();
    }

    /** Lines of the sink in the configuration. */
    List<String> sink() {
        List<String> lines = new ArrayList<>(List.of("name: " + name(), "url: " + url, "user: " + user));
        if (isPostgres()) {
            lines.add("password: unused-here");
        }
        return lines;
    }

    /** What the sink has declared, as the database shows it. */
    String declared(String table, String column) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement(kind.columnType)) {
            query.setString(1, table);
            query.setString(2, column);
            try (ResultSet found = query.executeQuery()) {
                if (!found.next()) {
                    throw new AssertionError(title() + " has no column " + column + " of " + table);
                }
                // MariaDB shows the widths of integers, which mean nothing but for tinyint(1).
                String type = found.getString(1);
                return type.equals("tinyint(1)")
                        ? type
                        : type.replaceFirst("^((?:tiny|small|medium|big)?int|year)\\(\\d+\\)", "$1");
            }
        }
    }

    List<String> column(String expression, String table) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + expression + " FROM " + table)) {
            while (result.next()) {
                found.add(kind.text(result, 1));
            }
        } catch (SQLException e) {
            if (!isMissing(e)) {
                throw e;
            }
        }
        return found;
    }

    /** The agent creates the table. */
    private boolean isMissing(SQLException e) {
        return switch (kind) {
            case SQLITE -> String.valueOf(e.getMessage()).contains("no such table");
            // Its own errors of connections: the agent that served the file has just ended.
            case H2 ->
                NO_TABLE.contains(e.getSQLState())
                        || String.valueOf(e.getSQLState()).startsWith("90");
            default -> NO_TABLE.contains(e.getSQLState());
        };
    }

    void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
