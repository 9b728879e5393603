package dev.tailrace.sink.jdbc;

import java.util.List;

/** Who may write the file of a database may do everything in it. */
public final class OwnerRights implements Dialect.Rights {

    @Override
    public boolean mayCreate(TargetName name) {
        return true;
    }

    @Override
    public String grantCreate(TargetName name, String create) {
        return create;
    }

    @Override
    public List<String> missing(TargetTable table) {
        return List.of();
    }

    @Override
    public String grantee() {
        return "the agent's user";
    }
}
