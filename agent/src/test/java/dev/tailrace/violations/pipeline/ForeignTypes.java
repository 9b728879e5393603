package dev.tailrace.violations.pipeline;

class ForeignTypes {
    Class<?> kafka() {
        return org.apache.kafka.connect.source.SourceRecord.class;
    }

    Class<?> debezium() {
        return io.debezium.engine.DebeziumEngine.class;
    }

    Class<?> chronicle() {
        return net.openhft.chronicle.queue.ChronicleQueue.class;
    }

    Class<?> commands() {
        return com.beust.jcommander.JCommander.class;
    }

    Class<?> server() {
        return com.sun.net.httpserver.HttpServer.class;
    }

    Class<?> database() {
        return io.zonky.test.db.postgres.embedded.EmbeddedPostgres.class;
    }
}
