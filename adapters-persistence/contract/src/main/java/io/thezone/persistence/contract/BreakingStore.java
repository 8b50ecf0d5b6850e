package io.thezone.persistence.contract;

import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import java.util.List;

/** Every other save breaks: after the commit, then before it, then after it, … */
final class BreakingStore extends TamperedStore {
    BreakingStore(SessionRepository store) {
        super(store);
    }

    @Override
    void beforeSave(int save, List<SessionSave> batch) {
        if (save % 4 == 2) {
            throw new IllegalStateException("the connection broke before the commit");
        }
    }

    @Override
    void afterSave(int save) {
        if (save % 4 == 0) {
            throw new IllegalStateException("the connection broke after the commit");
        }
    }
}
