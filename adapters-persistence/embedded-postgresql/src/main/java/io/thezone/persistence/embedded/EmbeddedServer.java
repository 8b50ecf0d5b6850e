package io.thezone.persistence.embedded;

import com.google.common.base.Throwables;
import com.sun.management.OperatingSystemMXBean;
import io.dropwizard.lifecycle.Managed;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One PostgreSQL server as a child process, durable, on loopback; started again when it dies by itself. */
final class EmbeddedServer implements Managed {
    private static final long MEGABYTE = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration START_TIME = Duration.ofSeconds(30);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final DataDirectory directory;
    private final int port;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread stopAtExit = new Thread(this::stopAtExit, "embedded-postgresql-stop");
    private @Nullable EmbeddedPostgres server;

    private EmbeddedServer(DataDirectory directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /**
     * Starts the server on the data that it finds there, or on none. It ends with the process, unless a service that
     * {@linkplain #start() started} stops it in its turn.
     *
     * @throws IllegalStateException if it does not start, saying why and what to do
     */
    static EmbeddedServer launch(Path dataDirectory) throws IOException, InterruptedException {
        DataDirectory directory = DataDirectory.own(dataDirectory);
        EmbeddedServer server = new EmbeddedServer(directory, freePort());
        Runtime.getRuntime().addShutdownHook(server.stopAtExit);
        try {
            directory.stopOrphan();
            directory.clearUnfinished();
            server.firstRun();
            Thread supervisor = new Thread(server::supervise, "embedded-postgresql");
            supervisor.setDaemon(true);
            supervisor.start();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.stop();
            throw e;
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String user() {
        return "postgres";
    }

    private void firstRun() throws IOException {
        try {
            run();
        } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
            throw new IllegalStateException(
                    "the embedded PostgreSQL does not start in " + directory + " (DATA_DIR): "
                            + Throwables.getRootCause(e) + "; its own log is in " + directory.log(),
                    e);
        }
        directory.finished();
    }

    private synchronized void run() throws IOException {
        if (isStopping()) {
            return;
        }
        directory.unlock();
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setDataDirectory(directory.cluster())
                .setOverrideWorkingDirectory(directory.programs().toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_TIME)
                // Whatever LANG says, be it a language that is not installed: initdb would not even start.
                .setLocaleConfig("locale", "C")
                .setServerConfig("lc_messages", "C")
                // The library turns these off for tests; a stream that was admitted must survive a crash.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                // Every row is written again and again: the fewer checkpoints, the fewer whole pages go into the log.
                .setServerConfig("shared_buffers", sharedBuffers())
                .setServerConfig("max_wal_size", "2GB")
                .setServerConfig("min_wal_size", "256MB")
                .setServerConfig("checkpoint_timeout", "15min")
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_filename", "postgresql-%a.log")
                .setServerConfig("log_truncate_on_rotation", "on")
                .setServerConfig("log_rotation_age", "1d")
                .start();
        server = started;
    }

    /** The index should fit, or each new session costs a page that is written to make room for another. */
    private static String sharedBuffers() {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return Math.max(128, Math.min(1024, memory / MEGABYTE / 8)) + "MB";
    }

    /** Waits for the server to end; unless it was told to, starts it again. */
    private void supervise() {
        try {
            while (!isStopping()) {
                awaitEnd();
                if (!isStopping()) {
                    LOG.warn("the embedded PostgreSQL ended by itself; starting it again");
                    startAgain();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server is no child of this process, so nobody tells when it ends. */
    private void awaitEnd() throws InterruptedException {
        try {
            while (directory.serverProcess().isPresent()
                    && !stopped.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {}
        } catch (IOException e) {
            LOG.warn("the process of the embedded PostgreSQL cannot be watched", e);
        }
    }

    private void startAgain() throws InterruptedException {
        while (!isStopping()) {
            try {
                directory.stopServer();
                run();
                LOG.info("the embedded PostgreSQL runs again");
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("the embedded PostgreSQL does not start; see the log in {}", directory.log(), e);
                stopped.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private boolean isStopping() {
        return stopped.getCount() == 0;
    }

    /** From here on the service stops it, after everything that uses it. */
    @Override
    public void start() {
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
    }

    @Override
    public synchronized void stop() throws IOException, InterruptedException {
        if (isStopping()) {
            return;
        }
        stopped.countDown();
        if (server != null && directory.serverProcess().isPresent()) {
            server.close();
        }
        directory.stopServer();
        directory.close();
    }

    private void stopAtExit() {
        try {
            stop();
        } catch (IOException | InterruptedException e) {
            LOG.warn("the embedded PostgreSQL may still run", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
