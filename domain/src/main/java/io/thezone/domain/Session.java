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
 * What one session holds. Immutable; each operation answers with the {@link Step} to the next state. Which session it is, is
 * known to the store alone, so that the credential never travels with the data.
 *
 * @param streams in the order of their start; may hold some that have lapsed since the last change
 * @param ended the last streams that ended, oldest first, at most {@value #MAX_ENDED} by themselves,
 *     {@value #MAX_ENDED_BY_ANOTHER} by another and {@value #MAX_ENDED_BEFORE_START} before their start
 * @param changedAt the store's time at the last change; no later operation happens before it, see {@link #asOf}
 */
public record Session(List<Stream> streams, List<EndedStream> ended, Instant changedAt) {
    /** Of those that ended by themselves. */
    public static final int MAX_ENDED = 16;

    /** Of those that another player ended, whose own must be told. */
    public static final int MAX_ENDED_BY_ANOTHER = StreamQuota.MAX_LIMIT;

    /** Of those that were ended before they started; each may be of an id that nobody uses. */
    public static final int MAX_ENDED_BEFORE_START = 4;

    /**
     * By how much the store's time may be before the last change without a step of its clock: it is a lower bound, and a standby's
     * clock may be a little behind. More than the age at which a store no longer takes a decision, so that none that was taken too
     * late is saved as if the clock had stepped.
     */
    public static final Duration MAX_SKEW = Duration.ofSeconds(5);

    public static final Session EMPTY = new Session(List.of(), List.of(), Instant.EPOCH);

    public Session {
        streams = List.copyOf(streams);
        ended = List.copyOf(ended);
    }

    /**
     * The session as it is decided on at a time of the store. One that was changed later than that, by more than
     * {@link #MAX_SKEW}, was changed before the store's clock stepped back: what was seen then counts as seen now, and lives,
     * or is remembered, for as long as it was granted. That is later than the truth, never earlier. It is a change to be saved, or
     * it would be noticed, and granted, again.
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
     * Renews the stream if it lives, else admits it if the quota has room or makes room: asking again never takes a second slot.
     * A live stream whose attributes change is judged as if it took its own place. The streams that are replaced end with
     * that; if it is not granted, all is as it was.
     */
    public Step<AcquireOutcome> acquire(StreamRequest request, StreamQuota quota, Lease lease, Instant now) {
        return new Acquisition(this, request, quota, lease, now).decide();
    }

    /** What becomes of the wish to stream of a session without a plan: it may go on with what it holds. */
    public Step<AcquireOutcome> goOn(StreamRequest request, Lease lease, Instant now) {
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
                                        .filter(EndedStream::refusesStart)
                                        .<AcquireOutcome>map(it -> new AcquireOutcome.Lost(it, now))
                                        .orElse(new AcquireOutcome.NoPlan(now))));
    }

    /** Renews a live stream; an early beat is told the expiry that stands and changes nothing. */
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
     * Ends a stream at its player's wish; ending it twice is no error. Under the id of one that was held another may start at
     * once. Of one that the session does not know the start may still be on its way: it is refused for a while.
     */
    public Step<ReleaseOutcome> release(StreamId id, Instant now) {
        return end(id, EndReason.RELEASED, now);
    }

    /** Ends a stream at somebody else's wish: its player does not get it back for as long as its end is remembered. */
    public Step<ReleaseOutcome> stop(StreamId id, Instant now) {
        return end(id, EndReason.STOPPED, now);
    }

    private Step<ReleaseOutcome> end(StreamId id, EndReason reason, Instant now) {
        List<Stream> live = liveAt(now);
        List<EndedStream> remembered = endedBy(now);
        Optional<Stream> held = find(id, now);
        if (held.isPresent()) {
            live.remove(held.get());
            remembered.add(EndedStream.of(held.get(), reason, now));
            return new Step<>(next(live, remembered, now), new ReleaseOutcome.Released(held.get()));
        }
        Optional<EndedStream> known = findEnd(id, now);
        if (known.isPresent()
                && (reason == EndReason.RELEASED || known.get().reason().isByAnother())) {
            return new Step<>(this, new ReleaseOutcome.NotHeld(id));
        }
        known.ifPresent(remembered::remove);
        remembered.add(
                known.map(end -> end.because(reason, now)).orElseGet(() -> EndedStream.beforeStart(id, reason, now)));
        return new Step<>(next(live, remembered, now), new ReleaseOutcome.NotHeld(id));
    }

    public Step<ActiveStreams> list(Instant now) {
        return new Step<>(this, new ActiveStreams(liveAt(now), now));
    }

    /** From when on nothing that is kept here can matter to any answer. */
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
        if (lease.isEarly(stream, now)) {
            return new Step<>(this, stream);
        }
        Stream renewed = stream.renew(lease, now);
        List<Stream> live = liveAt(now);
        live.set(live.indexOf(stream), renewed);
        return new Step<>(next(live, endedBy(now), now), renewed);
    }

    Optional<Stream> find(StreamId id, Instant now) {
        for (Stream stream : streams) {
            if (stream.id().equals(id) && stream.livesAt(now)) {
                return Optional.of(stream);
            }
        }
        return Optional.empty();
    }

    /** A list of one's own. */
    List<Stream> liveAt(Instant now) {
        List<Stream> live = new ArrayList<>(streams.size() + 1);
        for (Stream stream : streams) {
            if (stream.livesAt(now)) {
                live.add(stream);
            }
        }
        return live;
    }

    /** What is remembered at that time, those included that have lapsed since; a list of one's own. */
    List<EndedStream> endedBy(Instant now) {
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
        return endedBy(now).stream().filter(end -> end.id().equals(id)).findFirst();
    }

    /** @param remembered is sorted, and shortened to what a session remembers */
    static Session next(List<Stream> live, List<EndedStream> remembered, Instant now) {
        remembered.sort(Comparator.comparing(EndedStream::endedAt));
        forgetOldest(remembered, EndedStream::beforeStart, MAX_ENDED_BEFORE_START);
        forgetOldest(remembered, end -> !end.refusesStart(), MAX_ENDED);
        forgetOldest(remembered, end -> !end.beforeStart() && end.reason().isByAnother(), MAX_ENDED_BY_ANOTHER);
        return new Session(live, remembered, now);
    }

    private static void forgetOldest(List<EndedStream> ends, Predicate<EndedStream> which, int most) {
        long surplus = ends.stream().filter(which).count() - most;
        for (Iterator<EndedStream> end = ends.iterator(); surplus > 0 && end.hasNext(); ) {
            if (which.test(end.next())) {
                end.remove();
                surplus--;
            }
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
