package dev.tailrace.capture.mysql;

import java.time.LocalDate;
import java.time.LocalDateTime;

/** Takes the timestamps apart that {@link MySqlSnapshotQuery} selects in place of a DATETIME. */
final class SnapshotClock {
    private static final LocalDate FIRST = LocalDate.of(3000, 1, 1);
    private static final int HOURS = 24;

    private SnapshotClock() {}

    static WallClock of(LocalDateTime selected) {
        int days = Math.toIntExact(selected.toLocalDate().toEpochDay() - FIRST.toEpochDay());
        int date = days / HOURS * 1_000 + selected.getNano() % 1_000;
        return new WallClock(
                date / 10_000,
                date / 100 % 100,
                date % 100,
                days % HOURS,
                selected.getMinute(),
                selected.getSecond(),
                selected.getNano() / 1_000);
    }
}
