package io.thezone.persistence.spi;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Under what a session is stored: the 32 bytes of an HMAC-SHA-256 of its id, from which the id cannot be told. Ordered as
 * unsigned bytes, as databases order binary keys.
 */
public record SessionKey(long a, long b, long c, long d) implements Comparable<SessionKey> {
    public static final int LENGTH = 4 * Long.BYTES;

    /** The key of no session, as good as certainly: an HMAC of zeros only would be needed. */
    public static final SessionKey NOBODY = new SessionKey(0, 0, 0, 0);

    /** @param bytes exactly {@value #LENGTH} */
    public static SessionKey of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a session key has " + LENGTH + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new SessionKey(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }

    /** The bytes of an HMAC are evenly spread already. */
    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public int compareTo(SessionKey other) {
        int order = Long.compareUnsigned(a, other.a);
        if (order == 0) {
            order = Long.compareUnsigned(b, other.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c, other.c);
        }
        return order == 0 ? Long.compareUnsigned(d, other.d) : order;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}
