package io.thezone.domain;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Checks a property with generated values, as often as wanted. A failure names the seed that generates its values again. */
final class Seeds {
    /** Replays one seed: {@code mvn test -pl domain -Dtest=QuotaPropertiesTest -Dseed=17}. */
    private static final String REPLAY = "seed";

    private Seeds() {}

    /** @param property checked with the seeds from 0 on, each with the generator that it starts */
    static void check(int tries, Consumer<Draw> property) {
        Long replayed = Long.getLong(REPLAY);
        if (replayed != null) {
            checkOne(replayed, property);
            return;
        }
        for (long seed = 0; seed < tries; seed++) {
            checkOne(seed, property);
        }
    }

    private static void checkOne(long seed, Consumer<Draw> property) {
        try {
            property.accept(new Draw(seed));
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("with -D" + REPLAY + "=" + seed + ": " + failure.getMessage(), failure);
        }
    }

    /** Generates values. */
    static final class Draw {
        // Unlike Random it mixes its seed: neighbouring seeds draw different values from the first one on.
        private final SplittableRandom random;

        private Draw(long seed) {
            this.random = new SplittableRandom(seed);
        }

        /** @return {@code least} to {@code most} */
        int between(int least, int most) {
            return random.nextInt(least, most + 1);
        }

        boolean chance(double probability) {
            return random.nextDouble() < probability;
        }

        @SafeVarargs
        final <T> T oneOf(T... values) {
            return values[random.nextInt(values.length)];
        }

        <T> Optional<T> maybe(double probability, Supplier<T> value) {
            return chance(probability) ? Optional.of(value.get()) : Optional.empty();
        }

        <T> List<T> listOf(int least, int most, Supplier<T> value) {
            return Stream.generate(value).limit(between(least, most)).toList();
        }
    }
}
