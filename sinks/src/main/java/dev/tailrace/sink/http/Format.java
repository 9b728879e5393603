package dev.tailrace.sink.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.EventJson;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The shape of one change in a request. All values look as {@link EventJson} says. */
enum Format {
    /** CloudEvents 1.0 in structured mode, batched. */
    CLOUDEVENTS("application/cloudevents-batch+json", "application/cloudevents+json") {
        @Override
        void write(JsonGenerator json, ChangeEvent event, Transaction transaction, String agent) throws IOException {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("id", event.id().text());
            json.writeStringField(
                    "source",
                    "/tailrace/" + encoded(agent) + "/" + event.position().source());
            json.writeStringField("type", "dev.tailrace.row." + verb(event));
            json.writeStringField("subject", subject(event));
            json.writeStringField("time", EventJson.timestamp(transaction.commitMicros()) + "Z");
            json.writeStringField("datacontenttype", "application/json");
            json.writeStringField("partitionkey", subject(event));
            json.writeStringField("sequence", sequence(event));
            json.writeObjectFieldStart("data");
            EventJson.change(json, event, transaction);
            json.writeEndObject();
            json.writeEndObject();
        }
    },

    /** Debezium's envelope. {@code ts_ms} is the commit's time, so that every delivery has the same bytes. */
    DEBEZIUM("application/json", "application/json") {
        @Override
        void write(JsonGenerator json, ChangeEvent event, Transaction transaction, String agent) throws IOException {
            json.writeStartObject();
            image(json, "before", event.before());
            image(json, "after", event.after());
            if (event.after() != null) {
                EventJson.absent(json, event.after());
            }
            json.writeObjectFieldStart("source");
            source(json, event, transaction, agent);
            json.writeEndObject();
            json.writeStringField("op", String.valueOf(event.operation().code()));
            json.writeNumberField("ts_ms", Math.floorDiv(transaction.commitMicros(), 1000L));
            json.writeObjectFieldStart("transaction");
            json.writeStringField("id", transaction.id());
            json.writeEndObject();
            json.writeEndObject();
        }
    },

    /**
     * {@code table, op, key, row, id}; {@code row} is the row after the change, for a deletion what the source sent of
     * the old one; {@code oldKey} is there when the key changed.
     */
    ROW("application/json", "application/json") {
        @Override
        void write(JsonGenerator json, ChangeEvent event, Transaction transaction, String agent) throws IOException {
            json.writeStartObject();
            json.writeStringField("table", event.table().toString());
            json.writeStringField("op", String.valueOf(event.operation().code()));
            Row image = event.after() != null ? event.after() : event.before();
            if (image != null) {
                json.writeFieldName("key");
                EventJson.key(json, image);
            }
            if (event.before() != null && event.changesKey()) {
                json.writeFieldName("oldKey");
                EventJson.key(json, event.before());
            }
            image(json, "row", image);
            if (event.after() != null) {
                EventJson.absent(json, event.after());
            }
            json.writeStringField("id", event.id().text());
            json.writeEndObject();
        }
    };

    private final String arrayType;
    private final String singleType;

    Format(String arrayType, String singleType) {
        this.arrayType = arrayType;
        this.singleType = singleType;
    }

    /** The word in the configuration. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Format ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** @param single whether a request holds one object instead of an array */
    String contentType(boolean single) {
        return single ? singleType : arrayType;
    }

    /** One object; the same change gives the same bytes. */
    abstract void write(JsonGenerator json, ChangeEvent event, Transaction transaction, String agent)
            throws IOException;

    private static void image(JsonGenerator json, String name, @org.jspecify.annotations.Nullable Row row)
            throws IOException {
        json.writeFieldName(name);
        if (row == null) {
            json.writeNull();
        } else {
            EventJson.row(json, row);
        }
    }

    private static void source(JsonGenerator json, ChangeEvent event, Transaction transaction, String agent)
            throws IOException {
        SourcePosition position = event.position();
        boolean postgres = position.source().startsWith("pg-");
        json.writeStringField("connector", postgres ? "postgresql" : "mysql");
        json.writeStringField("name", agent);
        json.writeNumberField("ts_ms", Math.floorDiv(transaction.commitMicros(), 1000L));
        json.writeNumberField("ts_us", transaction.commitMicros());
        json.writeStringField("snapshot", String.valueOf(event.isSnapshot()));
        json.writeStringField(postgres ? "schema" : "db", event.table().schema());
        json.writeStringField("table", event.table().table());
        if (postgres) {
            json.writeStringField("txId", transaction.id());
            json.writeNumberField("lsn", position.offset());
        } else {
            json.writeStringField("gtid", transaction.id());
            json.writeNumberField("pos", position.offset());
        }
        json.writeStringField("id", event.id().text());
    }

    private static String verb(ChangeEvent event) {
        return switch (event.operation()) {
            case READ -> "read";
            case INSERT -> "created";
            case UPDATE -> "updated";
            case DELETE -> "deleted";
            case TRUNCATE -> "truncated";
        };
    }

    /** {@code schema.table/key1,key2}, every name and value percent-encoded; the table alone when no row is named. */
    private static String subject(ChangeEvent event) {
        String table =
                encoded(event.table().schema()) + "." + encoded(event.table().table());
        Row image = event.after() != null ? event.after() : event.before();
        List<String> key = image == null ? List.of() : EventJson.keyTexts(image);
        return key.isEmpty()
                ? table
                : table + "/" + key.stream().map(Format::encoded).collect(Collectors.joining(","));
    }

    /** Grows with the changes of one key: a row's lock orders its changes in the source's log. */
    private static String sequence(ChangeEvent event) {
        return String.format(
                Locale.ROOT,
                "%08x%016x%016x",
                event.position().log(),
                event.position().offset(),
                event.ordinal());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
