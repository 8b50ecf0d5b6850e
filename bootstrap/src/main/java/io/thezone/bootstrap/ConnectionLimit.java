package io.thezone.bootstrap;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the number of connections of a port. At the limit a new connection replaces the one that has been idle longest; if none
 * is idle, the new one is closed. Jetty's {@code NetworkConnectionLimit} stops accepting instead, so that idle clients block all others.
 */
final class ConnectionLimit implements SelectorManager.AcceptListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    /** Longer than the pause between connecting and the first request, and between the requests of a fast client. */
    private static final long IDLE_MILLIS = 100;

    private static final long SEARCH_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** File descriptors reserved for everything but connections: the jar, the log, the database, the cache. */
    private static final long OTHER_FILES = 256;

    private final ServerConnector port;
    private final int limit;
    /** Connections that are accepted, but not yet in {@code getConnectedEndPoints}. */
    private final AtomicInteger pending = new AtomicInteger();

    /** Weak, because a connection that has closed holds all of its buffers. */
    private final Deque<WeakReference<AbstractEndPoint>> idleLongestFirst = new ArrayDeque<>();

    private long searchedAt = System.nanoTime() - SEARCH_INTERVAL_NANOS;

    private ConnectionLimit(ServerConnector port, int limit) {
        this.port = port;
        this.limit = limit;
    }

    /** @return a listener that sets the limits before the ports of a server open */
    static LifeCycle.Listener of(ConnectionsConfiguration limits) {
        int application = Math.min(
                limits.application(), (int) Math.max(1, openFiles() - OTHER_FILES - limits.admin() - limits.grpc()));
        if (application < limits.application()) {
            LOG.warn(
                    "the limit of open files (ulimit -n) is {}: at most {} connections are accepted, not {}",
                    openFiles(),
                    application,
                    limits.application());
        }
        return new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarting(LifeCycle server) {
                for (Connector connector : ((Server) server).getConnectors()) {
                    if (connector instanceof ServerConnector port) {
                        int limit = "admin".equals(port.getName()) ? limits.admin() : application;
                        port.getSelectorManager().addEventListener(new ConnectionLimit(port, limit));
                        RequestLimit.install(port, limit);
                    }
                }
            }
        };
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? Math.min(unix.getMaxFileDescriptorCount(), Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        int others = port.getConnectedEndPoints().size() + pending.getAndIncrement();
        if (others >= limit && !closeOne()) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void onAccepted(SelectableChannel channel) {
        pending.decrementAndGet();
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        pending.decrementAndGet();
    }

    /**
     * Closes the connection that has been idle longest.
     *
     * @return false if none is idle
     */
    private synchronized boolean closeOne() {
        if (System.nanoTime() - searchedAt >= SEARCH_INTERVAL_NANOS) {
            search();
            closeSurplus();
        }
        return closeIdlest();
    }

    /** Connections that are accepted at the same moment may miss each other in the count, and be too many. */
    private void closeSurplus() {
        long open =
                port.getConnectedEndPoints().stream().filter(EndPoint::isOpen).count();
        long surplus = open - limit;
        while (surplus > 0 && closeIdlest()) {
            surplus--;
        }
    }

    private boolean closeIdlest() {
        while (!idleLongestFirst.isEmpty()) {
            AbstractEndPoint next = idleLongestFirst.remove().get();
            if (next != null && isIdle(next)) {
                next.close();
                return true;
            }
        }
        return false;
    }

    /** Sorts the idle connections; at most every 100 ms, because it checks all connections. */
    private void search() {
        idleLongestFirst.clear();
        port.getConnectedEndPoints().stream()
                .filter(AbstractEndPoint.class::isInstance)
                .map(AbstractEndPoint.class::cast)
                .filter(ConnectionLimit::isIdle)
                .map(endPoint -> new Idle(endPoint, endPoint.getIdleFor()))
                .sorted(Comparator.comparingLong(Idle::millis).reversed())
                .forEach(idle -> idleLongestFirst.add(new WeakReference<>(idle.endPoint())));
        searchedAt = System.nanoTime();
    }

    /** @return whether no request is in progress, except perhaps the beginning of its head */
    private static boolean isIdle(AbstractEndPoint endPoint) {
        Connection connection = endPoint.getConnection();
        return endPoint.isOpen()
                && connection != null
                && connection.getMessagesIn() == connection.getMessagesOut()
                && endPoint.getIdleFor() >= IDLE_MILLIS;
    }

    private record Idle(AbstractEndPoint endPoint, long millis) {}
}
