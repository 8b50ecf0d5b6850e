package io.thezone.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Computes when a refused request would be granted if no other request and no heartbeat came until then. The requesting player is
 * assumed to keep a live stream of its own alive. Streams that the plan would end to make room need not expire.
 *
 * <p>Method: binary search over the streams in the order of their expiry for the smallest number of expired streams after which
 * no limit forbids the request. The search is valid because further expiries never take room away, except when the kept place
 * itself expires; so the times before and after that are searched separately.
 *
 * <p>Reason: a refusal is often decided more than once until it is confirmed, so this is computed only when it is read.
 *
 * <p>Cost: for n streams one sort and about 2 log₂ n evaluations of the plan.
 */
public final class NextRoom {
    private final StreamQuota plan;
    private final Attributes requested;
    private final List<Stream> others;
    private final Optional<Attributes> keptPlace;
    private final Instant keptUntil;

    /**
     * Prepares the computation for a request that is refused now.
     *
     * @param others the live streams beside which the requested one would live
     * @param keptPlace as in {@link StreamQuota#exhaustedBy}
     * @param keptUntil when that place is lost; if the request would take several places, the others are ignored and the result may
     *     be too late
     */
    NextRoom(
            StreamQuota plan,
            Attributes requested,
            List<Stream> others,
            Optional<Attributes> keptPlace,
            Instant keptUntil) {
        this.plan = plan;
        this.requested = requested;
        this.others = others;
        this.keptPlace = keptPlace;
        this.keptUntil = keptUntil;
    }

    /** Returns the time of the expiry after which all limits have room; empty if no expiry makes room. */
    public Optional<Instant> at() {
        List<Stream> byExpiry = mustExpire();
        byExpiry.sort(Comparator.comparing(Stream::expiresAt));
        int whileKept = 0;
        while (keptPlace.isPresent()
                && whileKept < byExpiry.size()
                && byExpiry.get(whileKept).expiresAt().isBefore(keptUntil)) {
            whileKept++;
        }
        OptionalInt expiries = fewest(byExpiry, whileKept, keptPlace);
        if (expiries.isEmpty()) {
            expiries = fewest(byExpiry, byExpiry.size(), Optional.empty());
        }
        return expiries.isEmpty()
                ? Optional.empty()
                : Optional.of(byExpiry.get(expiries.getAsInt() - 1).expiresAt());
    }

    /**
     * Returns the streams that the plan does not end itself. Returns all streams if ending the others makes room, because the
     * request was then refused only for the cost of the search.
     */
    private List<Stream> mustExpire() {
        List<Stream> rest = new ArrayList<>(others);
        rest.removeAll(plan.evictable(others, requested));
        return hasRoom(rest, 0, keptPlace) ? new ArrayList<>(others) : rest;
    }

    /** Returns the smallest number of expiries up to {@code most} that makes room; empty if none does. */
    private OptionalInt fewest(List<Stream> byExpiry, int most, Optional<Attributes> kept) {
        if (!hasRoom(byExpiry, most, kept)) {
            return OptionalInt.empty();
        }
        int tooFew = 0;
        int enough = most;
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) / 2;
            if (hasRoom(byExpiry, middle, kept)) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return OptionalInt.of(enough);
    }

    private boolean hasRoom(List<Stream> byExpiry, int expired, Optional<Attributes> kept) {
        return plan.exhaustedBy(byExpiry.subList(expired, byExpiry.size()), requested, kept)
                .isEmpty();
    }
}
