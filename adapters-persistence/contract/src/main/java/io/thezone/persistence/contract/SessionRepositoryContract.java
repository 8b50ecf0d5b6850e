package io.thezone.persistence.contract;

import org.junit.jupiter.api.Timeout;

/**
 * The rules of {@link io.thezone.persistence.spi.SessionRepository}, and what the engine makes of a store that keeps them.
 * A store's own test extends this and says how the store is opened; the rules stand in the classes above, a subject each.
 */
@Timeout(120)
public abstract class SessionRepositoryContract extends LostTimelineRules {}
