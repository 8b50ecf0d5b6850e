package io.thezone.persistence.spi;

import org.jspecify.annotations.Nullable;

/**
 * The sessions that a writer last saved or loaded, decoded. As little to be believed as any cache: another node may have
 * changed them since. Each key has one place, which it shares with others: whoever comes later pushes the earlier out. For
 * the writer's thread only.
 */
final class RecentSessions {
    private record Entry(SessionKey key, Copy copy) {}

    private final @Nullable Entry[] entries;

    RecentSessions(int capacity) {
        entries = new Entry[capacity];
    }

    @Nullable
    Copy get(SessionKey key) {
        if (entries.length == 0) {
            return null;
        }
        Entry entry = entries[place(key)];
        return entry != null && entry.key().equals(key) ? entry.copy() : null;
    }

    void put(SessionKey key, Copy copy) {
        if (entries.length > 0) {
            entries[place(key)] = new Entry(key, copy);
        }
    }

    /** From other bits than those that chose the writer. */
    private int place(SessionKey key) {
        return (int) Math.floorMod(key.low(), (long) entries.length);
    }
}
