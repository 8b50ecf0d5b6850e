package io.thezone.rest.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.base.Splitter;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multimaps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** A connection for requests that Java's HTTP client would not send. Strings are sent as ISO 8859-1, one byte per character. */
public final class RawConnection implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private static final int NARROW_BYTES = 2048;

    private final Socket socket;
    private final String host;
    private HttpRequest request;

    /** Sends the request line and the headers, and nothing of a body. */
    public RawConnection(int port, String method, String path, String... headers) throws IOException {
        this(new Socket(), port, "127.0.0.1", method, path, headers);
    }

    private RawConnection(Socket socket, int port, String host, String method, String path, String... headers)
            throws IOException {
        this.socket = socket;
        this.host = host;
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        request = sendHead(method, path, headers);
    }

    /** Opens a connection with a tiny receive buffer, which is full after {@value #NARROW_BYTES} unread bytes. */
    public static RawConnection narrow(int port, String method, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(NARROW_BYTES);
        return new RawConnection(socket, port, "127.0.0.1", method, path);
    }

    /** Opens a connection with another Host header. */
    public static RawConnection to(int port, String host, String method, String path, String... headers)
            throws IOException {
        return new RawConnection(new Socket(), port, host, method, path, headers);
    }

    /** Sends the request line and the headers of one more request. */
    public RawConnection next(String method, String path, String... headers) throws IOException {
        request = sendHead(method, path, headers);
        return this;
    }

    private HttpRequest sendHead(String method, String path, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        send(head + "\r\n");
        // What Java's client would not send is not kept.
        String local = path.matches("/[A-Za-z0-9/._~?=&;:-]*") ? path : "/";
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + socket.getPort() + local))
                .method(method.equals("CONNECT") ? "OPTIONS" : method, BodyPublishers.noBody())
                .build();
    }

    public RawConnection send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return this;
    }

    /** Closes the sending side only. */
    public RawConnection cutShort() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes the connection by a TCP reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Sends bytes, unless the service has closed the connection. */
    public boolean drips(String bytes) {
        try {
            send(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public boolean isAnswered() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpResponse<String> answer() throws IOException {
        InputStream in = socket.getInputStream();
        int status = Integer.parseInt(Splitter.on(' ').splitToList(line(in)).get(1));
        ListMultimap<String, String> headers = ArrayListMultimap.create();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            List<String> parts = Splitter.on(": ").limit(2).splitToList(line);
            headers.put(parts.get(0), parts.get(1));
        }
        HttpHeaders read = HttpHeaders.of(Multimaps.asMap(headers), (name, value) -> true);
        int length = (int) read.firstValueAsLong("Content-Length").orElse(0);
        return new Answer(request, status, read, new String(in.readNBytes(length), ISO_8859_1));
    }

    /** @return everything that is received until the server closes the connection */
    public String untilItCloses() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended after " + line.toString(ISO_8859_1));
            }
            line.write(next);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    @Override
    public String toString() {
        return socket.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private record Answer(HttpRequest request, int statusCode, HttpHeaders headers, String body)
            implements HttpResponse<String> {
        @Override
        public Optional<HttpResponse<String>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
