package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.spi.SessionCache;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NoCacheFactoryTest {
    @Test
    void itBuildsNoCache() {
        assertSame(SessionCache.NONE, new NoCacheFactory().build(new Environment("test"), Duration.ofSeconds(90)));
    }
}
