package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import org.junit.jupiter.api.Test;

/** Which of the prepared statements stay. */
class StatementCacheTest {

    @Test
    void theLongestUnusedOneIsClosedWhenThereAreTooMany() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            StatementCache cache = new StatementCache(connection, 2);
            PreparedStatement first = cache.prepared("SELECT 1");
            PreparedStatement second = cache.prepared("SELECT 2");
            assertThat(cache.prepared("SELECT 1")).isSameAs(first);
            cache.prepared("SELECT 3");
            assertThat(second.isClosed()).isTrue();
            assertThat(first.isClosed()).isFalse();
            assertThat(cache.prepared("SELECT 2")).isNotSameAs(second);
        }
    }

    /** However long its text, the one in use stays. */
    @Test
    void longTextsPushOthersOut() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            StatementCache cache = new StatementCache(connection, 10, 20);
            PreparedStatement first = cache.prepared("SELECT 1");
            PreparedStatement second = cache.prepared("SELECT 2");
            PreparedStatement large = cache.prepared("SELECT 1000000000000000");
            assertThat(first.isClosed()).isTrue();
            assertThat(second.isClosed()).isTrue();
            assertThat(large.isClosed()).isFalse();
        }
    }
}
