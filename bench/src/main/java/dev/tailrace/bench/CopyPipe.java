package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** {@code COPY} of one database into {@code COPY} of another, byte for byte. {@code CopyPipe FROM-URL TO-URL}. */
final class CopyPipe {
    private CopyPipe() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        try (Connection from = DriverManager.getConnection(args[0], EmbeddedServer.USER, "unused-here");
                Connection to = DriverManager.getConnection(args[1], EmbeddedServer.USER, "unused-here")) {
            CopyOut out = from.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY orders TO STDOUT");
            CopyIn in = to.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY orders FROM STDIN");
            for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                in.writeToCopy(row, 0, row.length);
            }
            long rows = in.endCopy();
            Child.done(new Figures(Map.of("total", rows * 1e9 / (System.nanoTime() - start))));
        }
    }
}
