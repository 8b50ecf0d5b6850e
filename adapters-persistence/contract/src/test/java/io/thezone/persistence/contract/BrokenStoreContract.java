package io.thezone.persistence.contract;

import io.thezone.persistence.spi.SessionRepository;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract over a store that breaks it; the launcher chooses which one. Not a test of its own. */
@ExtendWith(BrokenStoreContract.Choice.class)
class BrokenStoreContract implements SessionRepositoryContract {
    static final String PARAMETER = "broken.store";

    private final SessionRepository repository;

    BrokenStoreContract(SessionRepository repository) {
        this.repository = repository;
    }

    @Override
    public SessionRepository repository() {
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
