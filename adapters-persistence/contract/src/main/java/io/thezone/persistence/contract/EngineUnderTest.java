package io.thezone.persistence.contract;

import io.thezone.persistence.spi.SessionCache;
import org.junit.jupiter.api.BeforeAll;

/** The engine over the store that the rules test. */
public interface EngineUnderTest extends StoreUnderTest {
    /** The first decision of a process loads its classes, which on a busy machine takes longer than an answer may. */
    @BeforeAll
    static void decideOnce() {
        try (Node node = new Node(new ForgetfulStore(), SessionCache.NONE)) {
            node.acquiring(Node.newSession(), "first")
                    .handle((outcome, late) -> outcome)
                    .join();
        }
    }
}
