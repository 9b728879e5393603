package dev.tailrace.sink.jdbc;

import org.junit.jupiter.api.Nested;

/** All that PostgreSQL promises as a target, by H2 in a file. */
@WritesTo(TestServer.H2)
class H2TargetTest {
    @Nested
    class Contract extends EmbeddedSinkContract {}

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
