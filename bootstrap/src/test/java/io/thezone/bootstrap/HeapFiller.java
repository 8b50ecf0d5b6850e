package io.thezone.bootstrap;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/** A process that fills its heap under the watchdog. */
final class HeapFiller {
    /** Fills the whole heap permanently. */
    static final String KEEP = "keep";

    /** Fills the heap by many threads, which then all wait for memory. */
    static final String CROWD = "crowd";

    /** Fills the whole heap, and releases it. */
    static final String RELEASE = "release";

    /** Fills the old generation only, and continues in the young one. */
    static final String OLD = "old";

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int BLOCK = 16 * 1024;
    private static final int THREADS = 100;

    /** Ends the process after an aborted test, which would otherwise collect for ever. */
    private static final Duration LIFE = Duration.ofSeconds(60);

    private static final long START = System.nanoTime();

    private HeapFiller() {}

    public static void main(String[] args) {
        HeapWatchdog.start(PATIENCE);
        Deque<byte[]> blocks = new ArrayDeque<>(1 << 16);
        switch (args[0]) {
            case KEEP -> {
                while (isYoung()) {
                    fill(blocks);
                    blocks.poll();
                }
            }
            case CROWD -> {
                for (int i = 0; i < THREADS; i++) {
                    new Thread(HeapFiller::fillWithSmallObjects).start();
                }
            }
            case RELEASE -> {
                fill(blocks);
                blocks.clear();
                LockSupport.parkNanos(PATIENCE.multipliedBy(2).toNanos());
            }
            case OLD -> {
                fillOld(blocks);
                for (long start = System.nanoTime();
                        System.nanoTime() - start < PATIENCE.multipliedBy(2).toNanos(); ) {
                    blocks.add(new byte[BLOCK]);
                    blocks.poll();
                    LockSupport.parkNanos(1_000_000);
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static boolean isYoung() {
        return System.nanoTime() - START < LIFE.toNanos();
    }

    private static void fill(Deque<byte[]> blocks) {
        try {
            while (true) {
                blocks.add(new byte[BLOCK]);
            }
        } catch (OutOfMemoryError e) {
            // The heap is full.
        }
    }

    /** Fills the old generation with many small linked arrays, which make a collection slow. */
    private static void fillWithSmallObjects() {
        Object[] newest = {};
        while (isYoung()) {
            try {
                newest = new Object[] {newest};
            } catch (OutOfMemoryError e) {
                newest = (Object[]) newest[0];
            }
        }
    }

    private static void fillOld(Deque<byte[]> blocks) {
        MemoryPoolMXBean old = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported())
                .findAny()
                .orElseThrow();
        long spare = old.getUsage().getMax() / 50;
        for (long left = room(old) - spare; left > 0; left = room(old) - spare) {
            for (long i = 0; i <= left / BLOCK; i++) {
                blocks.add(new byte[BLOCK]);
            }
            System.gc();
        }
    }

    private static long room(MemoryPoolMXBean pool) {
        return pool.getUsage().getMax() - pool.getUsage().getUsed();
    }
}
