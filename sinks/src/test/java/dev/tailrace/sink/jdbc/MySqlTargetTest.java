package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.sink.TestSchemas;
import org.junit.jupiter.api.Nested;

/** All that PostgreSQL promises as a target, by MySQL. */
@RequiresServer(RequiresServer.Kind.MYSQL)
@WritesTo(TestServer.MYSQL)
class MySqlTargetTest {
    @Nested
    class Contract extends JdbcSinkContractTest {
        @Override
        protected TableSchema odd() {
            return TestSchemas.ODD_CASELESS;
        }
    }

    @Nested
    class Upsert extends JdbcUpsertTest {}

    @Nested
    class Transaction extends JdbcTransactionTest {}

    @Nested
    class Shape extends JdbcShapeTest {}

    @Nested
    class Differential extends JdbcDifferentialTest {}

    @Nested
    class Append extends JdbcAppendTest {}

    @Nested
    class History extends JdbcHistoryTest {}

    @Nested
    class FullRows extends JdbcFullRowsTest {}

    @Nested
    class SoftDelete extends JdbcSoftDeleteTest {}

    @Nested
    class View extends JdbcViewTest {}

    @Nested
    class Constraints extends JdbcConstraintsTest {}

    @Nested
    class ExistingRows extends JdbcExistingRowsTest {}

    @Nested
    class Evolution extends JdbcEvolutionTest {}

    @Nested
    class Held extends JdbcHoldTest {}

    @Nested
    class Complaints extends NeighboursComplaintsTest {}
}
