package io.thezone.rest.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection in clear text that sends any frames, also those that no client would send (RFC 9113). */
public final class Http2Connection implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int NOTHING = 0;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    /** Error codes. */
    public static final int REFUSED_STREAM = 7;

    public static final int CANCEL = 8;
    public static final int ENHANCE_YOUR_CALM = 11;

    private static final int READ_TIMEOUT_MILLIS = 10_000;
    private static final int NARROW_BYTES = 2048;
    private static final int WHOLE_WINDOW = 65_535;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket = new Socket();
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private final HpackDecoder headers = new HpackDecoder(64 * 1024, System::nanoTime);
    private final Map<Integer, Received> received = new HashMap<>();
    private int streams = -1;

    /** A frame as it was received. */
    public record Frame(int type, int flags, int stream, ByteBuffer payload) {
        /** The error code of a reset or of the end of the connection. */
        public int error() {
            return payload.getInt(type == GOAWAY ? 4 : 0);
        }
    }

    /** @param error the code of a reset; empty if there is an answer */
    public record Answer(int status, HttpFields headers, String body, Optional<Integer> error) {}

    private static final class Received {
        private MetaData.@Nullable Response head;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private Optional<Integer> error = Optional.empty();
        private boolean isComplete;
    }

    public Http2Connection(int port) throws IOException {
        this(port, WHOLE_WINDOW);
    }

    /** @param window how many bytes of a body it takes before it has to be asked */
    public Http2Connection(int port, int window) throws IOException {
        this(port, window, 0);
    }

    private Http2Connection(int port, int window, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        unsent.writeBytes(PREFACE.getBytes(ISO_8859_1));
        frame(SETTINGS, NOTHING, 0, new byte[] {0, 4, 0, 0, (byte) (window >> 8), (byte) window})
                .flush();
    }

    /** Opens a connection whose receive buffer is soon full. */
    public static Http2Connection narrow(int port) throws IOException {
        return new Http2Connection(port, WHOLE_WINDOW, NARROW_BYTES);
    }

    /** Sends a request without a body, and returns its stream. */
    public int request(String method, String path, String... headers) throws IOException {
        int stream = nextStream();
        frame(HEADERS, END_STREAM | END_HEADERS, stream, head(method, path, headers))
                .flush();
        return stream;
    }

    /** Sends a request whose body follows, and returns its stream. */
    public int open(String method, String path, String... headers) throws IOException {
        int stream = nextStream();
        frame(HEADERS, END_HEADERS, stream, head(method, path, headers)).flush();
        return stream;
    }

    public int nextStream() {
        streams += 2;
        return streams;
    }

    /** The head of a request, without compression. */
    public static byte[] head(String method, String path, String... headers) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        field(head, ":method", method);
        field(head, ":scheme", "http");
        field(head, ":authority", "127.0.0.1");
        field(head, ":path", path);
        for (int i = 0; i < headers.length; i += 2) {
            field(head, headers[i], headers[i + 1]);
        }
        return head.toByteArray();
    }

    private static void field(ByteArrayOutputStream head, String name, String value) {
        head.write(0);
        text(head, name);
        text(head, value);
    }

    /** RFC 7541, sections 5.1 and 5.2. */
    private static void text(ByteArrayOutputStream head, String text) {
        int rest = text.length() - 127;
        head.write(Math.min(text.length(), 127));
        if (rest >= 0) {
            for (; rest >= 128; rest /= 128) {
                head.write(rest % 128 + 128);
            }
            head.write(rest);
        }
        head.writeBytes(text.getBytes(ISO_8859_1));
    }

    public Http2Connection data(int stream, int flags, String body) throws IOException {
        return frame(DATA, flags, stream, body.getBytes(UTF_8)).flush();
    }

    public Http2Connection reset(int stream) throws IOException {
        return frame(RST_STREAM, NOTHING, stream, new byte[] {0, 0, 0, CANCEL}).flush();
    }

    /** Adds a frame to those that {@link #flush} sends. */
    public Http2Connection frame(int type, int flags, int stream, byte... payload) {
        unsent.writeBytes(ByteBuffer.allocate(9)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        unsent.writeBytes(payload);
        return this;
    }

    public Http2Connection flush() throws IOException {
        OutputStream out = socket.getOutputStream();
        unsent.writeTo(out);
        unsent.reset();
        return this;
    }

    private Frame next() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        Frame frame = new Frame(type, flags, stream, ByteBuffer.wrap(in.readNBytes(length)));
        receive(frame);
        return frame;
    }

    /** Waits for the next frame of a type. */
    public Frame next(int type) throws IOException {
        for (Frame frame = next(); ; frame = next()) {
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** Waits until the service ends the connection, and says so or not. */
    public void awaitEnd() throws SocketTimeoutException {
        try {
            next(GOAWAY);
        } catch (SocketTimeoutException open) {
            throw open;
        } catch (IOException closed) {
            // It is reset if the service has not read all that was sent.
            return;
        }
    }

    /** Waits for the whole answer, or for the reset of the stream. */
    public Answer answer(int stream) throws IOException {
        Received answer = received.computeIfAbsent(stream, unused -> new Received());
        while (!answer.isComplete) {
            Frame frame = next();
            if (frame.type() == GOAWAY) {
                throw new IOException("the connection ended with error " + frame.error());
            }
        }
        MetaData.Response head = answer.head;
        return new Answer(
                head == null ? 0 : head.getStatus(),
                head == null ? HttpFields.EMPTY : head.getHttpFields(),
                answer.body.toString(UTF_8),
                answer.error);
    }

    private void receive(Frame frame) throws IOException {
        Received answer = received.computeIfAbsent(frame.stream(), unused -> new Received());
        switch (frame.type()) {
            case HEADERS -> answer.head = response(frame);
            case DATA -> answer.body.writeBytes(frame.payload().array());
            case RST_STREAM -> answer.error = Optional.of(frame.error());
            default -> {
                return;
            }
        }
        answer.isComplete |= frame.type() == RST_STREAM || (frame.flags() & END_STREAM) != 0;
    }

    private MetaData.Response response(Frame frame) throws IOException {
        try {
            return (MetaData.Response) headers.decode(frame.payload());
        } catch (HpackException e) {
            throw new IOException(e);
        }
    }

    /** Closes the connection by a TCP reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public String toString() {
        return socket.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
