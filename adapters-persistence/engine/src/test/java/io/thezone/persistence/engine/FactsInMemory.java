package io.thezone.persistence.engine;

import io.thezone.persistence.spi.SharedFacts;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Facts of a store that a test can read and make fail. */
class FactsInMemory implements SharedFacts {
    final Map<String, String> kept = new ConcurrentHashMap<>();
    boolean failing;

    @Override
    public Optional<String> find(String name) {
        if (failing) {
            throw new IllegalStateException("the store is down");
        }
        return Optional.ofNullable(kept.get(name));
    }

    @Override
    public String agree(String name, String proposed) {
        return kept.computeIfAbsent(name, it -> proposed);
    }

    @Override
    public void replace(String name, String value) {
        kept.put(name, value);
    }
}
