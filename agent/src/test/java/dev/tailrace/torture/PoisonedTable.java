package dev.tailrace.torture;

import dev.tailrace.demo.Shop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A trigger at the warehouse that refuses a key as a constraint would, but comes and goes without a lock that somebody at
 * work there could hold up. One thread.
 */
final class PoisonedTable implements Poison.Target {
    private final TortureRig rig;
    private boolean installed;

    PoisonedTable(TortureRig rig) {
        this.rig = rig;
    }

    @Override
    public boolean refuse(String key) throws SQLException {
        if (!installed && !install()) {
            return false;
        }
        execute("INSERT INTO poison.refused VALUES (?)", key);
        return true;
    }

    @Override
    public void mend() throws SQLException {
        execute("DELETE FROM poison.refused WHERE key <> ?", "");
    }

    private void execute(String sql, String key) throws SQLException {
        try (Connection connection = rig.warehouse.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            statement.executeUpdate();
        }
    }

    /** False when the table is not there yet, or somebody holds it who does not move. */
    private boolean install() throws SQLException {
        try (Connection connection = rig.warehouse.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET lock_timeout = '2s'");
            statement.execute("CREATE SCHEMA poison");
            statement.execute("CREATE TABLE poison.refused (key text PRIMARY KEY)");
            statement.execute("CREATE FUNCTION poison.check_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " IF EXISTS (SELECT FROM poison.refused WHERE key = new.\"Code No.\") THEN"
                    + " RAISE check_violation USING MESSAGE = 'refused'; END IF; RETURN new; END $$");
            statement.execute("CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON \"" + rig.shop.schema() + "\"."
                    + Shop.GIFT_CARDS + " FOR EACH ROW EXECUTE FUNCTION poison.check_key()");
            connection.commit();
            installed = true;
        } catch (SQLException e) {
            installed = false; // the next one tries again
        }
        return installed;
    }
}
