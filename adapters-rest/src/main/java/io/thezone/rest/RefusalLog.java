package io.thezone.rest;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamQuota;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The last refusals of this node, for whoever asks why. What is kept of each is small, whatever its streams carry. */
public final class RefusalLog {
    static final int MAX_STREAMS = 10;

    private final int capacity;
    private final long memoryNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Deque<Entry> byAge = new ArrayDeque<>();

    /**
     * A refusal and what it was decided on.
     *
     * @param plan as it was then
     * @param count how many streams counted against the rule
     * @param streams the oldest of them, at most {@value #MAX_STREAMS}, with the attributes that the rule looks at
     * @param decidedAt by the store's clock
     * @param addedAt in nanoseconds of the monotonic clock
     */
    record Entry(
            String id,
            StreamQuota plan,
            String rule,
            int limit,
            int count,
            List<Stream> streams,
            Instant decidedAt,
            long addedAt) {}

    /**
     * @param capacity how many refusals are kept, at least 1
     * @param memory for how long one is kept at most
     */
    public RefusalLog(int capacity, Duration memory) {
        this(capacity, memory, System::nanoTime);
    }

    RefusalLog(int capacity, Duration memory, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.memoryNanos = memory.toNanos();
        this.nanoTime = nanoTime;
    }

    /** @return the id of the decision, which cannot be guessed */
    String add(StreamQuota plan, AcquireOutcome.Refused refused) {
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
                refused.decidedAt(),
                nanoTime.getAsLong());
        add(entry);
        return entry.id();
    }

    /** Empty if the decision was another node's, or is forgotten. */
    synchronized Optional<Entry> find(String id) {
        forgetExpired();
        return Optional.ofNullable(entries.get(id));
    }

    private synchronized void add(Entry entry) {
        forgetExpired();
        if (entries.size() == capacity) {
            forget(byAge.poll());
        }
        entries.put(entry.id(), entry);
        byAge.add(entry);
    }

    private void forgetExpired() {
        for (Entry oldest = byAge.peek();
                oldest != null && nanoTime.getAsLong() - oldest.addedAt() >= memoryNanos;
                oldest = byAge.peek()) {
            forget(byAge.poll());
        }
    }

    private void forget(@Nullable Entry entry) {
        if (entry != null) {
            entries.remove(entry.id());
        }
    }
}
