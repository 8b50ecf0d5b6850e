package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The state of one session: its live streams and the ends that it remembers. Immutable; each operation returns a {@link Step}
 * with the next state. The session's id is not part of it, so that the credential never travels with the data.
 *
 * @param streams in the order of their start; may contain streams that have expired since the last change
 * @param ended the remembered ends, oldest first: at most {@value #MAX_ENDED} of streams that expired or were released,
 *     {@value #MAX_ENDED_BY_ANOTHER} of streams that another player ended and {@value #MAX_ENDED_BEFORE_START} of streams that
 *     were ended before their start
 * @param changedAt the store's time at the last change; no later operation has an earlier time, see {@link #asOf}
 */
public record Session(List<Stream> streams, List<EndedStream> ended, Instant changedAt) {
    /** Maximum number of remembered streams that expired or were released. */
    public static final int MAX_ENDED = 16;

    /** Maximum number of remembered streams that another player ended, and whose own player must learn it. */
    public static final int MAX_ENDED_BY_ANOTHER = StreamQuota.MAX_LIMIT;

    /** Maximum number of remembered ends before the start. Few, because a client can cause them with ids that nobody uses. */
    public static final int MAX_ENDED_BEFORE_START = 4;

    /**
     * How far the store's time may be before the last change without the store's clock having stepped back: the time is a lower
     * bound, and a standby's clock may be slightly behind. Greater than the age at matches the store rejects a decision, so that no
     * late decision is mistaken for a step of the clock.
     */
    public static final Duration MAX_SKEW = Duration.ofSeconds(5);

    public static final Session EMPTY = new Session(List.of(), List.of(), Instant.EPOCH);

    public Session {
        streams = List.copyOf(streams);
        ended = List.copyOf(ended);
    }

    /**
     * Returns the session on matches to decide at a time of the store. If the last change is later than {@code now} by more than
     * {@link #MAX_SKEW}, the store's clock has stepped back since: heartbeats and ends after {@code now} are moved to {@code now}, and
     * leases and memories keep their lengths. So streams expire later than by the true time, never earlier. The caller must save
     * the returned session; otherwise the next decision would extend the leases again.
     */
    public Session asOf(Instant now) {
        if (!changedAt.isAfter(now.plus(MAX_SKEW))) {
            return this;
        }
        return new Session(
                streams.stream().map(stream -> stream.notAfter(now)).toList(),
                ended.stream().map(end -> end.notAfter(now)).toList(),
                now);
    }

    /**
     * Renews the stream if it lives; otherwise admits it if the plan has room or makes room. A repeated request never takes a second
     * slot. A live stream whose attributes change is judged as if it took its own place. The streams that the request replaces end
     * only if it is granted.
     */
    public Step<AcquireOutcome> acquire(StreamRequest request, StreamQuota plan, Lease lease, Instant now) {
        return new Acquisition(this, request, plan, lease, now).decide();
    }

    /** Decides a request for a stream without a plan: renews a live stream and admits no new one. */
    public Step<AcquireOutcome> continueWithoutPlan(StreamRequest request, Lease lease, Instant now) {
        StreamId id = request.id();
        Optional<EndedStream> end = findEnd(id, now);
        if (request.contradicts(
                find(id, now).map(Stream::fingerprint).orElseGet(() -> end.flatMap(EndedStream::fingerprint)))) {
            return new Step<>(this, new AcquireOutcome.KeyReused(now));
        }
        Step<RenewOutcome> step = renew(id, lease, now);
        return new Step<>(
                step.next(),
                step.outcome()
                        .match(
                                renewed ->
                                        new AcquireOutcome.Renewed(renewed.stream(), renewed.active(), List.of(), now),
                                lost -> lost.end()
                                        .filter(it -> it.refusesStart(request.restart(), now))
                                        .<AcquireOutcome>map(it -> AcquireOutcome.Lost.of(it, request, now))
                                        .orElse(new AcquireOutcome.NoPlan(now))));
    }

    /** Renews a live stream. An early heartbeat changes nothing and returns the stream as it is. */
    public Step<RenewOutcome> renew(StreamId id, Lease lease, Instant now) {
        Optional<Stream> held = find(id, now);
        if (held.isEmpty()) {
            return new Step<>(this, new RenewOutcome.Lost(id, findEnd(id, now), now));
        }
        Step<Stream> renewed = renew(held.get(), lease, now);
        return new Step<>(
                renewed.next(),
                new RenewOutcome.Renewed(renewed.outcome(), liveAt(now).size(), now));
    }

    /**
     * Ends a stream on behalf of its own player; ending it twice is no error. A new stream with the same id may start at once. If
     * the session does not know the stream, its start may still be on its way and is refused for
     * {@link EndedStream#MEMORY_BEFORE_START}.
     */
    public Step<ReleaseOutcome> release(StreamId id, Instant now) {
        return end(id, EndReason.RELEASED, now);
    }

    /** Ends a stream that is live on behalf of its own player; an id that has no live stream is not remembered. */
    public Step<ReleaseOutcome> releaseLive(StreamId id, Instant now) {
        return find(id, now).isPresent() ? release(id, now) : new Step<>(this, new ReleaseOutcome.NotHeld(id));
    }

    /** Ends a stream from outside: its player does not get it back for as long as the end is remembered. */
    public Step<ReleaseOutcome> stop(StreamId id, Instant now) {
        return end(id, EndReason.STOPPED, now);
    }

    private Step<ReleaseOutcome> end(StreamId id, EndReason reason, Instant now) {
        List<Stream> live = liveAt(now);
        List<EndedStream> remembered = endsRememberedAt(now);
        Optional<Stream> held = find(id, now);
        if (held.isPresent()) {
            live.remove(held.get());
            remembered.add(EndedStream.of(held.get(), reason, now));
            return new Step<>(of(live, remembered, now), new ReleaseOutcome.Released(held.get()));
        }
        Optional<EndedStream> known = findEnd(id, now);
        if (known.isPresent()
                && (reason == EndReason.RELEASED || known.get().reason().endedByAnotherPlayer())) {
            return new Step<>(this, new ReleaseOutcome.NotHeld(id));
        }
        known.ifPresent(remembered::remove);
        remembered.add(
                known.map(end -> end.because(reason, now)).orElseGet(() -> EndedStream.beforeStart(id, reason, now)));
        return new Step<>(of(live, remembered, now), new ReleaseOutcome.NotHeld(id));
    }

    /** Returns the live streams; changes nothing. */
    public Step<ActiveStreams> list(Instant now) {
        return new Step<>(this, new ActiveStreams(liveAt(now), now));
    }

    /** Returns the time from matches on the session has no effect on any outcome and can be removed. */
    public Instant lapsesAt() {
        Instant last = changedAt;
        for (Stream stream : streams) {
            last = later(
                    last,
                    EndedStream.of(stream, EndReason.EXPIRED, stream.expiresAt())
                            .forgetAt());
        }
        for (EndedStream end : ended) {
            last = later(last, end.forgetAt());
        }
        return last;
    }

    Step<Stream> renew(Stream stream, Lease lease, Instant now) {
        if (stream.isEarly(lease, now)) {
            return new Step<>(this, stream);
        }
        Stream renewed = stream.renew(lease, now);
        List<Stream> live = liveAt(now);
        live.set(live.indexOf(stream), renewed);
        return new Step<>(of(live, endsRememberedAt(now), now), renewed);
    }

    Optional<Stream> find(StreamId id, Instant now) {
        for (Stream stream : streams) {
            if (stream.id().equals(id) && stream.livesAt(now)) {
                return Optional.of(stream);
            }
        }
        return Optional.empty();
    }

    /** Returns a new, mutable list of the streams that live at that time. */
    List<Stream> liveAt(Instant now) {
        List<Stream> live = new ArrayList<>(streams.size() + 1);
        for (Stream stream : streams) {
            if (stream.livesAt(now)) {
                live.add(stream);
            }
        }
        return live;
    }

    /** Returns a new, mutable list of the ends that are remembered at that time, including streams that have expired since. */
    List<EndedStream> endsRememberedAt(Instant now) {
        List<EndedStream> remembered = new ArrayList<>(ended.size() + 1);
        for (EndedStream end : ended) {
            if (now.isBefore(end.forgetAt())) {
                remembered.add(end);
            }
        }
        for (Stream stream : streams) {
            if (!stream.livesAt(now)) {
                EndedStream end = EndedStream.of(stream, EndReason.EXPIRED, stream.expiresAt());
                if (now.isBefore(end.forgetAt())) {
                    remembered.add(end);
                }
            }
        }
        return remembered;
    }

    Optional<EndedStream> findEnd(StreamId id, Instant now) {
        if (streams.isEmpty() && ended.isEmpty()) {
            return Optional.empty();
        }
        return endsRememberedAt(now).stream().filter(end -> end.id().equals(id)).findFirst();
    }

    /**
     * Creates the session that is saved next.
     *
     * @param remembered in any order; the oldest ends beyond each maximum are forgotten. The list is modified
     */
    static Session of(List<Stream> live, List<EndedStream> remembered, Instant now) {
        remembered.sort(Comparator.comparing(EndedStream::endedAt));
        forgetOldest(remembered, EndedStream::beforeStart, MAX_ENDED_BEFORE_START);
        forgetOldest(remembered, end -> !end.refusesStart(), MAX_ENDED);
        forgetOldest(
                remembered, end -> !end.beforeStart() && end.reason().endedByAnotherPlayer(), MAX_ENDED_BY_ANOTHER);
        return new Session(live, remembered, now);
    }

    private static void forgetOldest(List<EndedStream> ends, Predicate<EndedStream> matches, int most) {
        long surplus = ends.stream().filter(matches).count() - most;
        for (Iterator<EndedStream> end = ends.iterator(); surplus > 0 && end.hasNext(); ) {
            if (matches.test(end.next())) {
                end.remove();
                surplus--;
            }
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
