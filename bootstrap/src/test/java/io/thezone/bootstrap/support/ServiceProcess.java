package io.thezone.bootstrap.support;

import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.rest.testing.Eventually;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service as users run it: the jar as a process on free ports, with settings from the environment. */
public final class ServiceProcess implements AutoCloseable {
    public static final Path JAR = Path.of("target", "thezone.jar").toAbsolutePath();
    public static final Path CONFIG =
            Path.of("..", "config.yml").toAbsolutePath().normalize();

    private static final Duration START_TIME = Duration.ofSeconds(60);
    private static final Duration STOP_TIME = Duration.ofSeconds(30);
    private static final Pattern PORT = Pattern.compile("the application port is \\S+:(\\d+)");

    private final Process process;
    private final Optional<Path> dataDirectory;
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> applicationPort = new CompletableFuture<>();

    private ServiceProcess(Process process, Optional<Path> dataDirectory) {
        this.process = process;
        this.dataDirectory = dataDirectory;
        Thread reader = new Thread(this::readLog, "log-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Starts the shipped jar with the shipped config.yml, on free ports, and waits until it says that it is up. */
    public static ServiceProcess start(Map<String, String> environment) throws Exception {
        return start(CONFIG, environment, "-jar", JAR.toString());
    }

    /** Starts another version of the jar with its own config.yml. */
    public static ServiceProcess startVersion(Path jar, Path config, Map<String, String> environment) throws Exception {
        return start(config, environment, "-jar", jar.toString());
    }

    /** Starts the shipped jar with another jar on the class path. */
    public static ServiceProcess startWith(Path otherJar, Path config, Map<String, String> environment)
            throws Exception {
        String classPath = JAR + File.pathSeparator + otherJar;
        return start(config, environment, "-cp", classPath, StreamServiceApplication.class.getName());
    }

    /** Starts the shipped jar and config.yml with the environment and properties of a machine in that language. */
    public static ServiceProcess startIn(String language, Map<String, String> environment) throws Exception {
        return start(CONFIG, environment, "-Duser.language=" + language, "-jar", JAR.toString());
    }

    private static ServiceProcess start(Path config, Map<String, String> environment, String... java) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(java));
        arguments.addAll(List.of("server", config.toString()));
        ProcessBuilder builder = new ProcessBuilder(Java.command(arguments)).redirectErrorStream(true);
        builder.environment().putAll(Map.of("PORT", "0", "ADMIN_PORT", "0", "SHUTDOWN_WAIT", "0s"));
        builder.environment().putAll(environment);
        ServiceProcess service = new ServiceProcess(
                builder.start(),
                Optional.ofNullable(environment.get("DATA_DIR")).map(Path::of));
        try {
            ServiceClient client = service.client();
            Eventually.within(START_TIME, client::isUp, service::log);
            return service;
        } catch (Exception | AssertionError e) {
            service.closeAfter(e);
            throw e;
        }
    }

    public ServiceClient client() throws Exception {
        return new ServiceClient(applicationPort());
    }

    public int applicationPort() throws Exception {
        return applicationPort.get(START_TIME.toSeconds(), TimeUnit.SECONDS);
    }

    /** @return the whole log, for the message of a failed test */
    public String log() {
        return String.join("\n", log);
    }

    /** Sends SIGTERM, as an init system does. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for the end of a terminated service, and fails unless its exit status is that of an orderly shutdown. */
    public void awaitEnd() throws InterruptedException {
        if (!process.waitFor(STOP_TIME.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the service does not end\n" + log());
        }
    }

    /** Sends SIGKILL to the service only. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Suspends the service: connections are accepted, but never answered. */
    public void freeze() throws IOException, InterruptedException {
        PostgresProcess.signal("STOP", process.toHandle());
    }

    public void thaw() throws IOException, InterruptedException {
        PostgresProcess.signal("CONT", process.toHandle());
    }

    /** @return the embedded PostgreSQL on the service's data, if it runs */
    public Optional<ProcessHandle> postgres() throws IOException {
        if (dataDirectory.isEmpty()) {
            return Optional.empty();
        }
        return PostgresProcess.of(dataDirectory.get().resolve("cluster"));
    }

    private void closeAfter(Throwable failure) {
        failure.addSuppressed(new AssertionError("the log of the service:\n" + log()));
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Kills all processes of the service that still run. */
    @Override
    public void close() {
        try {
            process.destroyForcibly();
            for (ProcessHandle orphan : postgres().stream().toList()) {
                orphan.destroyForcibly();
                orphan.onExit()
                        .orTimeout(STOP_TIME.toSeconds(), TimeUnit.SECONDS)
                        .join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                Matcher port = PORT.matcher(line);
                if (port.find()) {
                    applicationPort.complete(Integer.valueOf(port.group(1)));
                }
            }
        } catch (IOException e) {
            log.add("the log cannot be read: " + e);
        }
        applicationPort.completeExceptionally(new IllegalStateException("the service ended before it served"));
    }
}
