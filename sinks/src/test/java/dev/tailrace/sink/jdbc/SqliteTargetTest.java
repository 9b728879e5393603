package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.TestSchemas;
import org.junit.jupiter.api.Nested;

/** All that PostgreSQL promises as a target, by Sqlite in a file. */
class SqliteTargetTest {
    @Nested
    class Contract extends EmbeddedSinkContract {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }

        @Override
        protected TableSchema odd() {
            return TestSchemas.ODD_CASELESS;
        }

        @Override
        protected TableSchema second() {
            return TestSchemas.NOTES;
        }
    }

    @Nested
    class Upsert extends JdbcUpsertTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class Transaction extends JdbcTransactionTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class Fence extends JdbcFenceTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class Shape extends JdbcShapeTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class Differential extends JdbcDifferentialTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class Append extends JdbcAppendTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class Constraints extends JdbcConstraintsTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class ExistingRows extends JdbcExistingRowsTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class Evolution extends JdbcEvolutionTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class FullRows extends JdbcFullRowsTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class SoftDelete extends JdbcSoftDeleteTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }

    @Nested
    class View extends JdbcViewTest {
        @Override
        TestServer server() {
            return TestServer.SQLITE;
        }
    }
}
