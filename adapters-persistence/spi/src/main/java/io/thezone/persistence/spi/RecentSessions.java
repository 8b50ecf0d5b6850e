package io.thezone.persistence.spi;

import org.jspecify.annotations.Nullable;

/**
 * The sessions that a writer last saved or loaded, decoded, and of many more just that the store held them. As little to be
 * believed as any cache: another node may have changed them since. Each key has one place, which it shares with others:
 * whoever comes later pushes the earlier out. For the writer's thread only.
 */
final class RecentSessions {
    /** How many sessions are known to be stored for each that is remembered; one takes eight bytes. */
    private static final int STORED_PER_REMEMBERED = 50;

    private record Entry(SessionKey key, Copy copy) {}

    private final @Nullable Entry[] entries;

    /** Half a key each. */
    private final long[] stored;

    RecentSessions(int capacity) {
        entries = new Entry[capacity];
        stored = new long[Math.toIntExact(Math.min((long) capacity * STORED_PER_REMEMBERED, 1 << 27))];
    }

    boolean remembersNothing() {
        return entries.length == 0;
    }

    @Nullable
    Copy get(SessionKey key) {
        if (remembersNothing()) {
            return null;
        }
        Entry entry = entries[place(key, entries.length)];
        return entry != null && entry.key().equals(key) ? entry.copy() : null;
    }

    /** Whether the store held it when this writer last heard of it, as far as that is known. */
    boolean wasStored(SessionKey key) {
        return stored.length > 0 && stored[place(key, stored.length)] == key.high();
    }

    void put(SessionKey key, Copy copy) {
        if (!remembersNothing()) {
            entries[place(key, entries.length)] = new Entry(key, copy);
            stored[place(key, stored.length)] = copy.version() == StoredSession.ABSENT ? 0 : key.high();
        }
    }

    /** From other bits than those that chose the writer. */
    private static int place(SessionKey key, int length) {
        return (int) Math.floorMod(key.low(), (long) length);
    }
}
