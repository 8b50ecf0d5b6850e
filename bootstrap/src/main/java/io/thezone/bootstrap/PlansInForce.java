package io.thezone.bootstrap;

import io.thezone.domain.QuotaPlans;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the plans in force. When their file changes, its plans replace them; a file with a mistake changes nothing. A request
 * uses the plan that it was received with to its end.
 */
final class PlansInForce implements Supplier<QuotaPlans> {
    private static final Logger LOG = LoggerFactory.getLogger(PlansInForce.class);

    private final Optional<PlansFile> file;
    private volatile QuotaPlans plans;

    /** The text of the file when it was last read, valid or not. */
    private String lastText;

    /** The last error, so that it is logged once; empty since the file can be read again. */
    private String lastError = "";

    private PlansInForce(Optional<PlansFile> file, String lastText, QuotaPlans plans) {
        this.file = file;
        this.lastText = lastText;
        this.plans = plans;
        plans.warnings().forEach(LOG::warn);
    }

    /** Holds plans that never change. */
    static PlansInForce fixed(QuotaPlans plans) {
        return new PlansInForce(Optional.empty(), "", plans);
    }

    /** @throws IllegalStateException if the file cannot be used, with the reason and the line */
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

    /** Reads the file if it has changed, and logs the result once. */
    synchronized void refresh() {
        try {
            String text = file().read();
            if (!text.equals(lastText)) {
                apply(text);
            }
            lastError = "";
        } catch (IllegalStateException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(lastError)) {
                LOG.warn("the plans stay as they were: {}", message);
            }
            lastError = message;
        }
    }

    /**
     * Reads the file, changed or not.
     *
     * @throws IllegalStateException if there is no file or it cannot be used, with the reason and the line; the plans stay as they
     *     were
     */
    synchronized void reload() {
        apply(file().read());
    }

    private void apply(String text) {
        lastText = text;
        plans = file().parse(text);
        LOG.info("the plans of {} are in force: {}", file(), String.join(", ", plans.names()));
        plans.warnings().forEach(LOG::warn);
    }

    private PlansFile file() {
        return file.orElseThrow(
                () -> new IllegalStateException(
                        "the plans are in the configuration itself, which is read only at"
                                + " start; put them into a file named by quota.file (QUOTA_FILE) to change them while it runs"));
    }
}
