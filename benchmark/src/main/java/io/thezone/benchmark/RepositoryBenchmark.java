package io.thezone.benchmark;

import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.postgresql.PostgresqlStore;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures one batch on a durable PostgreSQL with 100,000 sessions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class RepositoryBenchmark {
    private static final int SESSIONS = 100_000;
    private static final String DOCUMENT = "{\"at\":1764000000000000,\"streams\":[{\"id\":"
            + "\"6f1c8a52-3c39-4a39-8b5f-1a2b3c4d5e6f\",\"start\":1764000000000000,\"seen\":1764000000000000,"
            + "\"until\":1764000090000000}]}";

    @Param({"1", "16", "256"})
    public int batch;

    private EmbeddedPostgres server;
    private SessionRepository repository;
    private List<SessionKey> keys;
    private Map<SessionKey, StoredSession> held;
    private Instant now = Instant.EPOCH;

    @Setup
    public void open() throws Exception {
        Path directory = Files.createTempDirectory("benchmark");
        System.setProperty("ot.epg.working-dir", directory.toString());
        server = EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C")
                .setDataDirectory(directory.resolve("data"))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        repository = PostgresqlStore.open(
                new Environment("benchmark"),
                new PostgresqlStore.Access(server.getJdbcUrl("postgres", "postgres"), "postgres", ""),
                8,
                true,
                true);
        keys = new ArrayList<>();
        held = new HashMap<>();
        for (int i = 0; i < SESSIONS / 1_000; i++) {
            List<SessionKey> some = randomKeys(1_000);
            hold(save(some));
            keys.addAll(some);
        }
    }

    @TearDown
    public void close() throws IOException {
        server.close();
    }

    @Benchmark
    public SavedSessions insert() {
        return save(randomKeys(batch));
    }

    @Benchmark
    public SavedSessions update() {
        List<SessionKey> some = someKeys();
        List<SessionSave> saves = new ArrayList<>();
        for (SessionKey key : some) {
            saves.add(new SessionSave(key, Optional.ofNullable(held.get(key)), now, now.plusSeconds(600), 1, DOCUMENT));
        }
        SavedSessions saved = repository.saveIfUnchanged(saves);
        if (saved.versions().size() != batch) {
            throw new IllegalStateException("lost " + (batch - saved.versions().size()));
        }
        hold(saved);
        now = saved.now();
        return saved;
    }

    @Benchmark
    public LoadedSessions load() {
        return repository.load(someKeys());
    }

    private void hold(SavedSessions saved) {
        saved.versions().forEach((key, version) -> held.put(key, new StoredSession(version, 1, DOCUMENT)));
    }

    private SavedSessions save(List<SessionKey> some) {
        Instant decided = now.equals(Instant.EPOCH) ? repository.load(List.of()).now() : now;
        SavedSessions saved = repository.saveIfUnchanged(some.stream()
                .map(key -> new SessionSave(key, Optional.empty(), decided, decided.plusSeconds(600), 1, DOCUMENT))
                .toList());
        now = saved.now();
        return saved;
    }

    private List<SessionKey> someKeys() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return random.ints(0, keys.size())
                .distinct()
                .limit(batch)
                .mapToObj(keys::get)
                .sorted()
                .toList();
    }

    private static List<SessionKey> randomKeys(int count) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        List<SessionKey> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(new SessionKey(random.nextLong(), random.nextLong()));
        }
        Collections.sort(some);
        return some;
    }
}
