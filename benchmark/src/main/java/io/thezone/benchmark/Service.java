package io.thezone.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The service, run from its jar with the shipped config.yml and the embedded PostgreSQL. */
record Service(Server server, Path data) implements AutoCloseable {

    /** @param name of the directory of its data, which a second start with the same name finds again */
    static Service start(Settings settings, String name, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(settings, jar(settings), name, environment);
    }

    /** Starts the service from another jar, with the config.yml in it. */
    static Service start(Settings settings, Path jar, String name, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(settings, jar, name, environment, List.of());
    }

    /** @param files of settings, over the config.yml in the jar */
    static Service start(Settings settings, Path jar, String name, Map<String, String> environment, List<String> files)
            throws IOException, InterruptedException {
        Path data = settings.directory().resolve(name + "-data");
        Map<String, String> all = new HashMap<>(environment);
        all.put("DATA_DIR", data.toString());
        all.put("SHUTDOWN_WAIT", "0s");
        List<String> command = Server.java(settings.jvm(), "-jar", jar.toString(), "server");
        command.addAll(files);
        return new Service(Server.start(name, settings.directory(), command, all), data);
    }

    static Path jar(Settings settings) {
        return settings.root().resolve("bootstrap/target/thezone.jar");
    }

    String url() {
        return server.url();
    }

    /** @return the processor time that the service and its PostgreSQL have used so far */
    Duration processorTime() throws IOException {
        long postmaster = Long.parseLong(Files.readAllLines(data.resolve("cluster/postmaster.pid"))
                .get(0)
                .strip());
        return Processes.processorTime(server.pid()).plus(Processes.processorTime(postmaster));
    }

    Database database() throws IOException, SQLException {
        return Database.of(data);
    }

    /** @throws IllegalStateException if its PostgreSQL still runs, which would disturb later measurements */
    @Override
    public void close() {
        server.close();
        if (Files.exists(data.resolve("cluster/postmaster.pid"))) {
            throw new IllegalStateException("a PostgreSQL still runs on " + data);
        }
    }
}
