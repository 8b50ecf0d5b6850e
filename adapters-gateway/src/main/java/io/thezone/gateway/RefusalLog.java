package io.thezone.gateway;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamQuota;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The last refusals of this node, for operators who look for the reason of one. Each entry is small, however much its streams
 * carry. When the log is full, the entry that was least recently used is dropped: Caffeine, which weighs how often an entry is
 * used, would drop the newest, because none has been read yet.
 */
public final class RefusalLog {
    public static final int MAX_STREAMS = 10;

    private final Cache<String, Entry> entries;

    /**
     * A refusal and what it was decided on.
     *
     * @param plan as it was then
     * @param count how many streams counted against the rule
     * @param streams the oldest of them, at most {@value #MAX_STREAMS}, with the attributes that the rule looks at
     * @param decidedAt by the store's clock
     */
    public record Entry(
            String id, StreamQuota plan, String rule, int limit, int count, List<Stream> streams, Instant decidedAt) {}

    /**
     * @param capacity the maximum number of entries, at least 1
     * @param memory the maximum age of an entry
     */
    public RefusalLog(int capacity, Duration memory) {
        this(capacity, memory, Ticker.systemTicker());
    }

    RefusalLog(int capacity, Duration memory, Ticker ticker) {
        // With more segments each would be full by itself.
        this.entries = CacheBuilder.newBuilder()
                .concurrencyLevel(1)
                .maximumSize(capacity)
                .expireAfterWrite(memory)
                .ticker(ticker)
                .build();
    }

    /** @return what was recorded; its id cannot be guessed */
    public Entry add(StreamQuota plan, AcquireOutcome.Refused refused) {
        ExhaustedRule rule = refused.rule();
        List<Stream> streams = rule.streams().stream()
                .limit(MAX_STREAMS)
                .map(stream -> stream.with(stream.attributes().only(plan.attributesOf(rule.name()))))
                .toList();
        Entry entry = new Entry(
                RandomIds.next(),
                plan,
                rule.name(),
                rule.limit(),
                rule.streams().size(),
                streams,
                refused.decidedAt());
        entries.put(entry.id(), entry);
        return entry;
    }

    /** Empty if another node decided, or the entry was dropped. */
    public Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.getIfPresent(id));
    }
}
