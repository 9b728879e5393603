package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the errors of MySQL and MariaDB mean: by their number, since many share an SQLSTATE, then by SQLSTATE. */
final class MySqlErrors implements SqlErrors.Rules {
    private static final int PACKET_TOO_LARGE = 1153;
    private static final int DUPLICATE = 1062;
    private static final int DUPLICATE_WITH_NAME = 1586;

    static final Verdict TOO_LARGE = new Verdict(
            Disposition.REJECT,
            "JDBC-ROW-SIZE",
            "raise max_allowed_packet at the target, and on MySQL innodb_redo_log_capacity to ten times the largest value");
    private static final Verdict PLAIN_LOGIN = new Verdict(
            Disposition.HALT,
            "JDBC-LOGIN",
            "let the connection be encrypted (sslMode=REQUIRED in the url), or add allowPublicKeyRetrieval=true to the url");
    private static final Verdict STATEMENT_LOG =
            new Verdict(Disposition.HALT, "JDBC-SQL", "SET GLOBAL binlog_format = 'ROW' at the target");

    private static final Map<Integer, Verdict> BY_CODE = new HashMap<>();
    private static final Map<String, Verdict> BY_STATE = Map.ofEntries(
            Map.entry("08", SqlErrors.DOWN),
            Map.entry("40", SqlErrors.BUSY),
            Map.entry("53", SqlErrors.BUSY),
            Map.entry("70", SqlErrors.BUSY),
            Map.entry("28", SqlErrors.LOGIN),
            Map.entry("22", SqlErrors.REJECTED),
            Map.entry("23", SqlErrors.REJECTED),
            Map.entry("45", SqlErrors.REJECTED));

    static {
        // The server stops, or cut the connection.
        put(SqlErrors.DOWN, 1053, 1077, 1079, 1158, 1159, 1160, 1161, 1927, 2002, 2003, 2006, 2013, 3169, 4031);
        // Locks, limits, a full disk, a server that is read-only while another takes over.
        put(SqlErrors.BUSY, 1021, 1030, 1037, 1038, 1040, 1041, 1114, 1135, 1180, 1203, 1205, 1206, 1213, 1226, 1290);
        put(SqlErrors.BUSY, 1317, 1613, 1614, 1792, 1836, 1020, 1969, 3024, 3058, 3100, 3101, 3572, 3168);
        put(SqlErrors.LOGIN, 1045, 1130, 1251, 1275, 1524, 1698, 1820, 1862, 2059, 3118, 3159, 4151);
        put(SqlErrors.DATABASE, 1046, 1049);
        put(SqlErrors.NOT_GRANTED, 1044, 1142, 1143, 1227, 1370, 1410);
        put(SqlErrors.CHANGED, 1051, 1054, 1109, 1136, 1146, 1356, 1347, 1348, 3105);
        // Keys, checks, values that do not fit, what a trigger refuses.
        put(SqlErrors.REJECTED, 1048, DUPLICATE, 1169, 1216, 1217, 1264, 1265, 1292, 1300, 1364, 1365, 1366);
        put(SqlErrors.REJECTED, 1367, 1406, 1411, 1416, 1441, 1451, 1452, DUPLICATE_WITH_NAME, 1644, 1690, 1761, 1762);
        put(SqlErrors.REJECTED, 3140, 3141, 3143, 3144, 3156, 3157, 3617, 3643, 3819, 3854, 4025, 4078);
        put(TOO_LARGE, 1118, PACKET_TOO_LARGE, 1301, 1162);
        put(STATEMENT_LOG, 1665);
    }

    /** At the end of a message the server names the key or the column; what comes before may quote a value. */
    private static final Pattern KEY = Pattern.compile("for key '([^']*)'$");

    private static final Pattern COLUMN =
            Pattern.compile("(?:for )?column (?:'([^']*)'|`([^`]*`\\.`[^`]*`\\.`[^`]*)`)(?: at row \\d+)?$");
    private static final Pattern CONSTRAINT =
            Pattern.compile("a foreign key constraint fails \\(.*?CONSTRAINT `([^`]*)`", Pattern.DOTALL);

    private static void put(Verdict verdict, int... codes) {
        for (int code : codes) {
            BY_CODE.put(code, verdict);
        }
    }

    @Override
    public Verdict judge(SQLException error) {
        if (String.valueOf(error.getMessage()).contains("Public Key Retrieval")) {
            return PLAIN_LOGIN;
        }
        if (error instanceof com.mysql.cj.jdbc.exceptions.PacketTooBigException) {
            return TOO_LARGE;
        }
        Verdict verdict = BY_CODE.get(error.getErrorCode());
        if (verdict == null) {
            String state = error.getSQLState() == null ? "" : error.getSQLState();
            verdict = state.length() == 5 ? BY_STATE.get(state.substring(0, 2)) : null;
        }
        return verdict == null ? SqlErrors.UNKNOWN : verdict;
    }

    @Override
    public String place(SQLException error) {
        StringBuilder place = new StringBuilder(", error ").append(error.getErrorCode());
        String message = String.valueOf(error.getMessage());
        Matcher key = KEY.matcher(message);
        if (key.find()) {
            place.append(", key ").append(key.group(1));
        }
        Matcher column = COLUMN.matcher(message);
        if (column.find()) {
            String name = column.group(1) != null ? column.group(1) : column.group(2);
            place.append(", column ").append(name.replace("`", ""));
        }
        Matcher constraint = CONSTRAINT.matcher(message);
        if (constraint.find()) {
            place.append(", foreign key ").append(constraint.group(1));
        }
        return place.toString();
    }

    @Override
    public boolean duplicateKey(SQLException error) {
        int code = SqlErrors.root(error).getErrorCode();
        return code == DUPLICATE || code == DUPLICATE_WITH_NAME;
    }
}
