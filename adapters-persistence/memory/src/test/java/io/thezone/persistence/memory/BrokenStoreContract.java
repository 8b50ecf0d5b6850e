package io.thezone.persistence.memory;

import io.thezone.persistence.contract.SessionRepositoryContract;
import io.thezone.persistence.spi.SessionRepository;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract over a store that breaks it; which one, is told by whoever launches it. Not a test of its own. */
@ExtendWith(BrokenStoreContract.Choice.class)
class BrokenStoreContract extends SessionRepositoryContract {
    static final String PARAMETER = "broken.store";

    private final SessionRepository repository;

    BrokenStoreContract(SessionRepository repository) {
        this.repository = repository;
    }

    @Override
    protected SessionRepository repository() {
        return repository;
    }

    static final class Choice implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SessionRepository.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter(PARAMETER, BrokenStore::valueOf)
                    .orElseThrow()
                    .open();
        }
    }
}
