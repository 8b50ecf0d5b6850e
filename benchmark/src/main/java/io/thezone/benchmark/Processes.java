package io.thezone.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Reads the processor time of processes from {@code /proc/<pid>/stat}, see proc(5). */
final class Processes {
    /** Ticks of 10 ms, on every architecture that Linux runs Java on: {@code getconf CLK_TCK}. */
    private static final long MILLIS_PER_TICK = 10;

    /** Position of utime, stime, cutime and cstime after the name of the program, which may contain spaces. */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;

    private Processes() {}

    /** @return the processor time of a process and its children, including those that have ended and were waited for */
    static Duration processorTime(long pid) throws IOException {
        Duration time = own(pid);
        for (ProcessHandle child :
                ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).toList()) {
            if (child.isAlive()) {
                time = time.plus(own(child.pid()));
            }
        }
        return time;
    }

    private static Duration own(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = FIRST_TIME; i < FIRST_TIME + TIMES; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return Duration.ofMillis(ticks * MILLIS_PER_TICK);
    }
}
