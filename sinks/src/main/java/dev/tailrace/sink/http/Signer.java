package dev.tailrace.sink.http;

import dev.tailrace.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as Standard Webhooks says: HMAC-SHA256 over {@code id.timestamp.body}, one {@code v1,<base64>} for each
 * secret so that keys can be rotated. Immutable; shows no secret.
 */
final class Signer {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private final List<byte[]> keys;

    private Signer(List<byte[]> keys) {
        this.keys = keys;
    }

    /**
     * @param secrets one or several {@code whsec_<base64>}, separated by spaces
     * @throws IllegalArgumentException when one of them is not; the message does not show it
     */
    static Signer of(Secret secrets) {
        List<byte[]> keys = new ArrayList<>();
        for (String secret : secrets.reveal().trim().split("\\s+")) {
            keys.add(key(secret));
        }
        return new Signer(keys);
    }

    private static byte[] key(String secret) {
        byte[] key = new byte[0];
        if (secret.startsWith(PREFIX)) {
            try {
                key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            } catch (IllegalArgumentException e) {
                key = new byte[0];
            }
        }
        if (key.length < 24 || key.length > 64) {
            throw new IllegalArgumentException("is not a signing secret: write " + PREFIX
                    + " followed by 24 to 64 bytes in base64; several are separated by spaces");
        }
        return key;
    }

    /** The value of the header {@code webhook-signature}. */
    String sign(String id, long epochSecond, byte[] body) {
        StringBuilder signatures = new StringBuilder();
        for (byte[] key : keys) {
            signatures.append(signatures.length() == 0 ? "v1," : " v1,").append(sign(key, id, epochSecond, body));
        }
        return signatures.toString();
    }

    private static String sign(byte[] key, String id, long epochSecond, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((id + "." + epochSecond + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "********";
    }
}
