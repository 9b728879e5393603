package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.sink.TestSchemas;
import org.junit.jupiter.api.Nested;

/** All that PostgreSQL promises as a target, by MariaDB. */
@RequiresServer(RequiresServer.Kind.MARIADB)
class MariaDbTargetTest {
    @Nested
    class Contract extends JdbcSinkContractTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
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
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Transaction extends JdbcTransactionTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Shape extends JdbcShapeTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Differential extends JdbcDifferentialTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Append extends JdbcAppendTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class History extends JdbcHistoryTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class FullRows extends JdbcFullRowsTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class SoftDelete extends JdbcSoftDeleteTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class View extends JdbcViewTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Constraints extends JdbcConstraintsTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class ExistingRows extends JdbcExistingRowsTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Evolution extends JdbcEvolutionTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Held extends JdbcHoldTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }

    @Nested
    class Complaints extends NeighboursComplaintsTest {
        @Override
        TestServer server() {
            return TestServer.MARIADB;
        }
    }
}
