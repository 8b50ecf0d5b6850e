package io.thezone.bootstrap;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Limits the requests in progress over HTTP/2, of all connections of a port together: a connection may carry a thousand, and each
 * costs what a whole connection costs over HTTP/1.1. At the limit a connection may have one request; further ones are refused, and
 * its client knows that it may repeat them.
 */
final class RequestLimit implements Connection.Listener, HTTP2Session.FrameListener {
    /** What a connection may send ahead of the answers: enough for several bodies. Jetty's default is 1 MiB, for uploads. */
    private static final int UNREAD_BYTES = 64 * 1024 - 1;

    /**
     * Resets, pings, settings, pieces of long heads and empty frames that a connection may send in a second. A gateway resets a
     * request for each viewer that leaves meanwhile, so Jetty's default of 128 would end the connection of a busy one.
     */
    private static final int EVENTS_PER_SECOND = 1_000;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ServerConnector port;
    private final int limit;
    private final int limitOfConnection;

    /** The requests in progress at the last count, and those that began since: at least as many as are in progress now. */
    private final AtomicInteger atMost = new AtomicInteger();

    /** When no room was found last. */
    private long fullAt = System.nanoTime() - PAUSE_NANOS;

    private RequestLimit(ServerConnector port, int limit, int limitOfConnection) {
        this.port = port;
        this.limit = limit;
        this.limitOfConnection = limitOfConnection;
    }

    /** Does nothing to a port that does not speak HTTP/2. */
    static void install(ServerConnector port, int limit) {
        AbstractHTTP2ServerConnectionFactory http2 =
                port.getConnectionFactory(AbstractHTTP2ServerConnectionFactory.class);
        if (http2 != null) {
            http2.setInitialSessionRecvWindow(UNREAD_BYTES);
            http2.setRateControlFactory(new WindowRateControl.Factory(EVENTS_PER_SECOND));
            http2.addEventListener(new RequestLimit(port, limit, http2.getMaxConcurrentStreams()));
        }
    }

    @Override
    public void onOpened(Connection connection) {
        ((HTTP2Connection) connection).getSession().addEventListener(this);
    }

    /** Is called before Jetty decides whether the request may begin. */
    @Override
    public void onIncomingFrame(Session session, Frame frame) {
        if (frame.getType() == FrameType.HEADERS) {
            ((HTTP2Session) session).setMaxRemoteStreams(hasRoom() ? limitOfConnection : 1);
        }
    }

    private boolean hasRoom() {
        if (atMost.incrementAndGet() > limit) {
            count();
        }
        return atMost.get() <= limit;
    }

    /** Asks all connections, so a full port is counted again only after a pause. */
    private synchronized void count() {
        if (System.nanoTime() - fullAt < PAUSE_NANOS) {
            return;
        }
        long inProgress = port.getConnectedEndPoints().stream()
                .map(EndPoint::getConnection)
                .filter(HTTP2Connection.class::isInstance)
                .mapToLong(connection -> connection.getMessagesIn() - connection.getMessagesOut())
                .sum();
        atMost.set((int) inProgress + 1);
        if (inProgress >= limit) {
            fullAt = System.nanoTime();
        }
    }
}
