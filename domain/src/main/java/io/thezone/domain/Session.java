package io.thezone.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one session holds. Immutable; each operation answers with the {@link Step} to the next state. Which session it is, is
 * known to the store alone, so that the credential never travels with the data.
 *
 * @param streams in the order of their start; may hold some that have lapsed since the last change
 * @param ended the last streams that ended, oldest first, at most {@value #MAX_ENDED}
 * @param changedAt the store's time at the last change; no later operation happens before it
 */
public record Session(List<Stream> streams, List<EndedStream> ended, Instant changedAt) {
    public static final int MAX_ENDED = 16;

    public static final Session EMPTY = new Session(List.of(), List.of(), Instant.EPOCH);

    public Session {
        streams = List.copyOf(streams);
        ended = List.copyOf(ended);
    }

    /** Renews the stream if it lives, else admits it if the quota has room: asking again never takes a second slot. */
    public Step<AcquireOutcome> acquire(StreamRequest request, StreamQuota quota, Instant now) {
        Optional<Stream> held = find(request.id(), now);
        if (held.isPresent()) {
            Step<Stream> renewed = renew(held.get(), request.lease(), now);
            return new Step<>(
                    renewed.next(),
                    new AcquireOutcome.Renewed(renewed.outcome(), liveAt(now).size(), now));
        }
        List<Stream> live = liveAt(now);
        Optional<ExhaustedRule> exhausted = quota.exhaustedBy(live);
        if (exhausted.isPresent()) {
            return new Step<>(this, new AcquireOutcome.Refused(exhausted.get(), now));
        }
        Stream admitted = Stream.start(request, now);
        live.add(admitted);
        List<EndedStream> remembered = endedBy(now);
        remembered.removeIf(end -> end.id().equals(admitted.id()));
        return new Step<>(next(live, remembered, now), new AcquireOutcome.Admitted(admitted, live.size(), now));
    }

    /** Renews a live stream; an early beat is told the expiry that stands and changes nothing. */
    public Step<RenewOutcome> renew(StreamId id, Lease lease, Instant now) {
        Optional<Stream> held = find(id, now);
        if (held.isEmpty()) {
            return new Step<>(this, new RenewOutcome.Lost(id, endReason(id, now), now));
        }
        Step<Stream> renewed = renew(held.get(), lease, now);
        return new Step<>(
                renewed.next(),
                new RenewOutcome.Renewed(renewed.outcome(), liveAt(now).size(), now));
    }

    /** Ends a stream at its player's wish; ending it twice is no error. */
    public Step<ReleaseOutcome> release(StreamId id, Instant now) {
        Optional<Stream> held = find(id, now);
        if (held.isEmpty()) {
            return new Step<>(this, new ReleaseOutcome.NotHeld(id));
        }
        List<Stream> live = liveAt(now);
        live.remove(held.get());
        List<EndedStream> remembered = endedBy(now);
        remembered.add(EndedStream.of(held.get(), EndReason.RELEASED, now));
        return new Step<>(next(live, remembered, now), new ReleaseOutcome.Released(held.get()));
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

    private Step<Stream> renew(Stream stream, Lease lease, Instant now) {
        if (lease.isEarly(stream, now)) {
            return new Step<>(this, stream);
        }
        Stream renewed = stream.renew(lease, now);
        List<Stream> live = liveAt(now);
        live.set(live.indexOf(stream), renewed);
        return new Step<>(next(live, endedBy(now), now), renewed);
    }

    private Optional<Stream> find(StreamId id, Instant now) {
        for (Stream stream : streams) {
            if (stream.id().equals(id) && stream.livesAt(now)) {
                return Optional.of(stream);
            }
        }
        return Optional.empty();
    }

    private List<Stream> liveAt(Instant now) {
        List<Stream> live = new ArrayList<>(streams.size() + 1);
        for (Stream stream : streams) {
            if (stream.livesAt(now)) {
                live.add(stream);
            }
        }
        return live;
    }

    private List<EndedStream> endedBy(Instant now) {
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

    private Optional<EndReason> endReason(StreamId id, Instant now) {
        return endedBy(now).stream()
                .filter(end -> end.id().equals(id))
                .findFirst()
                .map(EndedStream::reason);
    }

    private static Session next(List<Stream> live, List<EndedStream> remembered, Instant now) {
        remembered.sort(Comparator.comparing(EndedStream::endedAt));
        int surplus = remembered.size() - MAX_ENDED;
        return new Session(live, surplus > 0 ? remembered.subList(surplus, remembered.size()) : remembered, now);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
