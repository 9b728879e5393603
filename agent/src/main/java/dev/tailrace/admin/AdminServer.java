package dev.tailrace.admin;

import com.sun.net.httpserver.HttpServer;
import dev.tailrace.lifecycle.WorkerPool;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP endpoint. Listens from {@link #start} until {@link #close}; both are called by the agent's starter.
 *
 * <p>Bounded on every side, so that no client can hurt the agent: two threads, a short queue, few connections, a time
 * limit on reading a request and on taking the answer.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int THREADS = 2;
    private static final int QUEUE = 32;

    static {
        // The JDK's server reads these once, when its classes are loaded; seconds and counts.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "20");
        System.setProperty("sun.net.httpserver.idleInterval", "10");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "8");
        System.setProperty("jdk.httpserver.maxConnections", "64");
    }

    private final HttpServer server;
    private final WorkerPool pool;

    private AdminServer(HttpServer server, WorkerPool pool) {
        this.server = server;
        this.pool = pool;
    }

    /** Binds the port and answers from then on. */
    public static AdminServer start(AdminSettings settings, AdminView view) throws AdminException {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw new AdminException(
                    "ADMIN-BIND",
                    "admin.listen names the host " + settings.host() + ", which has no address",
                    "Set admin.listen to an address of this host, such as " + AdminSettings.DEFAULT_LISTEN + ".",
                    null);
        }
        HttpServer server;
        try {
            server = HttpServer.create(address, QUEUE);
        } catch (BindException e) {
            throw bindFailure(settings, e);
        } catch (IOException e) {
            throw new AdminException("ADMIN-BIND", "cannot listen on " + settings.listen() + ": " + e, "", e);
        }
        // One request too many is refused, which makes the server drop its connection.
        WorkerPool pool = new WorkerPool(
                "admin", THREADS, QUEUE, (role, failure) -> LOG.warn("{}: an admin request failed", role, failure));
        server.createContext("/", new AdminHandler(view, settings.token()));
        server.setExecutor(pool);
        server.start();
        return new AdminServer(server, pool);
    }

    private static AdminException bindFailure(AdminSettings settings, BindException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("in use")) {
            return new AdminException(
                    "ADMIN-PORT-IN-USE",
                    "port " + settings.port() + " on " + settings.host()
                            + " (admin.listen) is in use by another process",
                    "Give each agent an admin.listen of its own, or end the other process; 'ss -ltnp sport = :"
                            + settings.port() + "' names it.",
                    e);
        }
        return new AdminException(
                "ADMIN-BIND",
                "cannot listen on " + settings.listen() + " (admin.listen): " + message,
                "Set admin.listen to an address of this host and a port above 1023, such as "
                        + AdminSettings.DEFAULT_LISTEN + ".",
                e);
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Ends at once; answers on their way are cut off. */
    @Override
    public void close() {
        server.stop(0);
        pool.close();
    }
}
