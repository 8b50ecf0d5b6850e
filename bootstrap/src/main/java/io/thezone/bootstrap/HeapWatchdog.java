package io.thezone.bootstrap;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the process when its heap is spent, so that a supervisor starts it anew: when after collections hardly anything of the
 * long-lived part is free for a while. A process in that state collects all the time and answers nobody, and where each
 * allocation just succeeds Java throws no error by which {@code -XX:+ExitOnOutOfMemoryError} would notice.
 */
final class HeapWatchdog implements Runnable {
    /** The status with which {@code -XX:+ExitOnOutOfMemoryError} ends a process, too. */
    static final int EXIT_STATUS = 3;

    private static final double SPENT = 0.95;
    private static final long PAUSE_NANOS = 500_000_000;

    /** Made when there is still room for it. */
    private static final byte[] LAST_WORDS =
            "thezone: the heap is spent; ending, for a supervisor to start it again (a larger -Xmx or fewer connections help)\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final long patienceNanos;
    private final List<MemoryPoolMXBean> pools;
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final FileOutputStream stderr = new FileOutputStream(FileDescriptor.err);

    private boolean said;

    private HeapWatchdog(Duration patience) {
        loadWhatTheEndNeeds();
        this.patienceNanos = patience.toNanos();
        // Of a heap in generations, only the old one has a threshold.
        this.pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP
                        && pool.isUsageThresholdSupported()
                        && pool.isCollectionUsageThresholdSupported())
                .toList();
    }

    /** To use a class for the first time, or to catch one, takes room: each that is named here is resolved by that. */
    private static void loadWhatTheEndNeeds() {
        List<Class<?>> needed =
                List.of(Runtime.class, LockSupport.class, MemoryUsage.class, IOException.class, OutOfMemoryError.class);
        try {
            for (Class<?> each : needed) {
                Class.forName(each.getName());
            }
            Class.forName("java.lang.Shutdown");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this Java ends in a way of its own", e);
        }
    }

    /** @param patience for how long the heap must be spent */
    static void start(Duration patience) {
        Thread thread = new Thread(new HeapWatchdog(patience), "heap-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        long since = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (!isSpent()) {
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patienceNanos && isSpentAfterCollection()) {
                end();
            }
        }
    }

    private boolean isSpent() {
        try {
            for (int i = 0; i < pools.size(); i++) {
                MemoryUsage usage = pools.get(i).getCollectionUsage();
                if (usage != null && usage.getMax() > 0 && usage.getUsed() > SPENT * usage.getMax()) {
                    return true;
                }
            }
            return false;
        } catch (OutOfMemoryError noRoomForTheAnswer) {
            return true;
        }
    }

    /** The last collection may be older than what has been let go since. */
    private boolean isSpentAfterCollection() {
        try {
            memory.gc();
            return isSpent();
        } catch (OutOfMemoryError noRoomToAsk) {
            return true;
        }
    }

    private void end() {
        while (true) {
            try {
                if (!said) {
                    said = true;
                    stderr.write(LAST_WORDS);
                }
                Runtime.getRuntime().halt(EXIT_STATUS);
            } catch (IOException closed) {
                Runtime.getRuntime().halt(EXIT_STATUS);
            } catch (OutOfMemoryError noRoomToEnd) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
