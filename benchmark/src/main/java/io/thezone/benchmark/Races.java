package io.thezone.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.io.Closer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;

/** Sends simultaneous starts for one new session, and counts how many are admitted. */
final class Races {
    static final int RACES = 100;
    static final int STARTS = 20;
    static final int LIMIT = 3;

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final String ADMITTED = "HTTP/1.1 200";
    private static final String REFUSED = "HTTP/1.1 401";

    private Races() {}

    /**
     * The results of all races.
     *
     * @param exceeded the number of races that admitted more than the limit
     * @param least the least number of starts that a race admitted
     * @param most the greatest number of starts that a race admitted
     */
    record Result(long exceeded, int least, int most) {}

    static Result run(String url) throws IOException {
        List<Integer> admitted = new ArrayList<>();
        for (int i = 0; i < RACES; i++) {
            admitted.add(race(URI.create(url), "race-" + i));
        }
        IntSummaryStatistics spread =
                admitted.stream().mapToInt(Integer::intValue).summaryStatistics();
        return new Result(admitted.stream().filter(it -> it > LIMIT).count(), spread.getMin(), spread.getMax());
    }

    /** Sends each request but for its last byte, then all last bytes; returns how many starts were admitted. */
    private static int race(URI server, String session) throws IOException {
        byte[] request = ("GET /watch HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nSession-Id: " + session
                        + "\r\n\r\n")
                .getBytes(US_ASCII);
        int last = request.length - 1;
        try (Closer opened = Closer.create()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                Socket socket = opened.register(new Socket(server.getHost(), server.getPort()));
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.getOutputStream().write(request, 0, last);
                sockets.add(socket);
            }
            for (Socket socket : sockets) {
                socket.getOutputStream().write(request, last, 1);
            }
            int admitted = 0;
            for (Socket socket : sockets) {
                admitted += isAdmitted(socket) ? 1 : 0;
            }
            return admitted;
        }
    }

    private static boolean isAdmitted(Socket socket) throws IOException {
        String status = new String(socket.getInputStream().readNBytes(ADMITTED.length()), US_ASCII);
        if (!status.equals(ADMITTED) && !status.equals(REFUSED)) {
            throw new IllegalStateException("a start was answered neither 200 nor 401: " + status);
        }
        return status.equals(ADMITTED);
    }
}
