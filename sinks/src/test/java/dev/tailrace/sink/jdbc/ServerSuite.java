package dev.tailrace.sink.jdbc;

/** A suite that runs against any of the databases. */
interface ServerSuite {

    /** Where the targets are: what {@link WritesTo} says of the suite, or of the one around it. */
    default TestServer server() {
        for (Class<?> suite = getClass(); suite != null; suite = suite.getEnclosingClass()) {
            WritesTo written = suite.getAnnotation(WritesTo.class);
            if (written != null) {
                return written.value();
            }
        }
        return TestServer.POSTGRES;
    }
}
