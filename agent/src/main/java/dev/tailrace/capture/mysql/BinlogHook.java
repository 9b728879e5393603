package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import dev.tailrace.capture.EngineContext;
import dev.tailrace.capture.EngineLinks;
import dev.tailrace.capture.StreamPulse;
import io.debezium.annotation.ConnectorSpecific;
import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.binlog.BinlogOffsetContext;
import io.debezium.connector.binlog.BinlogStreamingChangeEventSource;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.signal.actions.SignalAction;
import io.debezium.pipeline.signal.actions.SignalActionProvider;
import io.debezium.pipeline.spi.Partition;
import io.debezium.spi.schema.DataCollectionId;
import java.util.Map;

/**
 * Puts {@link BinlogEvents} into the engine's log client. It offers no signal: the engine asks for signals between making
 * the client and connecting it, which is the one public place from where the client can be reached, and the place that it
 * is going to read from. It also tells {@link StreamPulse} when the connection ends, which the engine does not tell anybody,
 * and has the client's socket made among the {@link EngineLinks}.
 */
@ConnectorSpecific(connector = MySqlConnector.class)
public final class BinlogHook implements SignalActionProvider {
    @Override
    public <P extends Partition> Map<String, SignalAction<P>> createActions(
            EventDispatcher<P, ? extends DataCollectionId> dispatcher,
            ChangeEventSourceCoordinator<P, ?> coordinator,
            CommonConnectorConfig config) {
        String engine = config.getConfig().getString("name");
        if (!EngineContext.isKnown(engine)) {
            return Map.of(); // somebody else's
        }
        Object streaming = coordinator.getStreamingSource().orElse(null);
        if (!(streaming instanceof BinlogStreamingChangeEventSource<?, ?> source)) {
            throw new IllegalStateException("the engine asked for signals before it had made its log client");
        }
        ClientLog.route();
        BinaryLogClient client = source.getBinaryLogClient();
        MySqlContext context = EngineContext.source(engine, MySqlContext.class);
        LoggedStatements statements = new LoggedStatements(
                context.captured(), () -> EngineTables.of(engine).ids());
        client.setEventDeserializer(new BinlogEvents(statements, event -> {
            context.prepared().read(event);
            context.births().read(event);
            context.restated().read(event);
            refuseStale(engine, event);
        }));
        context.from().ifPresent(place -> {
            BinlogOffsetContext<?> offset = source.getOffsetContext();
            offset.setBinlogStartPoint(place.file(), place.position());
            offset.resetGtidSet(); // an empty set would leave what the engine has read since
            if (place.gtids() != null) {
                offset.setCompletedGtidSet(place.gtids());
            }
        });
        client.setSocketFactory(EngineLinks.of(engine)::openForLog);
        StreamPulse pulse = context.pulse();
        client.registerLifecycleListener(new BinaryLogClient.AbstractLifecycleListener() {
            @Override
            public void onDisconnect(BinaryLogClient disconnected) {
                pulse.lost();
            }
        });
        return Map.of();
    }

    /** I7: never by the shape of another table. */
    private static void refuseStale(String engine, Event event) {
        if (event.getHeader().getEventType() == EventType.TABLE_MAP) {
            TableMapEventData table = event.getData();
            if (EngineTables.of(engine).isStale(table.getDatabase(), table.getTable())) {
                throw new IllegalStateException(
                        RestatedTables.unknownShape(table.getDatabase() + "." + table.getTable()));
            }
        }
    }
}
