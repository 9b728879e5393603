package dev.tailrace.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Settings;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.EventId;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TestSchemas;
import dev.tailrace.sink.WriteResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sink behind a view is given. */
class ViewTest {
    private static final TableSchema ORDERS = TestSchemas.ORDERS;
    private static final TableSchema LOG = TestSchemas.LOG;

    private final List<Batch> written = new ArrayList<>();
    private final ChangeStream stream = new ChangeStream();

    /** Keeps what it is given. */
    private final class KeepingFactory implements SinkFactory {
        @Override
        public String type() {
            return "keeping";
        }

        @Override
        public Definition configure(Settings settings) {
            return new Definition() {
                @Override
                public Sink create() {
                    return new Sink() {
                        @Override
                        public void open(SinkContext context) {}

                        @Override
                        public WriteResult write(Batch batch) {
                            written.add(batch);
                            return WriteResult.DURABLE;
                        }

                        @Override
                        public void close() {}
                    };
                }

                @Override
                public List<Finding> preflight(SinkContext context) {
                    return List.of();
                }
            };
        }
    }

    private SinkFactory.Definition definition(Map<String, ?> keys) {
        MapSettings settings = new MapSettings(keys);
        SinkFactory.Definition made = SourceView.configure(new KeepingFactory(), settings);
        assertThat(settings.problems()).isEmpty();
        return made;
    }

    private static SinkContext context(TableSchema... tables) {
        return new SinkContext(
                "agent", "sink", "journal", 1, "token", Path.of("unused"), List.of(tables), FaultPoint.NONE);
    }

    private List<ChangeEvent> shown(Map<String, ?> keys) throws SinkException {
        written.clear();
        try (Sink sink = definition(keys).create()) {
            sink.open(context(ORDERS));
            sink.write(ChangeStream.batch(stream.frames()));
        }
        return written.get(0).events();
    }

    private static Map<String, ?> where(String condition) {
        return Map.of("where", Map.of("public.orders", condition));
    }

    private static Row order(Object... values) {
        return Row.of(ORDERS, values);
    }

    @Test
    void aSinkThatSeesEverythingHasNoView() {
        assertThat(definition(Map.of())).isNotInstanceOf(ViewedDefinition.class);
    }

    @Test
    void aRowArrivesWholeWhenItBeginsToMatch() throws Exception {
        stream.add(Operation.UPDATE, ORDERS, order(1L, 1, "n", "big", null), order(1L, 2, "n", Row.absent(), null))
                .commit();
        ChangeEvent event = shown(where("customer = 2")).get(0);
        assertThat(event.operation()).isEqualTo(Operation.INSERT);
        assertThat(event.after()).isEqualTo(order(1L, 2, "n", "big", null));
        assertThat(event.id()).isEqualTo(stream.events().get(0).id());
    }

    @Test
    void aRowIsDeletedWhenItNoLongerMatches() throws Exception {
        stream.add(Operation.UPDATE, ORDERS, order(1L, 2, "n", "d", null), order(9L, 3, "n", "d", null))
                .commit();
        ChangeEvent event = shown(where("customer = 2")).get(0);
        assertThat(event.operation()).isEqualTo(Operation.DELETE);
        assertThat(event.before().keyValues()).containsExactly(1L);
    }

    @Test
    void whatNeverMatchesIsNotSeenAndTheCheckpointMovesOn() throws Exception {
        stream.insert(ORDERS, 1L, 1, "n", "d", null).commit();
        stream.add(Operation.UPDATE, ORDERS, order(1L, 1, "n", "d", null), order(1L, 3, "n", "d", null))
                .add(Operation.DELETE, ORDERS, order(1L, 3, "n", "d", null), null)
                .commit();
        assertThat(shown(where("customer = 2"))).isEmpty();
        assertThat(written.get(0).checkpoint().sequence()).isEqualTo(2);
        assertThat(written.get(0).endsTransaction()).isTrue();
    }

    @Test
    void withoutOldImagesARowIsSetOrDeletedByItsKey() throws Exception {
        stream.update(ORDERS, 1L, 2, "n", "d", null)
                .update(ORDERS, 2L, 3, "n", "d", null)
                .delete(ORDERS, 3L)
                .commit();
        List<ChangeEvent> events = shown(where("customer = 2"));
        assertThat(events)
                .extracting(ChangeEvent::operation)
                .containsExactly(Operation.UPDATE, Operation.DELETE, Operation.DELETE);
        assertThat(events)
                .extracting(ChangeEvent::id)
                .isEqualTo(stream.events().stream().map(ChangeEvent::id).toList());
    }

    @Test
    void aPartOfARowThatMayBeNewIsRefused() throws Exception {
        stream.update(ORDERS, 1L, 2, "n", Row.absent(), null).commit();
        refused(where("customer = 2"), "VIEW-IMAGE");
    }

    @Test
    void anAbsentColumnInTheConditionIsRefusedOnlyWhenItDecides() throws Exception {
        stream.update(ORDERS, 1L, 2, "n", Row.absent(), null).commit();
        refused(where("document = 'x'"), "VIEW-IMAGE");
        assertThat(shown(where("customer = 3 and document = 'x'")))
                .extracting(ChangeEvent::operation)
                .containsExactly(Operation.DELETE);
    }

    private void refused(Map<String, ?> keys, String code) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> shown(keys));
        assertThat(failure).isNotNull();
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(stream.events().get(0).id());
        assertThat(failure.remedy()).isNotBlank();
    }

    @Test
    void aDeclaredKeyNeedsTheOldImage() throws Exception {
        Map<String, ?> keys = Map.of("keys", Map.of("public.orders", List.of("customer")));
        stream.update(ORDERS, 1L, 2, "n", "d", null).commit();
        refused(keys, "VIEW-IMAGE");
    }

    @Test
    void aDeclaredKeyIsNeverNull() throws Exception {
        stream.insert(LOG, 1L, null).commit();
        refused(Map.of("keys", Map.of("public.log", List.of("line"))), "VIEW-KEY-VALUE");
    }

    @Test
    void aDeclaredKeyMovesRows() throws Exception {
        stream.add(Operation.UPDATE, LOG, Row.of(LOG, 1L, "a"), Row.of(LOG, 2L, "a"))
                .commit();
        ChangeEvent event =
                shown(Map.of("keys", Map.of("public.log", List.of("n")))).get(0);
        assertThat(event.changesKey()).isTrue();
        assertThat(event.before().keyValues()).containsExactly(1L);
    }

    @Test
    void masksAreInEveryImage() throws Exception {
        stream.add(Operation.UPDATE, ORDERS, order(1L, 2, "old", "d", null), order(1L, 2, "new", Row.absent(), null))
                .commit();
        ChangeEvent event = shown(Map.of(
                        "mask-key",
                        "0123456789abcdef",
                        "columns",
                        Map.of(
                                "public.orders",
                                Map.of(
                                        "drop", List.of("document"),
                                        "hash", List.of("note", "amount"),
                                        "fixed", Map.of("customer", "0"),
                                        "rename", Map.of("note", "remark")))))
                .get(0);
        assertThat(event.schema().columns())
                .extracting(c -> c.name())
                .containsExactly("id", "customer", "remark", "amount");
        // HMAC-SHA256 of "old" and "new", computed with openssl
        assertThat(event.before().value(2)).isEqualTo(OLD_HASH);
        assertThat(event.after().value(2)).isEqualTo(NEW_HASH);
        assertThat(event.before().value(1)).isEqualTo(0);
        assertThat(event.before().isNull(3)).isTrue();
    }

    private static final String OLD_HASH = "675fdbb9c4b7b5beb90b7d2c3b08d38712b5d422912681a4970138f11580d2c4";
    private static final String NEW_HASH = "757622e6eee9952f6db1d0a7a383f7ea02a37c9c4a0625ac36c9dc6f293d990f";

    @Test
    void rulesThatDoNotFitAreToldBeforeTheStart() {
        for (Map.Entry<Map<String, ?>, String> wrong : List.of(
                Map.<Map<String, ?>, String>entry(where("customer = 2 and sum > 3"), "at character 18"),
                Map.<Map<String, ?>, String>entry(where("customer = 'x'"), "at character 12"),
                Map.<Map<String, ?>, String>entry(rules("drop", List.of("ssn")), "name ssn"),
                Map.<Map<String, ?>, String>entry(rules("drop", List.of("id")), "key column id"),
                Map.<Map<String, ?>, String>entry(rules("fixed", Map.of("id", "1")), "key column id"),
                Map.<Map<String, ?>, String>entry(rules("fixed", Map.of("customer", "x")), "holds numbers"),
                Map.<Map<String, ?>, String>entry(rules("rename", Map.of("note", "id")), "two columns named id"),
                Map.<Map<String, ?>, String>entry(Map.of("keys", Map.of("public.orders", List.of("x"))), "column x"))) {
            SinkFactory.Definition definition = definition(wrong.getKey());
            assertThat(definition.preflight(context(ORDERS))).singleElement().satisfies(finding -> {
                assertThat(finding.code()).isEqualTo("VIEW-SETTINGS");
                assertThat(finding.message()).contains(wrong.getValue());
            });
            SinkException failure = catchThrowableOfType(
                    SinkException.class, () -> definition.create().open(context(ORDERS)));
            assertThat(failure.code()).isEqualTo("VIEW-SETTINGS");
            assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
        }
    }

    private static Map<String, ?> rules(String kind, Object columns) {
        return Map.of("columns", Map.of("public.orders", Map.of(kind, columns)));
    }

    @Test
    void aTableThatNobodyKnowsIsWarnedOf() {
        assertThat(definition(Map.of("where", Map.of("public.order", "id = 1"))).preflight(context(ORDERS)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
                    assertThat(finding.message()).contains("public.order");
                });
    }

    @Test
    void anOlderShapeMayLackAMaskedColumn() throws Exception {
        stream.insert(ORDERS, 1L, 2, "n", "d", null).commit();
        try (Sink sink = definition(rules("drop", List.of("colour"))).create()) {
            sink.open(context(TestSchemas.ORDERS_WIDER));
            sink.write(ChangeStream.batch(stream.frames()));
        }
        assertThat(written.get(0).events().get(0).after()).isEqualTo(order(1L, 2, "n", "d", null));
    }

    @Test
    void onlyATruncationOfTheSourceIsIgnored() throws Exception {
        stream.truncate(ORDERS).commit();
        ChangeEvent restart = ChangeEvent.ofSnapshot(
                Operation.TRUNCATE, ORDERS, stream.events().get(0).position(), 2, 0, null);
        for (String policy : List.of("ignore", "halt")) {
            written.clear();
            try (Sink sink = definition(Map.of("truncate", policy)).create()) {
                sink.open(context(ORDERS));
                sink.write(new Batch(
                        List.of(Transaction.whole("snapshot-2", restart.position(), 0, List.of(restart))),
                        stream.frames().get(0).checkpoint()));
            }
            assertThat(written.get(0).events()).containsExactly(restart);
        }
        assertThat(shown(Map.of("truncate", "ignore"))).isEmpty();
        SinkException failure = catchThrowableOfType(SinkException.class, () -> shown(Map.of("truncate", "halt")));
        assertThat(failure.code()).isEqualTo("VIEW-TRUNCATE");
    }

    @Test
    void idsAreThoseOfTheSource() throws Exception {
        stream.read(ORDERS, 1L, 2, "n", "d", null)
                .insert(ORDERS, 2L, 2, "n", "d", null)
                .truncate(ORDERS)
                .commit();
        List<EventId> ids = stream.events().stream().map(ChangeEvent::id).toList();
        assertThat(shown(rules("drop", List.of("note"))))
                .extracting(ChangeEvent::id)
                .isEqualTo(ids);
    }
}
