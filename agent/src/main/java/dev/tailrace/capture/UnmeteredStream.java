package dev.tailrace.capture;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.signal.actions.SignalAction;
import io.debezium.pipeline.signal.actions.SignalActionProvider;
import io.debezium.pipeline.source.spi.DataChangeEventListener;
import io.debezium.pipeline.spi.Partition;
import io.debezium.spi.schema.DataCollectionId;
import java.util.Map;

/**
 * Takes the engine's statistics off the stream: for an attribute of JMX, which is off, they write a text of every change
 * and cost a fifth of the streaming thread's time and more. No option turns them off.
 *
 * <p>It offers no signal: the engine asks for signals in the thread that streams, after it has set its statistics as the
 * listener of all changes and before the first change. Should another version of the engine set them later, they are kept
 * again, and all else stays as it is. A snapshot of MySQL keeps them, and so does an engine that the agent did not start.
 */
public final class UnmeteredStream implements SignalActionProvider {
    @Override
    public <P extends Partition> Map<String, SignalAction<P>> createActions(
            EventDispatcher<P, ? extends DataCollectionId> dispatcher,
            ChangeEventSourceCoordinator<P, ?> coordinator,
            CommonConnectorConfig config) {
        if (EngineContext.isKnown(config.getConfig().getString("name"))) {
            dispatcher.setEventListener(DataChangeEventListener.NO_OP());
        }
        return Map.of();
    }
}
