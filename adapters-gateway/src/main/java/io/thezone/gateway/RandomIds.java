package io.thezone.gateway;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/** Random UUIDs (RFC 9562, version 4). Each thread draws the bits of 64 at once, because drawing them one by one costs more. */
public final class RandomIds {
    private static final int DRAWN_AT_ONCE = 64 * 2 * Long.BYTES;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ThreadLocal<ByteBuffer> BITS = ThreadLocal.withInitial(RandomIds::draw);

    private RandomIds() {}

    /** Returns an id that cannot be guessed. */
    public static String next() {
        ByteBuffer bits = BITS.get();
        if (!bits.hasRemaining()) {
            bits = draw();
            BITS.set(bits);
        }
        long version4 = (bits.getLong() & ~0xF000L) | 0x4000L;
        long variant = (bits.getLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new UUID(version4, variant).toString();
    }

    private static ByteBuffer draw() {
        byte[] bits = new byte[DRAWN_AT_ONCE];
        RANDOM.nextBytes(bits);
        return ByteBuffer.wrap(bits);
    }
}
