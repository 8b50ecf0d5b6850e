package io.thezone.persistence.contract;

/**
 * The rules of {@link io.thezone.persistence.spi.SessionRepository}, and what the engine does over a store that keeps them. A
 * store's own test implements this and says how the store is opened.
 */
public interface SessionRepositoryContract
        extends CompareAndSetRules,
                StoreClockRules,
                RemovalRules,
                ConcurrencyRules,
                DataRules,
                EngineRules,
                CacheDistrustRules,
                LostTimelineRules {}
