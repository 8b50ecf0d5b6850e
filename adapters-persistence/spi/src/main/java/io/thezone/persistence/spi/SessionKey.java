package io.thezone.persistence.spi;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The key of a stored session: 128 bits of an HMAC of its id, which does not reveal the id. Ordered as unsigned bytes, as
 * databases order binary keys and UUIDs.
 */
public record SessionKey(long high, long low) implements Comparable<SessionKey> {
    public static final int LENGTH = 2 * Long.BYTES;

    /** The key of no session, except with a probability of 1 in 2^128. For trial calls of stores and caches. */
    public static final SessionKey NOBODY = new SessionKey(0, 0);

    /** @param bytes at least {@value #LENGTH}; the first are used */
    public static SessionKey of(byte[] bytes) {
        if (bytes.length < LENGTH) {
            throw new IllegalArgumentException("a session key has " + LENGTH + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new SessionKey(buffer.getLong(), buffer.getLong());
    }

    public static SessionKey of(UUID bits) {
        return new SessionKey(bits.getMostSignificantBits(), bits.getLeastSignificantBits());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
    }

    /** The same 128 bits as a UUID, a type that many databases have; of no version of RFC 9562. */
    public UUID uuid() {
        return new UUID(high, low);
    }

    /** The high bits: an HMAC is evenly distributed already. */
    @Override
    public int hashCode() {
        return (int) high;
    }

    @Override
    public int compareTo(SessionKey other) {
        int order = Long.compareUnsigned(high, other.high);
        return order == 0 ? Long.compareUnsigned(low, other.low) : order;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}
