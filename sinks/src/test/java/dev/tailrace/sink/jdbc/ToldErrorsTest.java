package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator says of an error, at PostgreSQL: the rules are the same code for all. */
class ToldErrorsTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"), text("doc"));

    private SinkException refused(ChangeStream changes) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(changes));
        assertThat(failure).as("the batch was taken").isNotNull();
        return failure;
    }

    @Test
    void whatTheOperatorSaysOfAnErrorComesFirst() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name varchar(1), doc text)");
        target.with("errors", Map.of("22", "retry"));
        stream.insert(ITEM, 1L, "secret", "doc").commit();
        SinkException failure = refused(stream);
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        assertThat(failure).as("the server's text may quote the row").hasMessageNotContaining("secret");
    }

    @Test
    void anErrorThatTheOperatorCallsARefusalIsBroughtHomeToItsChange() throws Exception {
        target.prepared(
                "CREATE TABLE item (id bigint PRIMARY KEY, name text, doc text)",
                "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF NEW.name = 'b' THEN RAISE EXCEPTION 'odd' USING ERRCODE = 'XX999'; END IF;"
                        + " RETURN NEW; END $$",
                "CREATE TRIGGER odd BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION odd()");
        stream.insert(ITEM, 1L, "a", "doc")
                .insert(ITEM, 2L, "b", "doc")
                .insert(ITEM, 3L, "c", "doc")
                .commit();
        assertThat(refused(stream).disposition()).isEqualTo(Disposition.UNKNOWN);
        target.with("errors", Map.of("XX999", "reject"));
        target.open(2);
        SinkException failure = refused(stream);
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(stream.events().get(1).id());
    }
}
