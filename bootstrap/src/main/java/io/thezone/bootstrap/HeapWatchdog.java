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
 * Ends the process when its heap is exhausted, so that a supervisor restarts it. The heap counts as exhausted when it stays almost full
 * after collections for some time. Such a process collects all the time and answers no request; as long as each allocation still
 * succeeds, Java throws no error, and {@code -XX:+ExitOnOutOfMemoryError} has no effect.
 *
 * <p>One thread checks the heap. That allocates a little memory, for which it can wait for minutes behind hundreds of other threads. So
 * a second thread, which allocates nothing, checks whether the first one still runs. {@link Runtime#halt} can wait as well: then a
 * shell kills the process.
 */
final class HeapWatchdog {
    /** The exit status of {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int EXIT_STATUS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(HeapWatchdog.class);

    private static final double SPENT = 0.95;
    private static final long PAUSE_NANOS = 500_000_000;

    /** Pauses of the second thread after which the first one must have checked the heap, or the process must have ended. */
    private static final int MAX_PAUSES_WITHOUT_PROGRESS = 3;

    /** Allocated in advance, while there is memory. */
    private static final byte[] REASON =
            "thezone: the heap is spent; ending, for a supervisor to start it again (a larger -Xmx or fewer connections help)\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] LINE = {'\n'};

    /**
     * Kills the parent process at the second line of input; the first line tests the pipe. If the input ends first, the parent has
     * ended, and so does the shell. Process 1 of a container receives only signals that it handles; Java handles SIGSEGV by a crash.
     */
    private static final String KILL = "trap '' HUP INT TERM; read -r line && read -r line && "
            + "if [ $PPID = 1 ]; then kill -SEGV 1; else kill -KILL $PPID; fi";

    private final long patienceNanos;
    private final List<MemoryPoolMXBean> pools;
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final FileOutputStream stderr = new FileOutputStream(FileDescriptor.err);
    private final OutputStream shell = startShell();

    private final AtomicInteger checks = new AtomicInteger();

    private volatile boolean ending;

    private HeapWatchdog(Duration patience) {
        loadWhatTheEndNeeds();
        this.patienceNanos = patience.toNanos();
        this.pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(HeapWatchdog::isAllocatedFrom)
                .toList();
    }

    /** Selects the pools in which objects are allocated. With G1 that is the old generation, whose maximum is the whole heap. */
    private static boolean isAllocatedFrom(MemoryPoolMXBean pool) {
        return pool.getType() == MemoryType.HEAP
                && pool.getCollectionUsage() != null
                && pool.getCollectionUsage().getMax() > 0
                && !pool.getName().contains("Survivor");
    }

    /** Loads classes in advance, because loading one, also to catch it, allocates memory. */
    private static void loadWhatTheEndNeeds() {
        List<Class<?>> needed =
                List.of(Runtime.class, LockSupport.class, MemoryUsage.class, IOException.class, OutOfMemoryError.class);
        try {
            for (Class<?> each : needed) {
                Class.forName(each.getName());
            }
            Class.forName("java.lang.Shutdown");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this JVM has no class java.lang.Shutdown", e);
        }
    }

    /** @param patience for how long the heap must be exhausted before the process ends */
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

    /** @return the input of a shell that kills this process when it reads one more line */
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
            LOG.warn(
                    "sh cannot be started: with an exhausted heap this process may take minutes to end ({})",
                    e.getMessage());
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
            checks.incrementAndGet();
        }
    }

    /**
     * Checks that all pools are almost full after a collection: a process can work with a full old generation while the young one has
     * space. Of a young generation the committed size counts, because its maximum can be more than it ever gets. Only an old
     * generation supports a usage threshold.
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

    /** Collects first: objects may have become garbage since the last collection. */
    private boolean isSpentAfterCollection() {
        try {
            memory.gc();
            return isSpent();
        } catch (OutOfMemoryError noRoomToAsk) {
            return true;
        }
    }

    /**
     * Kills the process if the first thread makes no progress while the JVM spends most of its time in collections. It allocates
     * nothing, and calls each method from the start, because a first call allocates. Elapsed time alone does not count: both threads
     * stop during a long collection of a healthy heap.
     */
    private void watchWatchdog() {
        int seen = checks.get();
        int pauses = 0;
        long since = System.nanoTime();
        long collecting = collectionNanos();
        while (true) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long passed = System.nanoTime() - since;
            long collected = collectionNanos() - collecting;
            if (seen != checks.get()) {
                seen = checks.get();
                pauses = 0;
                since += passed;
                collecting += collected;
            } else if (++pauses >= MAX_PAUSES_WITHOUT_PROGRESS
                    && (ending || (passed > patienceNanos && collected > passed / 2))) {
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
                writeReason();
                Runtime.getRuntime().halt(EXIT_STATUS);
            } catch (OutOfMemoryError noRoomToEnd) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void kill() {
        writeReason();
        try {
            shell.write(LINE);
            shell.flush();
        } catch (IOException noShell) {
            // Without a shell, the process can only end itself.
        } catch (OutOfMemoryError noRoomToAsk) {
            return;
        }
        end();
    }

    private void writeReason() {
        if (!ending) {
            ending = true;
            try {
                stderr.write(REASON);
            } catch (IOException closed) {
                // stderr is closed; the exit status remains.
            }
        }
    }
}
