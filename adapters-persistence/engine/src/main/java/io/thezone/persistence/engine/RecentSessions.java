package io.thezone.persistence.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that a writer last saved or loaded, and of more still that the store held them. As little to be believed as
 * any cache: another node may have changed them since. They lie one after the other in one ring, as they are stored: a
 * garbage collection has nothing to copy, however many they are, and the latest take the room of the oldest. For the writer's
 * thread only.
 */
final class RecentSessions {
    /** Some sessions take more, and then fewer are remembered. */
    private static final int BYTES_EACH = 256;

    /** Sessions that are known to be stored, for each that is remembered. */
    private static final int STORED_EACH = 10;

    /** The lower half of the key, the version, the format, the length of the document. */
    private static final int HEAD = 2 * Long.BYTES + 2 * Integer.BYTES;

    private static final long TOO_LARGE = -1;

    private final ByteBuffer ring;

    /** For each place the upper half of the key that has it: whoever comes later pushes the earlier out. */
    private final long[] stored;

    /** Where in the ring, of all bytes that were ever written to it. */
    private final long[] positions;

    private long written;

    /** @param capacity how many sessions of the usual size are remembered */
    RecentSessions(int capacity) {
        ring = ByteBuffer.allocate(Math.multiplyExact(capacity, BYTES_EACH));
        stored = new long[Math.multiplyExact(capacity, STORED_EACH)];
        positions = new long[stored.length];
    }

    boolean remembersNothing() {
        return stored.length == 0;
    }

    /** Whether the store held it when this writer last heard of it, as far as that is known. */
    boolean wasStored(SessionKey key) {
        return !remembersNothing() && stored[place(key)] == key.high();
    }

    @Nullable
    StoredSession get(SessionKey key) {
        if (!wasStored(key)) {
            return null;
        }
        long position = positions[place(key)];
        if (position == TOO_LARGE || written - position > ring.capacity()) {
            return null;
        }
        int start = (int) (position % ring.capacity());
        if (ring.getLong(start) != key.low()) {
            return null;
        }
        ring.position(start + Long.BYTES);
        long version = ring.getLong();
        int format = ring.getInt();
        byte[] document = new byte[ring.getInt()];
        ring.get(document);
        return new StoredSession(version, format, new String(document, UTF_8));
    }

    /** Of a session that is larger than the whole ring is noted that it is stored. */
    void put(SessionKey key, StoredSession session) {
        if (remembersNothing()) {
            return;
        }
        byte[] document = session.document().getBytes(UTF_8);
        int size = HEAD + document.length;
        stored[place(key)] = key.high();
        if (size > ring.capacity()) {
            positions[place(key)] = TOO_LARGE;
            return;
        }
        int left = ring.capacity() - (int) (written % ring.capacity());
        long position = left < size ? written + left : written;
        positions[place(key)] = position;
        ring.position((int) (position % ring.capacity()));
        ring.putLong(key.low()).putLong(session.version()).putInt(session.format());
        ring.putInt(document.length).put(document);
        written = position + size;
    }

    /** The store does not hold it. */
    void forget(SessionKey key) {
        if (wasStored(key)) {
            stored[place(key)] = 0;
        }
    }

    /** From other bits than those that chose the writer. */
    private int place(SessionKey key) {
        return (int) Math.floorMod(key.low(), (long) stored.length);
    }
}
