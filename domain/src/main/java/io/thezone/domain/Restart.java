package io.thezone.domain;

import java.time.Duration;

/**
 * Says when a stream may start again under the id of one that was ended.
 *
 * @param pause for how long after the end no start is granted, at most {@link #MAX_PAUSE}. A stream whose lease expired may start
 *     again at once
 * @param afterEndByAnother whether the id may come back at all after another player, a plan or an operator ended its stream, or
 *     after it was ended before its start
 */
public record Restart(Duration pause, boolean afterEndByAnother) {
    /** For as long ends are remembered at least. */
    public static final Duration MAX_PAUSE = Duration.ofMinutes(10);

    /** For an id that the player made itself: a new stream gets a new id, so an old id can only be a late request. */
    public static final Restart OF_OWN_ID = new Restart(Duration.ZERO, false);

    /** @throws IllegalArgumentException if the pause is negative or too long */
    public Restart {
        if (pause.isNegative() || pause.compareTo(MAX_PAUSE) > 0) {
            throw new IllegalArgumentException(
                    "the pause before a restart must be 0 to " + MAX_PAUSE.toMinutes() + " minutes");
        }
    }
}
