package io.thezone.bootstrap;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when its heap is spent, so that a supervisor starts it anew: when after collections hardly anything of it is
 * free for a while. A process in that state collects all the time and answers nobody, and where each allocation just succeeds
 * Java throws no error by which {@code -XX:+ExitOnOutOfMemoryError} would notice.
 *
 * <p>One thread looks at the heap. That takes a little room, and with hundreds of threads that wait for some it can wait for
 * minutes; so another one, which needs none, looks whether the first one still does. {@link Runtime#halt} can wait likewise: a
 * shell kills the process that does not end by itself.
 */
final class HeapWatchdog {
    /** The status with which {@code -XX:+ExitOnOutOfMemoryError} ends a process, too. */
    static final int EXIT_STATUS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HeapWatchdog.class);

    private static final double SPENT = 0.95;
    private static final long PAUSE_NANOS = 500_000_000;

    /** Pauses of the second thread in which the first one, were it well, would have looked; or the process, ended. */
    private static final int PAUSES_ENOUGH = 3;

    /** Made when there is still room for it. */
    private static final byte[] LAST_WORDS =
            "thezone: the heap is spent; ending, for a supervisor to start it again (a larger -Xmx or fewer connections help)\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] LINE = {'\n'};

    /**
     * The first line shows that all works; without a second one it ends as soon as the process has, however that ends. Process 1
     * of a container cannot be killed from inside: it takes only signals that it handles, and Java handles this one by a crash.
     */
    private static final String KILL = "trap '' HUP INT TERM; read -r line && read -r line && "
            + "if [ $PPID = 1 ]; then kill -SEGV 1; else kill -KILL $PPID; fi";

    private final long patienceNanos;
    private final List<MemoryPoolMXBean> pools;
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final FileOutputStream stderr = new FileOutputStream(FileDescriptor.err);
    private final OutputStream shell = startShell();

    private final AtomicInteger looks = new AtomicInteger();

    private volatile boolean ending;

    private HeapWatchdog(Duration patience) {
        loadWhatTheEndNeeds();
        this.patienceNanos = patience.toNanos();
        this.pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(HeapWatchdog::takesWhatIsNew)
                .toList();
    }

    /** With G1, all of the heap counts as the old generation, and the others have no maximum. */
    private static boolean takesWhatIsNew(MemoryPoolMXBean pool) {
        return pool.getType() == MemoryType.HEAP
                && pool.getCollectionUsage() != null
                && pool.getCollectionUsage().getMax() > 0
                && !pool.getName().contains("Survivor");
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
        HeapWatchdog watchdog = new HeapWatchdog(patience);
        start("heap-watchdog", watchdog::watchHeap);
        start("heap-watchdog-watchdog", watchdog::watchWatchdog);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** @return where one line makes it kill this process */
    private static OutputStream startShell() {
        try {
            OutputStream stdin = new ProcessBuilder("sh", "-c", KILL)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream();
            stdin.write(LINE);
            stdin.flush();
            return stdin;
        } catch (IOException e) {
            LOG.warn("no sh can be run: with a spent heap this process may take minutes to end ({})", e.getMessage());
            return OutputStream.nullOutputStream();
        }
    }

    private void watchHeap() {
        long since = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (!isSpent()) {
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patienceNanos && isSpentAfterCollection()) {
                end();
            }
            looks.incrementAndGet();
        }
    }

    /**
     * With an old generation that is full, all may go on well in a young one that is not. Of the young one, what the system has
     * given counts: by then it gives no more, and what Java says of its maximum can be more than it ever gets. Only an old one
     * has a threshold.
     */
    private boolean isSpent() {
        try {
            for (int i = 0; i < pools.size(); i++) {
                MemoryPoolMXBean pool = pools.get(i);
                MemoryUsage usage = pool.getCollectionUsage();
                long room = pool.isUsageThresholdSupported() ? usage.getMax() : usage.getCommitted();
                if (usage.getUsed() <= SPENT * room) {
                    return false;
                }
            }
            return true;
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

    /**
     * Makes nothing new, and calls all that it ever needs from the beginning, since a first call makes something. Time alone does
     * not count: during a long collection of a heap that is well, both threads stand still.
     */
    private void watchWatchdog() {
        int seen = looks.get();
        int pauses = 0;
        long since = System.nanoTime();
        long collecting = collectionNanos();
        while (true) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long passed = System.nanoTime() - since;
            long collected = collectionNanos() - collecting;
            if (seen != looks.get()) {
                seen = looks.get();
                pauses = 0;
                since += passed;
                collecting += collected;
            } else if (++pauses >= PAUSES_ENOUGH && (ending || (passed > patienceNanos && collected > passed / 2))) {
                kill();
            }
        }
    }

    private long collectionNanos() {
        long nanos = 0;
        for (int i = 0; i < collectors.size(); i++) {
            nanos += collectors.get(i).getCollectionTime() * 1_000_000;
        }
        return nanos;
    }

    private void end() {
        while (true) {
            try {
                sayWhy();
                Runtime.getRuntime().halt(EXIT_STATUS);
            } catch (OutOfMemoryError noRoomToEnd) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void kill() {
        sayWhy();
        try {
            shell.write(LINE);
            shell.flush();
        } catch (IOException noShell) {
            // What remains is the way in which the process ends by itself.
        } catch (OutOfMemoryError noRoomToAsk) {
            return;
        }
        end();
    }

    private void sayWhy() {
        if (!ending) {
            ending = true;
            try {
                stderr.write(LAST_WORDS);
            } catch (IOException closed) {
                // Nobody listens.
            }
        }
    }
}
