package io.thezone.persistence.contract;

import io.thezone.persistence.spi.SessionRepository;
import org.junit.jupiter.api.Timeout;

/** The store that the rules test. */
@Timeout(120)
public interface StoreUnderTest {
    /** The store; may be the same for all tests. */
    SessionRepository repository();
}
