package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.sink.TestSchemas;
import org.junit.jupiter.api.Nested;

/** All that PostgreSQL promises as a target, by MySQL. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlTargetTest {
    @Nested
    class Contract extends JdbcSinkContractTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }

        @Override
        protected TableSchema odd() {
            return TestSchemas.ODD_CASELESS;
        }
    }

    @Nested
    class Upsert extends JdbcUpsertTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Transaction extends JdbcTransactionTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Shape extends JdbcShapeTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Differential extends JdbcDifferentialTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Append extends JdbcAppendTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class History extends JdbcHistoryTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class FullRows extends JdbcFullRowsTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class SoftDelete extends JdbcSoftDeleteTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class View extends JdbcViewTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Constraints extends JdbcConstraintsTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class ExistingRows extends JdbcExistingRowsTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Evolution extends JdbcEvolutionTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Held extends JdbcHoldTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }

    @Nested
    class Complaints extends NeighboursComplaintsTest {
        @Override
        TestServer server() {
            return TestServer.MYSQL;
        }
    }
}
