package io.thezone.bootstrap;

import io.thezone.persistence.engine.SessionKeyFingerprint;
import io.thezone.persistence.spi.SharedFacts;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code change-session-key config.yml}: puts the configured session key in force, so that only nodes with this key start. */
final class ChangeSessionKey extends FactsCommand {
    static final String NAME = "change-session-key";

    ChangeSessionKey() {
        super(NAME, "Puts the configured session key in force; every session starts anew");
    }

    @Override
    String run(Namespace namespace, StreamServiceConfiguration configuration, SharedFacts facts) {
        if (SessionKeyFingerprint.agrees(facts, configuration.sessionKey())) {
            return "the configured session key is in force; nothing was changed";
        }
        SessionKeyFingerprint.replace(facts, configuration.sessionKey());
        return "the configured session key is in force from now on: every session starts anew, and no stream from before"
                + " counts any more; restart each node that runs with another key";
    }

    /** @throws IllegalStateException if the key is not the one in force */
    static void check(SharedFacts facts, String sessionKey) {
        if (!SessionKeyFingerprint.agrees(facts, sessionKey)) {
            throw new IllegalStateException(
                    "sessionKey (SESSION_KEY) is not the one that the streams in this store were"
                            + " stored with: with two keys each session would have two quotas. Give this node that key, or, to let"
                            + " every session start anew with this one, stop all nodes and run " + NAME);
        }
    }
}
