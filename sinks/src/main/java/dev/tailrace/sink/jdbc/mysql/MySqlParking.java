package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.Column;
import dev.tailrace.sink.jdbc.TargetColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Key values that are hardly in use: where a row waits while rows change places. */
final class MySqlParking {
    private static final Map<String, Long> LARGEST = Map.of(
            "tinyint",
            127L,
            "smallint",
            32_767L,
            "mediumint",
            8_388_607L,
            "int",
            2_147_483_647L,
            "bigint",
            Long.MAX_VALUE);
    private static final long LAST_DAY = java.time.LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long LAST_SECOND =
            java.time.Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final long LAST_TIMESTAMP = (1L << 31) - 1;
    private static final long LAST_TIME = 838L * 3600 + 59 * 60 + 59;
    private static final long MICROS = 1_000_000L;

    private MySqlParking() {}

    /**
     * A value for the column.
     *
     * @param attempt from 0; another value for each
     * @return empty when the column has no room for such a value
     */
    static Optional<Object> value(Column source, TargetColumn target, int attempt) {
        boolean second = target.type().equals("timestamp");
        return switch (source.valueType()) {
            case INT16 -> whole(target, attempt).map(Long::shortValue);
            case INT32 -> whole(target, attempt).map(Long::intValue);
            case INT64 -> whole(target, attempt).map(n -> n);
            case DECIMAL -> Optional.of(new BigDecimal(decimal(target).subtract(BigInteger.valueOf(attempt))));
            case FLOAT32 -> Optional.of(Float.MAX_VALUE / (attempt + 1));
            case FLOAT64 -> Optional.of(Double.MAX_VALUE / (attempt + 1));
            case TEXT -> Optional.of(text(target));
            case BYTES -> Optional.of(text(target).getBytes(StandardCharsets.US_ASCII));
            case DATE -> Optional.of((int) (LAST_DAY - attempt));
            case TIME -> Optional.of((LAST_TIME - attempt) * MICROS);
            case TIMESTAMP, TIMESTAMPTZ -> Optional.of(((second ? LAST_TIMESTAMP : LAST_SECOND) - attempt) * MICROS);
            case BOOLEAN, BITS, ARRAY -> Optional.empty();
        };
    }

    private static Optional<Long> whole(TargetColumn target, int attempt) {
        return Optional.of(LARGEST.getOrDefault(target.type(), 127L) - attempt);
    }

    /** The largest whole number of a decimal, and of an unsigned bigint. */
    private static BigInteger decimal(TargetColumn target) {
        if (!target.declared().startsWith("decimal(")) {
            return BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
        }
        String[] sizes = target.declared().replaceAll("[^0-9,]", "").split(",", -1);
        int scale = sizes.length > 1 ? Integer.parseInt(sizes[1]) : 0;
        return BigInteger.TEN.pow(Integer.parseInt(sizes[0]) - scale).subtract(BigInteger.ONE);
    }

    private static String text(TargetColumn target) {
        String random = UUID.randomUUID().toString();
        String size = target.declared().replaceAll("[^0-9]", "");
        int length = size.isEmpty() ? random.length() : Integer.parseInt(size);
        return random.substring(0, Math.min(length, random.length()));
    }
}
