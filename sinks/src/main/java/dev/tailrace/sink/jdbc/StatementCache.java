package dev.tailrace.sink.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The statements prepared on one connection, by their texts. Those that were not used for the longest time are closed when
 * there are too many. Owned by the connection's thread; the statements left end with the connection.
 */
public final class StatementCache {
    private final Connection connection;
    private final int most;
    private final long mostCharacters;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);
    private long characters;

    public StatementCache(Connection connection, int most) {
        this(connection, most, Long.MAX_VALUE);
    }

    /** @param mostCharacters of all texts together, for a driver whose statements cost by their length */
    public StatementCache(Connection connection, int most, long mostCharacters) {
        this.connection = connection;
        this.most = most;
        this.mostCharacters = mostCharacters;
    }

    /** The statement with that text; what was bound to it, or added to its batch, may still be there. */
    public PreparedStatement prepared(String text) throws SQLException {
        PreparedStatement statement = prepared.get(text);
        if (statement == null) {
            statement = connection.prepareStatement(text);
            prepared.put(text, statement);
            characters += text.length();
            while (prepared.size() > 1 && (prepared.size() > most || characters > mostCharacters)) {
                closeEldest();
            }
        }
        return statement;
    }

    private void closeEldest() throws SQLException {
        String eldest = prepared.keySet().iterator().next();
        characters -= eldest.length();
        PreparedStatement closed = prepared.remove(eldest);
        if (closed != null) {
            closed.close();
        }
    }

    /** Forgets them all; they end with their connection. */
    public void forget() {
        prepared.clear();
        characters = 0;
    }
}
