package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

        /** Whoever may write the file may change its tables. */
        @Override
        void whoeverMayNotAddThemIsToldTheStatement() {}
    }

    @Nested
    class Shape extends JdbcShapeTest {
        @Override
        TestServer server() {
            return TestServer.H2;
        }

        /** Whoever may write the file may do everything in it. */
        @Override
        void missingRightsAreNamedWithTheirGrants() {}

        @Override
        @Test
        void loginDatabaseAndServerAreToldApart() throws Exception {
            String url = server().url(target.database);
            target.with("url", url.replace(target.database, "no_such_directory/" + target.database));
            assertThat(preflight()).singleElement().satisfies(f -> {
                assertThat(f.code()).isEqualTo("JDBC-DATABASE");
                assertThat(f.message()).contains("there is no directory", "no_such_directory");
            });
            assertThat(halted().code()).isEqualTo("JDBC-DATABASE");
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
}
