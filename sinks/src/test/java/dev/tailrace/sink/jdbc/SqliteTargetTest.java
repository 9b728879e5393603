package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.TestSchemas;
import org.junit.jupiter.api.Nested;

/** All that PostgreSQL promises as a target, by Sqlite in a file. */
@WritesTo(TestServer.SQLITE)
class SqliteTargetTest {
    @Nested
    class Contract extends EmbeddedSinkContract {
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
    class Upsert extends JdbcUpsertTest {}

    @Nested
    class Transaction extends JdbcTransactionTest {}

    @Nested
    class Fence extends JdbcFenceTest {}

    @Nested
    class Shape extends JdbcShapeTest {}

    @Nested
    class Differential extends JdbcDifferentialTest {}

    @Nested
    class Append extends JdbcAppendTest {}

    @Nested
    class Constraints extends JdbcConstraintsTest {}

    @Nested
    class ExistingRows extends JdbcExistingRowsTest {}

    @Nested
    class Evolution extends JdbcEvolutionTest {}

    @Nested
    class FullRows extends JdbcFullRowsTest {}

    @Nested
    class SoftDelete extends JdbcSoftDeleteTest {}

    @Nested
    class View extends JdbcViewTest {}
}
