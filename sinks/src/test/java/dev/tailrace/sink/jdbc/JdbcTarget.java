package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.config.Finding;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.WriteResult;
import dev.tailrace.view.SourceView;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A new database and one sink at a time that writes to it. */
final class JdbcTarget implements AutoCloseable {
    final TestServer server;
    final String database;
    final Map<String, Object> settings = new HashMap<>();
    private JdbcSinkFactory factory = Boolean.getBoolean("jdbc.loads") ? loadsWhateverItCan() : new JdbcSinkFactory();
    private CheckpointingSink sink;

    JdbcTarget() throws SQLException {
        this(TestServer.POSTGRES);
    }

    JdbcTarget(TestServer server) throws SQLException {
        this.server = server;
        this.database = server.newDatabase();
        settings.putAll(Map.of("url", server.url(database), "user", server.user()));
        if (!server.password().isEmpty()) {
            settings.put("password", server.password());
        }
    }

    static TableSchema table(int id, String name, List<Integer> key, Column... columns) {
        return new TableSchema(id, new TableId("public", name), 1, List.of(columns), key);
    }

    static Column number(String name) {
        return Column.of(name, "int8", ValueType.INT64, true);
    }

    static Column text(String name) {
        return Column.of(name, "text", ValueType.TEXT, true);
    }

    private static JdbcSinkFactory loadsWhateverItCan() {
        return new JdbcSinkFactory(new BulkLoads.Limits(1, 1, 1));
    }

    /** Few rows are loaded, too. {@code -Djdbc.loads=true} does that in all tests. */
    JdbcTarget loading() {
        factory = loadsWhateverItCan();
        return this;
    }

    /** Loads are made as ever, whatever {@code jdbc.loads} says. */
    JdbcTarget standard() {
        factory = new JdbcSinkFactory();
        return this;
    }

    JdbcTarget with(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    JdbcTarget prepared(String... statements) throws SQLException {
        server.run(database, statements);
        return this;
    }

    SinkFactory.Definition definition() {
        MapSettings read = new MapSettings(settings);
        SinkFactory.Definition definition = SourceView.configure(factory, read);
        if (!read.problems().isEmpty()) {
            throw new IllegalArgumentException(read.problems().toString());
        }
        return definition;
    }

    static SinkContext context(long epoch, String journal, TableSchema... tables) {
        return context(epoch, "start-" + epoch, journal, tables);
    }

    static SinkContext context(long epoch, String token, String journal, TableSchema... tables) {
        return context(epoch, token, journal, FaultPoint.NONE, tables);
    }

    private static SinkContext context(
            long epoch, String token, String journal, FaultPoint faults, TableSchema... tables) {
        return new SinkContext("agent", "sink", journal, epoch, token, Path.of("unused"), List.of(tables), faults);
    }

    CheckpointingSink open(long epoch, TableSchema... tables) throws SinkException {
        return open(FaultPoint.NONE, epoch, tables);
    }

    /** @param faults is told of every point that the sink passes */
    CheckpointingSink open(FaultPoint faults, long epoch, TableSchema... tables) throws SinkException {
        // What ended a write to SQLite.
        Thread.interrupted();
        close();
        sink = (CheckpointingSink) definition().create();
        sink.open(context(epoch, "start-" + epoch, ChangeStream.JOURNAL, faults, tables));
        return sink;
    }

    /** What keeps a sink from being opened. */
    SinkException halted(TableSchema... tables) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> open(1, tables));
        assertThat(failure).as("it was opened").isNotNull();
        assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
        return failure;
    }

    List<Finding> preflight(TableSchema... tables) {
        return definition().preflight(context(1, "j", tables));
    }

    WriteResult write(Batch batch) throws SinkException {
        if (sink == null) {
            open(1);
        }
        return sink.write(batch);
    }

    /** Everything in one batch. */
    WriteResult write(ChangeStream stream) throws SinkException {
        return write(ChangeStream.batch(stream.frames()));
    }

    List<String> query(String sql) throws SQLException {
        return server.query(database, sql);
    }

    @Override
    public void close() {
        if (sink != null) {
            sink.close();
            sink = null;
        }
    }
}
