package io.thezone.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When a refused request would be granted if nobody asked for anything and no stream gave a sign of life until then. The player
 * that goes on with a stream of its own is taken to do so meanwhile. Streams that the plan ends to make room need not lapse.
 */
public final class NextRoom {
    private final StreamQuota quota;
    private final Attributes asking;
    private final List<Stream> others;
    private final ExhaustedRule rule;
    private final Optional<Attributes> place;
    private final Instant placeUntil;

    /**
     * @param others those beside which the stream would live
     * @param rule the first that has no room
     * @param place as in {@link StreamQuota#exhaustedBy}
     * @param placeUntil when that place is lost; where the request would take several, the others are not looked at, and the
     *     moment may be named too late
     */
    NextRoom(
            StreamQuota quota,
            Attributes asking,
            List<Stream> others,
            ExhaustedRule rule,
            Optional<Attributes> place,
            Instant placeUntil) {
        this.quota = quota;
        this.asking = asking;
        this.others = others;
        this.rule = rule;
        this.place = place;
        this.placeUntil = placeUntil;
    }

    /**
     * The moment of the lapse that makes room by all rules; empty if none does. Not computed before it is asked for, because a
     * refusal is often decided more than once until it is confirmed.
     */
    public Optional<Instant> at() {
        List<Stream> waitedFor = waitedFor();
        waitedFor.sort(Comparator.comparing(Stream::expiresAt));
        int first = atLeast(waitedFor);
        int withPlace = 0;
        while (place.isPresent()
                && withPlace < waitedFor.size()
                && waitedFor.get(withPlace).expiresAt().isBefore(placeUntil)) {
            withPlace++;
        }
        OptionalInt lapses = fewest(waitedFor, first, withPlace, place);
        if (lapses.isEmpty()) {
            lapses = fewest(waitedFor, Math.max(first, withPlace + 1), waitedFor.size(), Optional.empty());
        }
        return lapses.isEmpty()
                ? Optional.empty()
                : Optional.of(waitedFor.get(lapses.getAsInt() - 1).expiresAt());
    }

    /** How many must have lapsed before enough of those have that count against the rule. */
    private int atLeast(List<Stream> byExpiry) {
        if (byExpiry.size() < others.size()) {
            return 1;
        }
        if (rule.streams().size() == others.size()) {
            return rule.surplus();
        }
        int lapsed = 0;
        for (int missing = rule.surplus(); missing > 0; lapsed++) {
            if (lapsed == byExpiry.size()) {
                return lapsed + 1;
            }
            if (rule.streams().contains(byExpiry.get(lapsed))) {
                missing--;
            }
        }
        return lapsed;
    }

    /** Those that the plan does not end; all if ending the others makes room, but finding out which cost too much. */
    private List<Stream> waitedFor() {
        List<Stream> endable = quota.endable(others, asking);
        List<Stream> rest = new ArrayList<>(others);
        rest.removeAll(endable);
        return endable.isEmpty() || !isRoom(rest, 0, place) ? rest : new ArrayList<>(others);
    }

    /** By bisection, because a further lapse never takes room away; mostly the fewest that can do it do. */
    private OptionalInt fewest(List<Stream> byExpiry, int from, int to, Optional<Attributes> kept) {
        if (from <= to && isRoom(byExpiry, from, kept)) {
            return OptionalInt.of(from);
        }
        if (from >= to || !isRoom(byExpiry, to, kept)) {
            return OptionalInt.empty();
        }
        int tooFew = from;
        int enough = to;
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) / 2;
            if (isRoom(byExpiry, middle, kept)) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return OptionalInt.of(enough);
    }

    private boolean isRoom(List<Stream> byExpiry, int lapsed, Optional<Attributes> kept) {
        return quota.exhaustedBy(byExpiry.subList(lapsed, byExpiry.size()), asking, kept)
                .isEmpty();
    }
}
