package io.thezone.persistence.memory;

import io.thezone.persistence.contract.SessionRepositoryContract;
import io.thezone.persistence.spi.SessionRepository;
import java.time.InstantSource;

class MemorySessionRepositoryTest extends SessionRepositoryContract {
    private final SessionRepository repository = new MemorySessionRepository(InstantSource.system());

    @Override
    protected SessionRepository repository() {
        return repository;
    }
}
