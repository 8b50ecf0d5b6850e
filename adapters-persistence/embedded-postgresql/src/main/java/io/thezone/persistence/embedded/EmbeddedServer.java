package io.thezone.persistence.embedded;

import io.dropwizard.lifecycle.Managed;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One PostgreSQL server as a child process, durable, on loopback; started again when it dies by itself. */
final class EmbeddedServer implements Managed {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration START_TIME = Duration.ofSeconds(30);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final DataDirectory directory;
    private final int port;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable EmbeddedPostgres server;

    private EmbeddedServer(DataDirectory directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** Starts the server on the data that it finds there, or on none. */
    static EmbeddedServer launch(Path dataDirectory) throws IOException, InterruptedException {
        DataDirectory directory = DataDirectory.own(dataDirectory);
        try {
            directory.stopOrphan();
            EmbeddedServer server = new EmbeddedServer(directory, freePort());
            server.run();
            Thread supervisor = new Thread(server::supervise, "embedded-postgresql");
            supervisor.setDaemon(true);
            supervisor.start();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String user() {
        return "postgres";
    }

    private synchronized void run() throws IOException {
        if (isStopping()) {
            return;
        }
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setDataDirectory(directory.cluster())
                .setOverrideWorkingDirectory(directory.programs().toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_TIME)
                // The library turns these off for tests; a stream that was admitted must survive a crash.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_filename", "postgresql-%a.log")
                .setServerConfig("log_truncate_on_rotation", "on")
                .setServerConfig("log_rotation_age", "1d")
                .start();
        server = started;
    }

    /** Waits for the server to end; unless it was told to, starts it again. */
    private void supervise() {
        try {
            for (EmbeddedPostgres running = current(); running != null; running = current()) {
                awaitEnd();
                if (!isStopping()) {
                    LOG.warn("the embedded PostgreSQL ended by itself; starting it again");
                    startAgain(running);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The library's own process is the one that started the server; the server itself is named in its directory. */
    private void awaitEnd() throws InterruptedException {
        try {
            Optional<ProcessHandle> process = directory.serverProcess();
            if (process.isPresent()) {
                process.get().onExit().get();
            }
        } catch (IOException | ExecutionException e) {
            LOG.warn("the process of the embedded PostgreSQL cannot be watched", e);
        }
    }

    private void startAgain(EmbeddedPostgres dead) throws InterruptedException {
        while (!isStopping()) {
            try {
                dead.close();
                directory.stopOrphan();
                run();
                LOG.info("the embedded PostgreSQL runs again");
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("the embedded PostgreSQL does not start; see the log in {}", directory.cluster(), e);
                stopped.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private boolean isStopping() {
        return stopped.getCount() == 0;
    }

    private synchronized @Nullable EmbeddedPostgres current() {
        return isStopping() ? null : server;
    }

    @Override
    public void stop() throws IOException {
        EmbeddedPostgres running;
        synchronized (this) {
            stopped.countDown();
            running = server;
        }
        if (running != null) {
            running.close();
        }
        directory.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
