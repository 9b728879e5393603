package dev.tailrace.view;

import dev.tailrace.config.Secret;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 of values, in hexadecimal. Equal values have equal hashes in every column and table, so that masked columns
 * can be joined; numbers that differ only in trailing zeros are equal. Not thread-safe: each sink instance has its own.
 */
final class MaskHash {
    static final int LENGTH = 64;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    MaskHash(Secret key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    String of(Object value) {
        return HexFormat.of().formatHex(mac.doFinal(bytes(value)));
    }

    private static byte[] bytes(Object value) {
        return value instanceof byte[] bytes ? bytes : text(value).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object value) {
        if (value instanceof BigDecimal decimal) {
            return (decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros()).toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder("[");
            for (Object element : list) {
                String shown = element == null ? "-" : text(element);
                // the length keeps ["a,b"] and ["a","b"] apart
                text.append(shown.length()).append(':').append(shown);
            }
            return text.append(']').toString();
        }
        return value.toString();
    }
}
