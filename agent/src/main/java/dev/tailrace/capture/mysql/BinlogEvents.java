package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializationException;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventHeaderDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventHeaderV4Deserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.GtidEventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.debezium.config.CommonConnectorConfig.EventProcessingFailureHandlingMode;
import io.debezium.connector.binlog.event.EventDataDeserializationExceptionData;
import io.debezium.connector.binlog.event.RowDeserializers;
import io.debezium.connector.binlog.event.StopEventDataDeserializer;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of the log as the engine's own reader does, but the cells of rows by {@link BinlogCells}. What cannot be
 * read becomes an incident: the engine stops there, while the client by itself would go on with the next event. One
 * thread: the log client's.
 */
final class BinlogEvents extends EventDeserializer {
    private final Headers headers;
    private final Map<Long, TableMapEventData> tables = new HashMap<>();
    private final Witness seen;

    /** Sees what the engine is about to get. */
    @FunctionalInterface
    interface Witness {
        void see(Event event) throws RefusedEventException;
    }

    /**
     * @param statements what becomes of statements in the log
     * @param seen sees every event before the engine does, and may change a statement; what it throws stops the engine there
     */
    BinlogEvents(LoggedStatements statements, Witness seen) {
        this(statements, seen, new Headers());
    }

    private BinlogEvents(LoggedStatements statements, Witness seen, Headers headers) {
        super(headers);
        this.seen = seen;
        this.headers = headers;
        setEventDataDeserializer(EventType.STOP, new StopEventDataDeserializer());
        setEventDataDeserializer(EventType.GTID, new GtidEventDataDeserializer());
        setEventDataDeserializer(EventType.WRITE_ROWS, new Inserts(tables));
        setEventDataDeserializer(EventType.UPDATE_ROWS, new Updates(tables));
        setEventDataDeserializer(EventType.DELETE_ROWS, new Deletes(tables));
        setEventDataDeserializer(EventType.EXT_WRITE_ROWS, new Inserts(tables).setMayContainExtraInformation(true));
        setEventDataDeserializer(EventType.EXT_UPDATE_ROWS, new Updates(tables).setMayContainExtraInformation(true));
        setEventDataDeserializer(EventType.EXT_DELETE_ROWS, new Deletes(tables).setMayContainExtraInformation(true));
        setEventDataDeserializer(EventType.QUERY, (EventDataDeserializer<EventData>) statements::query);
        setEventDataDeserializer(EventType.EXECUTE_LOAD_QUERY, (EventDataDeserializer<EventData>) statements::load);
        // a session may log so whatever the server's setting; the client by itself passes over what it does not know
        refuse(
                EventType.TRANSACTION_PAYLOAD,
                "SOURCE-BINLOG-COMPRESSED",
                "a compressed transaction is in the log; binlog_transaction_compression must be OFF",
                "SET PERSIST binlog_transaction_compression = OFF;");
        refuse(
                EventType.PARTIAL_UPDATE_ROWS_EVENT,
                "SOURCE-BINLOG-PARTIAL-JSON",
                "an update is in the log as a difference of JSON; binlog_row_value_options must be empty",
                "SET PERSIST binlog_row_value_options = '';");
    }

    private void refuse(EventType type, String code, String message, String setting) {
        setEventDataDeserializer(type, (EventDataDeserializer<EventData>) in -> {
            throw RefusedEventException.ofSession(code, "source", message, setting);
        });
    }

    @Override
    public @Nullable Event nextEvent(ByteArrayInputStream in) throws IOException {
        Event event;
        try {
            event = super.nextEvent(in);
        } catch (EventDataDeserializationException e) {
            if (e.getCause() instanceof EOFException || e.getCause() instanceof SocketException) {
                throw e; // the connection is at its end, not the event
            }
            return incident(Objects.requireNonNullElse(e.getCause(), e));
        } catch (RuntimeException e) {
            return incident(e);
        }
        if (event == null) {
            return null;
        }
        try {
            seen.see(unwrapped(event));
        } catch (RuntimeException | RefusedEventException e) {
            return incident(e);
        }
        if (event.getHeader().getEventType() == EventType.TABLE_MAP) {
            TableMapEventData table = event.getData();
            tables.put(table.getTableId(), table);
        } else if (event.getHeader().getEventType() == EventType.ROTATE
                && event.getHeader().getTimestamp() != 0) {
            tables.clear(); // the numbers of tables begin anew in each file; a made-up rotation begins none
        }
        return event;
    }

    /** With GTIDs the client wraps a statement in one of its own, which it takes off before the engine gets it. */
    private static Event unwrapped(Event event) {
        return event.getData() instanceof EventDataWrapper wrapper
                ? new Event(event.getHeader(), wrapper.getExternal())
                : event;
    }

    private Event incident(Throwable cause) {
        EventHeaderV4 failed = headers.last;
        EventHeaderV4 header = new EventHeaderV4();
        header.setEventType(EventType.INCIDENT);
        header.setTimestamp(failed.getTimestamp());
        header.setServerId(failed.getServerId());
        header.setEventLength(failed.getEventLength());
        header.setNextPosition(failed.getNextPosition());
        header.setFlags(failed.getFlags());
        return new Event(
                header,
                new EventDataDeserializationExceptionData(new EventDataDeserializationException(failed, cause)));
    }

    /** Remembers the header of the event that is being read. */
    private static final class Headers implements EventHeaderDeserializer<EventHeaderV4> {
        private final EventHeaderV4Deserializer reader = new EventHeaderV4Deserializer();
        private EventHeaderV4 last = new EventHeaderV4();

        @Override
        public EventHeaderV4 deserialize(ByteArrayInputStream in) throws IOException {
            last = reader.deserialize(in);
            return last;
        }
    }

    private static final class Inserts extends RowDeserializers.WriteRowsDeserializer {
        Inserts(Map<Long, TableMapEventData> tables) {
            super(tables, EventProcessingFailureHandlingMode.FAIL);
        }

        @Override
        protected Serializable deserializeString(int length, ByteArrayInputStream in) throws IOException {
            return BinlogCells.string(length, in);
        }

        @Override
        protected Serializable deserializeVarString(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.string(meta, in);
        }

        @Override
        protected Serializable deserializeBlob(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.blob(meta, in);
        }

        @Override
        protected Serializable deserializeDate(ByteArrayInputStream in) throws IOException {
            return BinlogCells.date(in);
        }

        @Override
        protected Serializable deserializeDatetimeV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.datetime(meta, in);
        }

        @Override
        protected Serializable deserializeTimestampV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.timestamp(meta, in);
        }

        @Override
        protected Serializable deserializeTimeV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.time(meta, in);
        }

        @Override
        protected Serializable deserializeYear(ByteArrayInputStream in) throws IOException {
            return BinlogCells.year(in);
        }
    }

    private static final class Updates extends RowDeserializers.UpdateRowsDeserializer {
        Updates(Map<Long, TableMapEventData> tables) {
            super(tables, EventProcessingFailureHandlingMode.FAIL);
        }

        @Override
        protected Serializable deserializeString(int length, ByteArrayInputStream in) throws IOException {
            return BinlogCells.string(length, in);
        }

        @Override
        protected Serializable deserializeVarString(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.string(meta, in);
        }

        @Override
        protected Serializable deserializeBlob(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.blob(meta, in);
        }

        @Override
        protected Serializable deserializeDate(ByteArrayInputStream in) throws IOException {
            return BinlogCells.date(in);
        }

        @Override
        protected Serializable deserializeDatetimeV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.datetime(meta, in);
        }

        @Override
        protected Serializable deserializeTimestampV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.timestamp(meta, in);
        }

        @Override
        protected Serializable deserializeTimeV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.time(meta, in);
        }

        @Override
        protected Serializable deserializeYear(ByteArrayInputStream in) throws IOException {
            return BinlogCells.year(in);
        }
    }

    private static final class Deletes extends RowDeserializers.DeleteRowsDeserializer {
        Deletes(Map<Long, TableMapEventData> tables) {
            super(tables, EventProcessingFailureHandlingMode.FAIL);
        }

        @Override
        protected Serializable deserializeString(int length, ByteArrayInputStream in) throws IOException {
            return BinlogCells.string(length, in);
        }

        @Override
        protected Serializable deserializeVarString(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.string(meta, in);
        }

        @Override
        protected Serializable deserializeBlob(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.blob(meta, in);
        }

        @Override
        protected Serializable deserializeDate(ByteArrayInputStream in) throws IOException {
            return BinlogCells.date(in);
        }

        @Override
        protected Serializable deserializeDatetimeV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.datetime(meta, in);
        }

        @Override
        protected Serializable deserializeTimestampV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.timestamp(meta, in);
        }

        @Override
        protected Serializable deserializeTimeV2(int meta, ByteArrayInputStream in) throws IOException {
            return BinlogCells.time(meta, in);
        }

        @Override
        protected Serializable deserializeYear(ByteArrayInputStream in) throws IOException {
            return BinlogCells.year(in);
        }
    }
}
