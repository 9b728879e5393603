package dev.tailrace.sink.jdbc;

import org.junit.jupiter.api.Nested;

/** All that PostgreSQL promises as a target, by H2 in a file. */
class H2TargetTest {
    @Nested
    class Contract extends EmbeddedSinkContract {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Upsert extends JdbcUpsertTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Transaction extends JdbcTransactionTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Fence extends JdbcFenceTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Shape extends JdbcShapeTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Differential extends JdbcDifferentialTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Append extends JdbcAppendTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Constraints extends JdbcConstraintsTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class ExistingRows extends JdbcExistingRowsTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class Evolution extends JdbcEvolutionTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class FullRows extends JdbcFullRowsTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class SoftDelete extends JdbcSoftDeleteTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }

    @Nested
    class View extends JdbcViewTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }
    }
}
