package io.thezone.bootstrap;

import io.thezone.domain.QuotaPlans;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plans that count now. Those of a file come into force as soon as it changes; a file that is wrong changes nothing. A
 * request keeps to the plan that it began with.
 */
final class PlansInForce implements Supplier<QuotaPlans> {
    private static final Logger LOG = LoggerFactory.getLogger(PlansInForce.class);

    private final Optional<PlansFile> file;
    private volatile QuotaPlans plans;

    /** What was in the file when it was last looked at, right or wrong. */
    private String seen;

    /** What was last found wrong with the file; empty once it can be read again. */
    private String complaint = "";

    private PlansInForce(Optional<PlansFile> file, String seen, QuotaPlans plans) {
        this.file = file;
        this.seen = seen;
        this.plans = plans;
        plans.warnings().forEach(LOG::warn);
    }

    /** Plans that stay as they are. */
    static PlansInForce fixed(QuotaPlans plans) {
        return new PlansInForce(Optional.empty(), "", plans);
    }

    /** @throws IllegalStateException if the file cannot be used, saying why and where */
    static PlansInForce from(PlansFile file) {
        String text = file.read();
        return new PlansInForce(Optional.of(file), text, file.parse(text));
    }

    @Override
    public QuotaPlans get() {
        return plans;
    }

    boolean mayChange() {
        return file.isPresent();
    }

    /** Reads the file if it has changed; says in the log, once, what came of it. */
    synchronized void refresh() {
        try {
            String text = file().read();
            if (!text.equals(seen)) {
                take(text);
            }
            complaint = "";
        } catch (IllegalStateException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(complaint)) {
                LOG.warn("the plans stay as they were: {}", message);
            }
            complaint = message;
        }
    }

    /**
     * Reads the file, changed or not.
     *
     * @throws IllegalStateException if there is none or it cannot be used, saying why and where; the plans stay as they were
     */
    synchronized void reload() {
        take(file().read());
    }

    private void take(String text) {
        seen = text;
        plans = file().parse(text);
        LOG.info("the plans of {} are in force: {}", file(), String.join(", ", plans.names()));
        plans.warnings().forEach(LOG::warn);
    }

    private PlansFile file() {
        return file.orElseThrow(
                () -> new IllegalStateException(
                        "the plans stand in the configuration itself, which is read at"
                                + " start only; name a file of their own in quota.file (QUOTA_FILE) to change them while it runs"));
    }
}
