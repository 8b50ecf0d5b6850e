package io.thezone.bootstrap;

import io.thezone.persistence.spi.SessionRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes sessions that have lapsed. Every node does this; a node skips the rows that another one is removing. */
final class LapsedSessionRemover implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LapsedSessionRemover.class);

    private final SessionRepository repository;

    LapsedSessionRemover(SessionRepository repository) {
        this.repository = repository;
    }

    @Override
    public void run() {
        try {
            LOG.debug("removed {} lapsed sessions", repository.removeLapsed());
        } catch (RuntimeException e) {
            LOG.warn("lapsed sessions could not be removed; trying again later: {}", e.toString());
        }
    }
}
