package io.thezone.persistence.memory;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionRepositoryFactory;
import java.time.InstantSource;

/** {@code store: {type: memory}}: a store for trials on one node; sessions are lost when the process ends. */
@JsonTypeName("memory")
public final class MemoryStoreFactory implements SessionRepositoryFactory {
    @Override
    public SessionRepository build(Environment environment) {
        return new MemorySessionRepository(InstantSource.system());
    }

    @Override
    public String describe() {
        return "in memory: streams are lost when the service stops";
    }
}
