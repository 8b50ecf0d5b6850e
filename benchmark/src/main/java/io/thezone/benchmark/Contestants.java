package io.thezone.benchmark;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Alternatives that a team might write instead of the service, each in its own process. */
final class Contestants implements AutoCloseable {
    /** This one also answers {@code POST /streams}. */
    static final String FASTIFY = "fastify";

    private final Settings settings;
    private final Deque<Closeable> opened = new ArrayDeque<>();

    Contestants(Settings settings) {
        this.settings = settings;
    }

    /** The contestant that answers without a decision. */
    Server empty() throws IOException, InterruptedException {
        return java("empty");
    }

    /** @return the addresses of the other contestants, by name */
    Map<String, String> rivals() throws IOException, InterruptedException {
        Map<String, String> urls = new LinkedHashMap<>();
        urls.put("bare", java("bare").url());
        urls.put("map", java("map").url());
        urls.put("sql", java("sql", "-Ddatabase=" + postgresql()).url());
        String redis = "-Dredis=" + redis("redis", "--appendonly", "no");
        urls.put("redis-lua", java("redis-lua", redis).url());
        urls.put("redisson", java("redisson", redis).url());
        if (Machine.has("node")) {
            urls.put("express", node("express", Map.of()).url());
            String durable = redis("durable-redis", "--appendonly", "yes", "--appendfsync", "always");
            urls.put(FASTIFY, node(FASTIFY, Map.of("REDIS", durable)).url());
        } else {
            System.out.println("express and " + FASTIFY + " are left out: there is no node");
        }
        return urls;
    }

    private String redis(String name, String... redisSettings) throws IOException, InterruptedException {
        Server redis = opened(Server.startRedis(name, settings.directory(), redisSettings));
        return "redis://127.0.0.1:" + redis.port();
    }

    private Server java(String name, String... properties) throws IOException, InterruptedException {
        List<String> command = Server.java(settings.jvm(), properties);
        command.addAll(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                "io.thezone.benchmark.contestant.Contestant",
                name,
                settings.root().resolve("config.yml").toString()));
        return opened(Server.start(name, settings.directory(), command, Map.of()));
    }

    /** Starts a PostgreSQL as durable as that of the service. */
    private String postgresql() throws IOException {
        System.setProperty(
                "ot.epg.working-dir", settings.directory().resolve("postgresql").toString());
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C")
                .setDataDirectory(settings.directory().resolve("sql-data"))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        opened.push(server);
        return server.getJdbcUrl("postgres", "postgres");
    }

    private Server node(String name, Map<String, String> environment) throws IOException, InterruptedException {
        Path sources = settings.root().resolve("benchmark").resolve(name);
        Path copy = Files.createDirectory(settings.directory().resolve(name));
        for (String file : List.of("package.json", "package-lock.json", "server.js")) {
            Files.copy(sources.resolve(file), copy.resolve(file));
        }
        Process install = new ProcessBuilder("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund")
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .redirectOutput(settings.directory().resolve(name + "-npm.log").toFile())
                .start();
        if (install.waitFor() != 0) {
            throw new IllegalStateException("npm ci failed; see " + name + "-npm.log in " + settings.directory());
        }
        Map<String, String> all = new HashMap<>(environment);
        all.put("NODE_ENV", "production");
        return opened(Server.start(
                name,
                settings.directory(),
                List.of("node", copy.resolve("server.js").toString()),
                all));
    }

    private Server opened(Server server) {
        opened.push(server);
        return server;
    }

    @Override
    public void close() throws IOException {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
