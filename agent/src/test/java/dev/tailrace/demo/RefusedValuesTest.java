package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.capture.postgres.SourceServer;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.jdbc.JdbcSinkFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each value that not all targets hold, from a real source: refused by those that do not, each by itself, and kept as the
 * source's own text where the column is one of text.
 */
@ExtendWith(ServerExtension.class)
@RequiresServer({RequiresServer.Kind.MYSQL, RequiresServer.Kind.MARIADB})
class RefusedValuesTest {
    private static final List<TypeCase> CASES = PostgresTypeCases.all().stream()
            .filter(type -> !type.refusals().isEmpty())
            .toList();

    @TempDir
    private Path directory;

    private int sequence;

    @Test
    void whatATargetCannotHoldIsRefusedAndKeptAsText(EmbeddedServer postgres) throws Exception {
        SourceServer source = SourceServer.newDatabase();
        int rows = 0;
        for (TypeCase type : CASES) {
            for (String table : List.of("refused_", "text_")) {
                source.run("CREATE TABLE " + table + type.name() + " (id int PRIMARY KEY, v " + type.type() + ")");
                for (int i = 0; i < type.refusals().size(); i++) {
                    source.run("INSERT INTO " + table + type.name() + " VALUES (" + i + ", "
                            + type.refusals().get(i).value() + ")");
                    rows++;
                }
            }
        }
        List<TypesTarget> targets = TypesTarget.open(postgres, directory);
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.INITIAL, "public.*"), directory)) {
            List<ChangeEvent> events = rig.awaitSnapshot(rows);
            for (TypesTarget target : targets) {
                if (!target.isPostgres()) {
                    for (TypeCase type : CASES) {
                        target.run("CREATE TABLE text_" + type.name() + " (id int PRIMARY KEY, v longtext)");
                    }
                    writeEach(target, events);
                    for (TypeCase type : CASES) {
                        assertKept(target, source, type);
                    }
                }
            }
        } finally {
            postgres.dropDatabase("types_target");
            source.dropSlot();
        }
    }

    private static void assertKept(TypesTarget target, SourceServer source, TypeCase type) throws Exception {
        List<String> held = new ArrayList<>();
        for (int i = 0; i < type.refusals().size(); i++) {
            if (!isRefused(target, type, i)) {
                held.add(String.valueOf(i));
            }
        }
        String what = target.title() + " " + type.type();
        assertThat(target.column("id", "refused_" + type.name() + " ORDER BY id"))
                .as(what)
                .isEqualTo(held);
        assertThat(shown(type, target.column("v", "text_" + type.name() + " ORDER BY id")))
                .as(what)
                .isEqualTo(shown(type, texts(source, type)));
    }

    /** PostgreSQL writes -0 where we write -0.0, and SQLite's zone has minutes. */
    private static List<String> shown(TypeCase type, List<String> texts) {
        boolean several = type.form() == WideForm.FLOATING || type.form() == WideForm.TEMPORAL;
        return several ? texts.stream().map(type.form()::canonical).toList() : texts;
    }

    private static boolean isRefused(TypesTarget target, TypeCase type, int value) {
        return type.refusals().get(value).by().contains(target.kind());
    }

    private void writeEach(TypesTarget target, List<ChangeEvent> events) throws Exception {
        Map<String, TypeCase> types = new HashMap<>();
        CASES.forEach(type -> types.put("refused_" + type.name(), type));
        List<String> taken = new ArrayList<>();
        for (ChangeEvent event : events) {
            String table = event.table().table();
            TypeCase type = types.get(table);
            if (type == null || !isRefused(target, type, (Integer) event.image().value(0))) {
                write(target, event);
            } else {
                SinkException refusal = catchThrowableOfType(SinkException.class, () -> write(target, event));
                if (refusal == null) {
                    taken.add(target.title() + " took row " + event.image().value(0) + " of " + table);
                } else {
                    assertThat(refusal.code()).isEqualTo("JDBC-VALUE");
                    assertThat(refusal.disposition()).isEqualTo(SinkException.Disposition.REJECT);
                    assertThat(refusal).hasMessageContaining("column v of public." + table);
                    assertThat(refusal.rejected()).containsExactly(event.id());
                }
            }
        }
        assertThat(taken).isEmpty();
    }

    private void write(TypesTarget target, ChangeEvent event) throws SinkException {
        Map<String, Object> settings = new HashMap<>(Map.of("url", target.url(), "user", target.user()));
        SinkFactory.Definition definition = new JdbcSinkFactory().configure(new MapSettings(settings));
        TableSchema schema = event.schema();
        try (Sink sink = definition.create()) {
            sink.open(new SinkContext("types", "refused", "j", 1, "t", directory, List.of(schema), FaultPoint.NONE));
            sequence++;
            sink.write(new Batch(
                    List.of(Transaction.whole("t" + sequence, event.position(), 1, List.of(event))),
                    new Checkpoint("j", sequence, "t", "")));
        }
    }

    private static List<String> texts(SourceServer source, TypeCase type) throws Exception {
        List<String> found = new ArrayList<>();
        try (Connection connection = TypesTarget.inUtc(source.connect());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT v FROM text_" + type.name() + " ORDER BY id")) {
            while (result.next()) {
                found.add(result.getString(1));
            }
        }
        return found;
    }
}
