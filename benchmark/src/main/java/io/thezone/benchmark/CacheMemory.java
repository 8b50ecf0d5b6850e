package io.thezone.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Random;

/** Measures the heap that the cache uses for sessions of {@value LoneCache#STREAMS} streams, alone in this JVM. */
final class CacheMemory {
    private static final int BATCH = 2_000;
    private static final int SEED = 1;

    private CacheMemory() {}

    /**
     * Returns the bytes of heap that cached sessions use, after full collections.
     *
     * @param sessions rounded up to a multiple of 2,000
     * @throws IllegalStateException if the cache does not hold all of them
     */
    static long measure(int sessions) throws Exception {
        LoneCache cache = LoneCache.open();
        try {
            long before = heapUsed();
            Random random = new Random(SEED);
            for (int i = 0; i < sessions; i += BATCH) {
                cache.publish(LoneCache.sessions(random, BATCH));
            }
            long used = heapUsed() - before;
            Random again = new Random(SEED);
            for (int i = 0; i < sessions; i += BATCH) {
                if (cache.cache().get(LoneCache.sessions(again, BATCH).keySet()).size() < BATCH) {
                    throw new IllegalStateException("the cache has dropped sessions");
                }
            }
            return used;
        } finally {
            cache.close();
        }
    }

    private static long heapUsed() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
