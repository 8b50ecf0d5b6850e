package io.thezone.bootstrap;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/** A process that fills its heap under the watchdog, and keeps all of it or lets it go. */
final class HeapFiller {
    static final String KEEP = "keep";
    static final String RELEASE = "release";

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int BLOCK = 16 * 1024;

    /** An aborted test leaves no process behind that collects for ever. */
    private static final Duration LIFE = Duration.ofSeconds(60);

    private HeapFiller() {}

    public static void main(String[] args) {
        HeapWatchdog.start(PATIENCE);
        Deque<byte[]> blocks = new ArrayDeque<>(1 << 16);
        fill(blocks);
        blocks.poll();
        if (args[0].equals(RELEASE)) {
            blocks.clear();
            LockSupport.parkNanos(PATIENCE.multipliedBy(2).toNanos());
            return;
        }
        for (long start = System.nanoTime(); System.nanoTime() - start < LIFE.toNanos(); ) {
            blocks.poll();
            fill(blocks);
        }
    }

    private static void fill(Deque<byte[]> blocks) {
        try {
            while (true) {
                blocks.add(new byte[BLOCK]);
            }
        } catch (OutOfMemoryError e) {
            // It is full.
        }
    }
}
