package io.thezone.persistence.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The data of one PostgreSQL: made, closed to all but the service's role, and served. */
final class Cluster {
    private static final long MEGABYTE = 1 << 20;

    /** The only way in. No superuser has one; without the server, this user's {@code postgres --single} is. */
    private static final String WHO_MAY_CONNECT =
            """
            # Written by thezone at each start.
            host %s %s 127.0.0.1/32 scram-sha-256
            """
                    .formatted(Login.DATABASE, Login.USER);

    /**
     * Run at each start, so that it need not be known how far an earlier one came. Up to version 0.1 a superuser owned
     * everything. Sequences that belong to a column follow their table. The role may ask for a checkpoint, which makes a planned
     * stop short. One statement per line.
     */
    private static final String ROLE =
            """
            DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN CREATE ROLE %1$s; END IF; END $$;
            ALTER ROLE %1$s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '%2$s';
            GRANT pg_checkpoint TO %1$s;
            ALTER SCHEMA public OWNER TO %1$s;
            DO $$ DECLARE relation regclass; BEGIN \
            FOR relation IN SELECT oid FROM pg_class c \
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') \
            AND relowner <> '%1$s'::regrole AND NOT (relkind = 'S' AND EXISTS \
            (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype IN ('a', 'i'))) \
            LOOP EXECUTE format('ALTER TABLE %%s OWNER TO %1$s', relation); END LOOP; END $$;
            """;

    /** In a session of its own, so that Ctrl-C in a terminal reaches only the service, which stops PostgreSQL last. */
    private static final List<String> OWN_SESSION = List.of(
            "sh", "-c", "if command -v setsid >/dev/null; then exec setsid \"$0\" \"$@\"; else exec \"$0\" \"$@\"; fi");

    private final DataDirectory directory;
    private final Programs programs;

    private Cluster(DataDirectory directory, Programs programs) {
        this.directory = directory;
        this.programs = programs;
    }

    /** Makes the data if there are none; half made ones go first. */
    static Cluster in(DataDirectory directory, Programs programs) throws IOException, InterruptedException {
        Cluster cluster = new Cluster(directory, programs);
        if (Files.isRegularFile(directory.makingCluster())) {
            // Up to version 0.1 this file said that the data beside it were not whole yet.
            DataDirectory.delete(directory.cluster());
        }
        DataDirectory.delete(directory.makingCluster());
        if (!Files.exists(directory.cluster())) {
            cluster.run(
                    "initdb",
                    List.of(
                            "--pgdata=" + directory.makingCluster(),
                            "--username=postgres",
                            "--auth=reject",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-instructions"),
                    "");
            DataDirectory.move(directory.makingCluster(), directory.cluster());
        }
        return cluster;
    }

    /** Before the port opens, so that it never does without a password. */
    void admitOnly(Login login) throws IOException, InterruptedException {
        DataDirectory.replace(whoMayConnect(), WHO_MAY_CONNECT);
        List<String> arguments =
                new ArrayList<>(List.of("--single", "-D", directory.cluster().toString()));
        arguments.addAll(settings(
                "exit_on_error=on",
                "search_path=pg_catalog",
                "password_encryption=scram-sha-256",
                // The password stands in a statement.
                "log_statement=none",
                "log_min_error_statement=panic",
                "log_checkpoints=off",
                "logging_collector=off"));
        arguments.add(Login.DATABASE);
        run("postgres", arguments, ROLE.formatted(Login.USER, login.password()));
    }

    private Path whoMayConnect() {
        return directory.cluster().resolve("pg_hba.conf");
    }

    /** Starts the server, as a child of this process and in no other way bound to it. */
    Process serve(Login login) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-D", directory.cluster().toString(), "-p", Integer.toString(login.port())));
        arguments.addAll(settings(
                "hba_file=" + whoMayConnect(),
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=100",
                "timezone=UTC",
                "lc_messages=C",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                // Every row is written again and again: the fewer checkpoints, the fewer whole pages go into the log.
                "shared_buffers=" + sharedBuffers(),
                "max_wal_size=2GB",
                "min_wal_size=256MB",
                "checkpoint_timeout=15min",
                "logging_collector=on",
                "log_filename=postgresql-%a.log",
                "log_truncate_on_rotation=on",
                "log_rotation_age=1d"));
        ProcessBuilder server = programs.command("postgres", arguments);
        server.command().addAll(0, OWN_SESSION);
        Files.deleteIfExists(directory.startLog());
        return server.redirectInput(new File("/dev/null"))
                .redirectOutput(directory.startLog().toFile())
                .start();
    }

    /** The index should fit, or each new session costs a page that is written to make room for another. */
    private static String sharedBuffers() {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return Math.max(128, Math.min(1024, memory / MEGABYTE / 8)) + "MB";
    }

    private static List<String> settings(String... settings) {
        return Arrays.stream(settings)
                .flatMap(setting -> Stream.of("-c", setting))
                .toList();
    }

    /** @throws IOException with what it said, if it fails */
    private void run(String program, List<String> arguments, String input) throws IOException, InterruptedException {
        Process process = programs.command(program, arguments).start();
        try {
            Optional<IOException> unheard = write(process, input);
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0 || unheard.isPresent()) {
                throw new IOException(program + " failed: " + said, unheard.orElse(null));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** A program that ends before it reads says why. */
    private static Optional<IOException> write(Process process, String input) {
        try (OutputStream sink = process.getOutputStream()) {
            sink.write(input.getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
