package io.thezone.persistence.contract;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stores that break one rule each, with the test of the contract that must say so. */
enum BrokenStore {
    VERSION_PLUS_ONE_PER_ROW("versionsAreUniqueAndGrowAcrossSessions", () -> new BreakableStore() {
        @Override
        long nextVersion(@Nullable Row held) {
            return version(held) + 1;
        }
    }),
    VERSIONS_FALL("versionsAreUniqueAndGrowAcrossSessions", () -> new BreakableStore() {
        @Override
        long nextVersion(@Nullable Row held) {
            return lastVersion == NONE ? Long.MAX_VALUE : lastVersion - 1;
        }
    }),
    VERSIONS_BEGIN_ANEW_AFTER_A_REMOVAL(
            "noVersionFromBeforeARemovalMatchesTheSessionThatWasBegunAnew", () -> new BreakableStore() {
                @Override
                public synchronized long removeLapsed() {
                    lastVersion = NONE;
                    return super.removeLapsed();
                }
            }),
    RAISES_THE_ABSENT("aSaveBasedOnAVersionNeverRaisesAnAbsentSession", () -> new BreakableStore() {
        @Override
        boolean matches(SessionSave save, @Nullable Row held) {
            return held == null || super.matches(save, held);
        }
    }),
    RAISES_WHAT_IT_REMOVED("aSaveThatLostToARemovalSavesNothing", () -> new BreakableStore() {
        private final Set<SessionKey> known = new HashSet<>();

        @Override
        void put(SessionSave save) {
            known.add(save.key());
            super.put(save);
        }

        @Override
        boolean matches(SessionSave save, @Nullable Row held) {
            return (held == null && known.contains(save.key())) || super.matches(save, held);
        }
    }),
    INSERTS_OVER_WHAT_IS_THERE("anAbsentSessionIsInsertedOnlyByASaveBasedOnAbsent", () -> new BreakableStore() {
        @Override
        boolean matches(SessionSave save, @Nullable Row held) {
            return save.base().isEmpty() || super.matches(save, held);
        }
    }),
    THE_LAST_WRITE_WINS("theSameDocumentUnderANewVersionIsAnotherState", () -> new BreakableStore() {
        @Override
        boolean matches(SessionSave save, @Nullable Row held) {
            return held != null || super.matches(save, null);
        }
    }),
    COMPARES_VERSIONS_ALONE("aSaveBasedOnOtherContentsOfTheSameVersionSavesNothing", () -> new BreakableStore() {
        @Override
        boolean matches(SessionSave save, @Nullable Row held) {
            return save.base().map(StoredSession::version).orElse(NONE) == version(held);
        }
    }),
    COMPARES_CONTENTS_ALONE("theSameDocumentUnderANewVersionIsAnotherState", () -> new BreakableStore() {
        @Override
        boolean matches(SessionSave save, @Nullable Row held) {
            return save.base()
                    .map(StoredSession::document)
                    .equals(Optional.ofNullable(held).map(row -> row.session().document()));
        }
    }),
    COMPARES_DOCUMENTS_BUT_NO_FORMATS(
            "aSaveBasedOnOtherContentsOfTheSameVersionSavesNothing", () -> new BreakableStore() {
                @Override
                boolean matches(SessionSave save, @Nullable Row held) {
                    return version(held)
                                    == save.base().map(StoredSession::version).orElse(NONE)
                            && save.base()
                                    .map(StoredSession::document)
                                    .equals(Optional.ofNullable(held)
                                            .map(row -> row.session().document()));
                }
            }),
    IGNORES_THE_AGE("aSaveThatWasDecidedTooLongAgoIsRefused", () -> new BreakableStore() {
        @Override
        Duration maxAge() {
            return Duration.ofDays(1);
        }
    }),
    IS_TOO_PATIENT("aSaveIsTakenUpToTwoSecondsAfterItsDecisionByTheStoresClock", () -> new BreakableStore() {
        @Override
        Duration maxAge() {
            return Duration.ofMillis(2_050);
        }
    }),
    IS_TOO_HASTY("aSaveIsTakenUpToTwoSecondsAfterItsDecisionByTheStoresClock", () -> new BreakableStore() {
        @Override
        Duration maxAge() {
            return Duration.ofSeconds(1);
        }
    }),
    JUDGES_A_BATCH_BY_ITS_OLDEST("anOldDecisionDoesNotKeepItsNeighboursFromBeingSaved", () -> new BreakableStore() {
        @Override
        public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            Instant oldest = now().minus(maxAge());
            return super.saveIfUnchanged(
                    saves.stream().anyMatch(save -> save.decidedAt().isBefore(oldest)) ? List.of() : saves);
        }
    }),
    A_BATCH_FAILS_AS_A_WHOLE("eachSaveOfABatchWinsOrLosesOnItsOwn", () -> new BreakableStore() {
        @Override
        public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            return super.saveIfUnchanged(saves.stream().allMatch(this::takes) ? saves : List.of());
        }
    }),
    A_BATCH_ENDS_AT_THE_FIRST_LOSER("eachSaveOfABatchWinsOrLosesOnItsOwn", () -> new BreakableStore() {
        @Override
        public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            return super.saveIfUnchanged(saves.stream().takeWhile(this::takes).toList());
        }
    }),
    REPORTS_LOSERS_AS_SAVED("eachSaveOfABatchWinsOrLosesOnItsOwn", () -> new BreakableStore() {
        @Override
        public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            SavedSessions saved = super.saveIfUnchanged(saves);
            Map<SessionKey, Long> versions = new HashMap<>();
            saves.forEach(save -> versions.put(save.key(), version(rows.get(save.key()))));
            return new SavedSessions(versions, saved.now());
        }
    }),
    COMPARES_THEN_SETS("ofRacingSavesExactlyOneWins", () -> new BreakableStore() {
        @Override
        public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            List<SessionSave> taken;
            synchronized (this) {
                taken = saves.stream().filter(this::takes).toList();
            }
            letOthersIn();
            synchronized (this) {
                Map<SessionKey, Long> versions = new HashMap<>();
                for (SessionSave save : taken) {
                    put(save);
                    versions.put(save.key(), lastVersion);
                }
                return new SavedSessions(versions, now());
            }
        }
    }),
    FAILS_WHEN_TWO_COME_AT_ONCE("overlappingBatchesOfManyThreadsNeitherFailNorLoseASave", () -> new BreakableStore() {
        private final AtomicBoolean busy = new AtomicBoolean();

        @Override
        public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            if (!busy.compareAndSet(false, true)) {
                throw new IllegalStateException("deadlock detected");
            }
            try {
                letOthersIn();
                return super.saveIfUnchanged(saves);
            } finally {
                busy.set(false);
            }
        }
    }),
    REMOVES_WHAT_LIVES("onlyLapsedSessionsAreRemoved", () -> new BreakableStore() {
        @Override
        boolean isLapsed(Row row, Instant now) {
            return true;
        }
    }),
    REMOVES_NOTHING("onlyLapsedSessionsAreRemoved", () -> new BreakableStore() {
        @Override
        boolean isLapsed(Row row, Instant now) {
            return false;
        }
    }),
    REMOVES_TOO_SOON("aSessionIsRemovedOnceItHasLapsedByTheStoresClockAndNotBefore", () -> new BreakableStore() {
        @Override
        boolean isLapsed(Row row, Instant now) {
            return super.isLapsed(row, now.plusSeconds(60));
        }
    }),
    KEEPS_THE_FIRST_LAPSE("aLapsedSessionThatWasRenewedIsNotRemoved", () -> new BreakableStore() {
        @Override
        Row next(SessionSave save, long version, @Nullable Row held) {
            Row next = super.next(save, version, held);
            return held == null ? next : new Row(next.session(), held.lapsesAt());
        }
    }),
    LOOKS_THEN_REMOVES(
            "noLivingSessionIsRemovedAndNoRemovedOneIsRaisedHoweverSavesAndRemovalsRace", () -> new BreakableStore() {
                @Override
                public long removeLapsed() {
                    Set<SessionKey> lapsed = new HashSet<>();
                    synchronized (this) {
                        Instant now = now();
                        rows.forEach((key, row) -> {
                            if (isLapsed(row, now)) {
                                lapsed.add(key);
                            }
                        });
                    }
                    letOthersIn();
                    synchronized (this) {
                        long before = rows.size();
                        rows.keySet().removeAll(lapsed);
                        return before - rows.size();
                    }
                }
            }),
    READS_WHAT_WAS("aSaveIsSeenByEveryLoadAfterIt", () -> new BreakableStore() {
        private final Map<SessionKey, StoredSession> earlier = new ConcurrentHashMap<>();

        @Override
        Row next(SessionSave save, long version, @Nullable Row held) {
            if (held != null) {
                earlier.put(save.key(), held.session());
            }
            return super.next(save, version, held);
        }

        @Override
        public synchronized LoadedSessions load(Collection<SessionKey> keys) {
            LoadedSessions loaded = super.load(keys);
            Map<SessionKey, StoredSession> stale = new HashMap<>(loaded.sessions());
            stale.replaceAll((key, session) -> earlier.getOrDefault(key, session));
            return new LoadedSessions(stale, loaded.now());
        }
    }),
    LOADS_MORE_THAN_IT_IS_ASKED_FOR("onlyWhatIsAskedForIsLoadedAndAllOfIt", () -> new BreakableStore() {
        @Override
        public synchronized LoadedSessions load(Collection<SessionKey> keys) {
            return super.load(rows.keySet());
        }
    }),
    LOADS_LESS_THAN_IT_IS_ASKED_FOR("onlyWhatIsAskedForIsLoadedAndAllOfIt", () -> new BreakableStore() {
        @Override
        public synchronized LoadedSessions load(Collection<SessionKey> keys) {
            return super.load(keys.stream().limit(1).toList());
        }
    }),
    SAVES_NO_MORE_THAN_A_HUNDRED("aBatchOfAThousandIsSavedAndLoadedAsOne", () -> new BreakableStore() {
        @Override
        public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            return super.saveIfUnchanged(saves.stream().limit(100).toList());
        }
    }),
    FORGETS_THE_FORMAT("documentsAndFormatsComeBackAsTheyWereSaved", () -> new BreakableStore() {
        @Override
        Row next(SessionSave save, long version, @Nullable Row held) {
            return new Row(new StoredSession(version, 1, save.document()), save.lapsesAt());
        }
    }),
    CHANGES_WHAT_IT_CANNOT_HOLD("whatAStoreCannotHoldIsRejectedWithItsWholeBatch", () -> new BreakableStore() {
        @Override
        Row next(SessionSave save, long version, @Nullable Row held) {
            return new Row(
                    new StoredSession(version, save.format(), save.document().replace("\\u0000", "")), save.lapsesAt());
        }
    }),
    SAVES_PART_OF_WHAT_IT_REJECTS("whatAStoreCannotHoldIsRejectedWithItsWholeBatch", () -> new BreakableStore() {
        @Override
        void put(SessionSave save) {
            if (!save.document().startsWith("{")) {
                throw new RejectedDataException(new IllegalArgumentException("no JSON"));
            }
            super.put(save);
        }
    }),
    ITS_CLOCK_STANDS_STILL("loadsAndSavesReadOneClockThatAdvances", () -> new BreakableStore() {
        private final Instant start = super.now();

        @Override
        Instant now() {
            return start;
        }
    }),
    SAVES_BY_ANOTHER_CLOCK("loadsAndSavesReadOneClockThatAdvances", () -> new BreakableStore() {
        @Override
        public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            SavedSessions saved = super.saveIfUnchanged(saves);
            return new SavedSessions(saved.versions(), saved.now().minusMillis(500));
        }
    }),
    BREAKS_NO_RULE("", BreakableStore::new);

    /** The name of the method that must fail. */
    final String caughtBy;

    @SuppressWarnings("ImmutableEnumChecker") // it opens a new store each time
    private final Supplier<SessionRepository> store;

    BrokenStore(String caughtBy, Supplier<SessionRepository> store) {
        this.caughtBy = caughtBy;
        this.store = store;
    }

    /** Widens the gap between looking and acting, which is what the races of the contract look for. */
    private static void letOthersIn() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }

    SessionRepository open() {
        return store.get();
    }
}
