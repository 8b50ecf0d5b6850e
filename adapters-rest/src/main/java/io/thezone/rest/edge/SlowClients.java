package io.thezone.rest.edge;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Attributes;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends requests and answers that a client delays by sending or taking a byte now and then: Jetty's idle time-out begins anew
 * with each byte. Checks every connection once a second, so that no request pays for it, and treats a client that is too slow
 * as Jetty treats one that is silent for too long. The requests of an HTTP/2 connection are checked one by one, and it stays open.
 */
final class SlowClients {
    private static final long INTERVAL_SECONDS = 1;

    /** A gateway sends a head at once; the slowest phone needs a second or two. */
    private static final int HEAD_SECONDS = 10;

    /** Time for the largest body that is read, at the lowest rate. */
    private static final int BODY_SECONDS = 30;

    private static final int BODY_BYTES_PER_SECOND = 1000;

    /** The time that Jetty waits for a client that reads nothing at all. */
    private static final int ANSWER_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);

    private enum Phase {
        REST,
        HEAD,
        BODY,
        ANSWER
    }

    /** The progress of a connection, or of a request over HTTP/2, at the last check. */
    private static final class Progress {
        private static final String ATTRIBUTE = Progress.class.getName();

        private Phase phase = Phase.REST;
        private long messages;

        /** The number of bytes received when the number of messages last changed; over HTTP/2, of those sent. */
        private long bytes;

        private int seconds;
    }

    private final Server server;

    SlowClients(Server server) {
        this.server = server;
    }

    void checkRepeatedly(ScheduledExecutorService scheduler) {
        ScheduledFuture<?> unused = scheduler.scheduleWithFixedDelay(
                this::checkAllSafely, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** Catches everything, errors of a full heap too: a task that throws is not repeated. */
    private void checkAllSafely() {
        try {
            checkAll();
        } catch (Throwable e) {
            LOG.error("slow clients could not be checked; trying again", e);
        }
    }

    /** One check, a second after the last. */
    void checkAll() {
        for (Connector connector : server.getConnectors()) {
            for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                if (endPoint instanceof AbstractEndPoint socket) {
                    checkSafely(socket);
                }
            }
        }
    }

    /** A failure with one connection must not stop the check of the others. */
    private static void checkSafely(AbstractEndPoint socket) {
        try {
            if (socket.getConnection() instanceof HttpConnection connection) {
                check(socket, connection);
            } else if (socket.getConnection() instanceof HTTP2ServerConnection connection) {
                check(socket, connection);
                connection.getSession().getStreams().forEach(stream -> check((HTTP2Stream) stream, connection));
            }
        } catch (RuntimeException e) {
            LOG.warn("a slow client's connection was closed after it could not be answered", e);
            socket.close(e);
        }
    }

    private static void check(AbstractEndPoint socket, HttpConnection connection) {
        Progress progress = progress(connection);
        long messages = connection.getMessagesIn() + connection.getMessagesOut();
        long bytes = connection.getBytesIn();
        boolean moved = messages != progress.messages;
        if (moved) {
            progress.messages = messages;
            progress.bytes = bytes;
        }
        long received = bytes - progress.bytes;
        Phase phase = phase(socket, connection.getParser(), received);
        if (moved || phase != progress.phase) {
            progress.phase = phase;
            progress.seconds = 0;
        } else if (++progress.seconds >= limit(phase, received)) {
            progress.seconds = 0;
            end(socket, connection, phase);
        }
    }

    private static Progress progress(Attributes connection) {
        if (connection.getAttribute(Progress.ATTRIBUTE) instanceof Progress known) {
            return known;
        }
        Progress progress = new Progress();
        connection.setAttribute(Progress.ATTRIBUTE, progress);
        return progress;
    }

    private static Phase phase(AbstractEndPoint socket, HttpParser parser, long received) {
        if (socket.getWriteFlusher().isPending()) {
            return Phase.ANSWER;
        }
        if (parser.inContentState()) {
            return Phase.BODY;
        }
        // Bytes received at the start, before the parser moves on, are empty lines, which may precede a request.
        // Bytes received after the last request of a connection are dropped.
        boolean rests = parser.isState(HttpParser.State.END) || (parser.isStart() && received == 0);
        return rests ? Phase.REST : Phase.HEAD;
    }

    private static long limit(Phase phase, long received) {
        return switch (phase) {
            case REST -> Long.MAX_VALUE;
            case HEAD -> HEAD_SECONDS;
            case BODY -> Math.min(HEAD_SECONDS + received / BODY_BYTES_PER_SECOND, BODY_SECONDS);
            case ANSWER -> ANSWER_SECONDS;
        };
    }

    /** Fails a request that waits for its client, so that it may still be answered; without a request, closes the connection. */
    private static void end(EndPoint socket, HttpConnection connection, Phase phase) {
        TimeoutException slow = new TimeoutException("too slow: " + phase);
        if (connection.onIdleExpired(slow)) {
            socket.close(slow);
        }
    }

    /** Closes a connection that takes nothing at all: its requests cannot be ended one by one, as their ends cannot be sent either. */
    private static void check(AbstractEndPoint socket, HTTP2ServerConnection connection) {
        Progress progress = progress(connection);
        long taken = connection.getBytesOut();
        boolean stuck = socket.getWriteFlusher().isPending() && taken == progress.bytes;
        progress.bytes = taken;
        progress.seconds = stuck ? progress.seconds + 1 : 0;
        if (progress.seconds >= limit(Phase.ANSWER, 0)) {
            socket.close(new TimeoutException("too slow: " + Phase.ANSWER));
        }
    }

    private static void check(HTTP2Stream stream, HTTP2ServerConnection connection) {
        Progress progress = progress(stream);
        Phase phase = phase(stream);
        if (phase != progress.phase) {
            progress.phase = phase;
            progress.seconds = 0;
        } else if (++progress.seconds >= limit(phase, Long.MAX_VALUE)) {
            progress.seconds = 0;
            end(stream, connection, phase);
        }
    }

    private static Progress progress(Stream stream) {
        if (stream.getAttribute(Progress.ATTRIBUTE) instanceof Progress known) {
            return known;
        }
        Progress progress = new Progress();
        stream.setAttribute(Progress.ATTRIBUTE, progress);
        return progress;
    }

    private static Phase phase(HTTP2Stream stream) {
        if (stream.getAttachment() instanceof HttpStream request && request.isCommitted()) {
            return Phase.ANSWER;
        }
        return stream.isRemotelyClosed() ? Phase.REST : Phase.BODY;
    }

    /** Fails a request that waits for its client, as Jetty does when a stream is idle for too long. */
    private static void end(Stream stream, HTTP2ServerConnection connection, Phase phase) {
        connection.onStreamTimeout(
                stream,
                new TimeoutException("too slow: " + phase),
                Promise.from(
                        isOver -> {
                            if (isOver) {
                                reset(stream);
                            }
                        },
                        failure -> reset(stream)));
    }

    private static void reset(Stream stream) {
        stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
    }
}
