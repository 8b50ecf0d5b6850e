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

/** The database cluster of an embedded PostgreSQL: creates it, restricts access to the service's role, and starts its server. */
final class Cluster {
    private static final long MEGABYTE = 1 << 20;

    /** Admits only the service's role. Superusers cannot log in; {@code postgres --single} replaces that while the server is down. */
    private static final String PG_HBA =
            """
            # Written by thezone at each start.
            host %s %s 127.0.0.1/32 scram-sha-256
            """
                    .formatted(Login.DATABASE, Login.USER);

    /**
     * Creates the role and hands it the schema, which a superuser owned up to version 0.1. It is idempotent and runs at each start,
     * so an interrupted start needs no repair. Sequences of a column change their owner with the table. The role may request a
     * checkpoint, which shortens a planned stop. One statement per line, as single-user mode demands.
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

    /** Runs the server in its own session, so that Ctrl-C in a terminal reaches only the service, which stops PostgreSQL last. */
    private static final List<String> OWN_SESSION = List.of(
            "sh", "-c", "if command -v setsid >/dev/null; then exec setsid \"$0\" \"$@\"; else exec \"$0\" \"$@\"; fi");

    private final DataDirectory directory;
    private final Programs programs;

    private Cluster(DataDirectory directory, Programs programs) {
        this.directory = directory;
        this.programs = programs;
    }

    /** Creates the data if there are none; deletes a creation that was interrupted. */
    static Cluster in(DataDirectory directory, Programs programs) throws IOException, InterruptedException {
        Cluster cluster = new Cluster(directory, programs);
        if (Files.isRegularFile(directory.unfinishedCluster())) {
            // Up to version 0.1 this file marked the data beside it as incomplete.
            DataDirectory.delete(directory.cluster());
        }
        DataDirectory.delete(directory.unfinishedCluster());
        if (!Files.exists(directory.cluster())) {
            cluster.run(
                    "initdb",
                    List.of(
                            "--pgdata=" + directory.unfinishedCluster(),
                            "--username=postgres",
                            "--auth=reject",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-instructions"),
                    "");
            DataDirectory.move(directory.unfinishedCluster(), directory.cluster());
        }
        return cluster;
    }

    /** Creates the role and its password. Runs before the server starts, so that its port is never open without a password. */
    void admitOnly(Login login) throws IOException, InterruptedException {
        DataDirectory.replace(hbaFile(), PG_HBA);
        List<String> arguments =
                new ArrayList<>(List.of("--single", "-D", directory.cluster().toString()));
        arguments.addAll(settings(
                "exit_on_error=on",
                "search_path=pg_catalog",
                "password_encryption=scram-sha-256",
                // A statement contains the password.
                "log_statement=none",
                "log_min_error_statement=panic",
                "log_checkpoints=off",
                "logging_collector=off"));
        arguments.add(Login.DATABASE);
        run("postgres", arguments, ROLE.formatted(Login.USER, login.password()));
    }

    private Path hbaFile() {
        return directory.cluster().resolve("pg_hba.conf");
    }

    /** Starts the server as a child process, with its input and output detached from this process. */
    Process serve(Login login) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-D", directory.cluster().toString(), "-p", Integer.toString(login.port())));
        arguments.addAll(settings(
                "hba_file=" + hbaFile(),
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=100",
                "timezone=UTC",
                "lc_messages=C",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                // The same rows are written often, and after each checkpoint a page is logged as a whole: few
                // checkpoints keep the log small.
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

    /** An eighth of the memory, so that the index fits: otherwise each new session evicts a page that must be written first. */
    private static String sharedBuffers() {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return Math.max(128, Math.min(1024, memory / MEGABYTE / 8)) + "MB";
    }

    private static List<String> settings(String... settings) {
        return Arrays.stream(settings)
                .flatMap(setting -> Stream.of("-c", setting))
                .toList();
    }

    /** @throws IOException with the output of the program if it fails */
    private void run(String program, List<String> arguments, String input) throws IOException, InterruptedException {
        Process process = programs.command(program, arguments).start();
        try {
            Optional<IOException> unwritten = write(process, input);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0 || unwritten.isPresent()) {
                throw new IOException(program + " failed: " + output, unwritten.orElse(null));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** @return the failure to write, which the caller reports with the output: a program that ends before it reads prints why */
    private static Optional<IOException> write(Process process, String input) {
        try (OutputStream sink = process.getOutputStream()) {
            sink.write(input.getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
