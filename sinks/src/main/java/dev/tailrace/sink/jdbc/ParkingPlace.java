package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/** Key values at the far end of what the source's column can have, for targets that hold all of them. */
public final class ParkingPlace {
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final long MICROS = 1_000_000L;
    private static final long DAY_SECONDS = 86_400L;

    private ParkingPlace() {}

    /** As {@link KeyRotation.Parking#value} says. */
    public static Optional<Object> value(TableBinding table, int position, int attempt) {
        Column source = table.schema().column(position);
        return switch (source.valueType()) {
            case INT16 -> Optional.of((short) (Short.MAX_VALUE - attempt));
            case INT32 -> Optional.of(Integer.MAX_VALUE - attempt);
            case INT64 -> Optional.of(Long.MAX_VALUE - attempt);
            case DECIMAL -> Optional.of(new BigDecimal(largest(source).subtract(BigInteger.valueOf(attempt))));
            case FLOAT32 -> Optional.of(Float.MAX_VALUE / (attempt + 1));
            case FLOAT64 -> Optional.of(Double.MAX_VALUE / (attempt + 1));
            case TEXT -> Optional.of(text(source));
            case BYTES -> Optional.of(text(source).getBytes(StandardCharsets.US_ASCII));
            case DATE -> Optional.of((int) (LAST_DAY - attempt));
            case TIME -> Optional.of((DAY_SECONDS - 1 - attempt) * MICROS);
            case TIMESTAMP, TIMESTAMPTZ -> Optional.of((LAST_SECOND - attempt) * MICROS);
            case BOOLEAN, BITS, ARRAY -> Optional.empty();
        };
    }

    private static BigInteger largest(Column source) {
        int whole = source.length() - Math.max(0, source.scale());
        return source.length() > 0 && whole > 0
                ? BigInteger.TEN.pow(whole).subtract(BigInteger.ONE)
                : BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    }

    private static String text(Column source) {
        String random = UUID.randomUUID().toString();
        int length = source.length();
        return length > 0 ? random.substring(0, Math.min(length, random.length())) : random;
    }
}
