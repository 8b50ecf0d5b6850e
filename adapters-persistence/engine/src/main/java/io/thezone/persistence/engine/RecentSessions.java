package io.thezone.persistence.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that a writer last saved or loaded, and the keys of more that the store held. May be stale: another node may have
 * changed a session since. For the writer's thread only.
 *
 * <p><b>Method.</b> A ring buffer of encoded sessions and a direct-mapped index over it. The index has one slot for each low half of a
 * key modulo its size; a slot holds the high half of the last key that was put there, and its position among all bytes ever
 * written. An entry is intact while no more than one ring of bytes was written after its position. New entries overwrite the
 * oldest ones, and a key replaces the key in its slot.
 *
 * <p><b>Reason.</b> A few large arrays cost a garbage collection nothing, however many sessions they hold; an object for each session
 * would be copied or traced every time. Slots outlive their entries, so that a session which was pushed out of the ring is
 * still known to be stored.
 *
 * <p><b>Source.</b> Circular log with a lossy index: Lim et al., MICA, NSDI 2014. Figures:
 * docs/decisions/0012-remembered-as-stored.md.
 *
 * <p><b>Cost.</b> {@value #BYTES_EACH} bytes and {@value #STORED_EACH} slots of 16 bytes for each session of the usual size, allocated at
 * start. Every save takes room anew. Reading decodes the session again.
 */
final class RecentSessions {
    /** The usual size of an entry. If sessions are larger, fewer are remembered. */
    private static final int BYTES_EACH = 256;

    /** Index slots for each remembered session. */
    private static final int STORED_EACH = 10;

    /** The size of an entry without its document: low half of the key, whether it is new, version, format, length of the document. */
    private static final int HEAD = 2 * Long.BYTES + 1 + 2 * Integer.BYTES;

    private static final long TOO_LARGE = -1;
    private static final int NOWHERE = -1;
    private static final byte NEW = 1;

    private final ByteBuffer ring;

    /** For each slot the high half of the key that was put there last; 0 if the slot is free. */
    private final long[] stored;

    /** For each slot where the entry begins, among all bytes ever written to the ring. */
    private final long[] positions;

    private long written;

    /** @param capacity how many sessions of the usual size are remembered; 0 to remember none */
    RecentSessions(int capacity) {
        ring = ByteBuffer.allocate(Math.multiplyExact(capacity, BYTES_EACH));
        stored = new long[Math.multiplyExact(capacity, STORED_EACH)];
        positions = new long[stored.length];
    }

    boolean remembersNothing() {
        return stored.length == 0;
    }

    /** Whether the store held the session when this writer last saved or loaded it. False if that is not known. */
    boolean wasStored(SessionKey key) {
        return !remembersNothing() && stored[slot(key)] == key.high();
    }

    /** Returns null if the session is not remembered. */
    @Nullable
    StoredSession get(SessionKey key) {
        int start = start(key);
        if (start == NOWHERE) {
            return null;
        }
        ring.position(start + Long.BYTES + 1);
        long version = ring.getLong();
        int format = ring.getInt();
        byte[] document = new byte[ring.getInt()];
        ring.get(document);
        return new StoredSession(version, format, new String(document, UTF_8));
    }

    /** Whether the session is remembered from its first save. */
    boolean isNew(SessionKey key) {
        int start = start(key);
        return start != NOWHERE && ring.get(start + Long.BYTES) == NEW;
    }

    /** Remembers a session that was saved before. If it is larger than the ring, remembers only that it is stored. */
    void put(SessionKey key, StoredSession session) {
        put(key, session, (byte) 0);
    }

    /** Remembers a session from its first save. */
    void putNew(SessionKey key, StoredSession session) {
        put(key, session, NEW);
    }

    private void put(SessionKey key, StoredSession session, byte age) {
        if (remembersNothing()) {
            return;
        }
        byte[] document = session.document().getBytes(UTF_8);
        int size = HEAD + document.length;
        stored[slot(key)] = key.high();
        if (size > ring.capacity()) {
            positions[slot(key)] = TOO_LARGE;
            return;
        }
        int left = ring.capacity() - (int) (written % ring.capacity());
        long position = left < size ? written + left : written;
        positions[slot(key)] = position;
        ring.position((int) (position % ring.capacity()));
        ring.putLong(key.low()).put(age).putLong(session.version()).putInt(session.format());
        ring.putInt(document.length).put(document);
        written = position + size;
    }

    /** Called when the store does not hold the session. */
    void forget(SessionKey key) {
        if (wasStored(key)) {
            stored[slot(key)] = 0;
        }
    }

    /** Where the entry of a session begins in the ring. */
    private int start(SessionKey key) {
        if (!wasStored(key)) {
            return NOWHERE;
        }
        long position = positions[slot(key)];
        if (position == TOO_LARGE || written - position > ring.capacity()) {
            return NOWHERE;
        }
        int start = (int) (position % ring.capacity());
        return ring.getLong(start) == key.low() ? start : NOWHERE;
    }

    /** Uses the low half of the key: the high half already chose the writer. */
    private int slot(SessionKey key) {
        return (int) Math.floorMod(key.low(), (long) stored.length);
    }
}
