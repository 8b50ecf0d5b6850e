package io.thezone.persistence.embedded;

import com.google.common.base.Throwables;
import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL server as a child process that listens on loopback; restarts it when it ends unexpectedly. */
final class EmbeddedServer implements Managed {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP_TIME = Duration.ofSeconds(10);

    /** The line of postmaster.pid with the server's status, counted from 0. */
    private static final int STATUS_LINE = 7;

    private final DataDirectory directory;
    private final Cluster cluster;
    private final Login login;
    private final AtomicBoolean stopCalled = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread stopAtExit = new Thread(this::stopAtExit, "embedded-postgresql-stop");
    private @Nullable Process server;

    private EmbeddedServer(DataDirectory directory, Cluster cluster, Login login) {
        this.directory = directory;
        this.cluster = cluster;
        this.login = login;
    }

    /**
     * Starts the server on the data of a directory, which it creates if there are none. A shutdown hook stops it, until
     * {@link #start()} leaves that to the service's life cycle.
     *
     * @throws IllegalStateException if it does not start, with the reason and what to do
     */
    static EmbeddedServer launch(Path dataDirectory) throws IOException, InterruptedException {
        DataDirectory directory = DataDirectory.acquire(dataDirectory);
        try {
            EmbeddedServer server = prepare(directory);
            server.launch();
            return server;
        } catch (IOException e) {
            directory.close();
            throw new IllegalStateException(
                    "the embedded PostgreSQL does not start in " + directory + " (DATA_DIR): "
                            + Throwables.getRootCause(e).getMessage() + "; its own log is in " + directory.log(),
                    e);
        } catch (InterruptedException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static EmbeddedServer prepare(DataDirectory directory) throws IOException, InterruptedException {
        List<String> prefix = SystemUser.current().dropRoot("unshare");
        new ServerProcesses(directory).stopOrphans();
        Cluster cluster = Cluster.in(directory, Programs.unpack(directory.programs(), prefix));
        Login login = Login.loadOrCreate(directory.serviceFile(), freePort());
        cluster.admitOnly(login);
        return new EmbeddedServer(directory, cluster, login);
    }

    private void launch() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        try {
            startServer();
        } catch (IOException | InterruptedException | RuntimeException e) {
            stop();
            throw e;
        }
        Thread supervisor = new Thread(this::supervise, "embedded-postgresql");
        supervisor.setDaemon(true);
        supervisor.start();
    }

    Login login() {
        return login;
    }

    /** Starts the server, and waits until it accepts connections, however long its recovery takes, or until the service stops. */
    private synchronized void startServer() throws IOException, InterruptedException {
        if (isStopping()) {
            return;
        }
        Process started = cluster.serve(login);
        server = started;
        while (!isReady(started) && !stopped.await(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
            if (!started.isAlive()) {
                throw new IOException(Files.readString(directory.startLog(), StandardCharsets.ISO_8859_1)
                        .strip());
            }
        }
    }

    /** Reads the status from postmaster.pid: a trial connection could send the password to another process that listens on the port. */
    private boolean isReady(Process started) {
        try {
            List<String> lines = Files.readAllLines(directory.processFile(), StandardCharsets.ISO_8859_1);
            return lines.size() > STATUS_LINE
                    && lines.get(0).strip().equals(Long.toString(started.pid()))
                    && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException e) {
            LOG.debug("whether the embedded PostgreSQL is ready is not known: {}", e.toString());
            return false;
        }
    }

    /** Waits for the server to end, and restarts it unless the service is stopping. */
    private void supervise() {
        try {
            while (!isStopping()) {
                current().waitFor();
                if (!isStopping()) {
                    LOG.warn("the embedded PostgreSQL ended by itself; starting it again");
                    restart();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restart() throws InterruptedException {
        while (!isStopping()) {
            try {
                new ServerProcesses(directory).awaitEnd();
                startServer();
                LOG.info("the embedded PostgreSQL runs again");
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("the embedded PostgreSQL does not start; see the log in {}", directory.log(), e);
                stopped.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private synchronized Process current() {
        return Objects.requireNonNull(server, "launched before it is supervised");
    }

    private boolean isStopping() {
        return stopped.getCount() == 0;
    }

    /** Removes the shutdown hook: from now on the life cycle stops the server, after everything that uses it. */
    @Override
    public void start() {
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        if (stopCalled.compareAndSet(false, true)) {
            stopped.countDown();
            stopServer();
            directory.close();
        }
    }

    private synchronized void stopServer() throws IOException, InterruptedException {
        if (server == null) {
            return;
        }
        try {
            if (server.isAlive()) {
                ServerProcesses.stopFast(server.pid());
            }
        } finally {
            if (!server.waitFor(STOP_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                server.destroyForcibly().waitFor();
            }
        }
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
