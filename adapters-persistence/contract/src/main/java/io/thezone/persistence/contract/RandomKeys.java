package io.thezone.persistence.contract;

import io.thezone.persistence.spi.SessionKey;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Keys that no other test has, so that all may share one store. */
final class RandomKeys {
    private RandomKeys() {}

    static SessionKey next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new SessionKey(random.nextLong(), random.nextLong());
    }

    /** In the order that saves need. */
    static List<SessionKey> sorted(int count) {
        return IntStream.range(0, count).mapToObj(i -> next()).sorted().toList();
    }

    static String name() {
        return UUID.randomUUID().toString();
    }
}
