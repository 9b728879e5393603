package dev.tailrace.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A suite that needs such a server ({@link TestServers}). Where there is none it is skipped with a line on stderr and in
 * {@code target/skipped-suites}, which {@code scripts/test} shows at its end; with {@code CI=true} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresServerCondition.class)
public @interface RequiresServer {
    /** The kinds of server. */
    enum Kind {
        MYSQL,
        MARIADB
    }

    Kind[] value();
}
