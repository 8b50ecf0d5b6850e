package io.thezone.bootstrap;

import io.thezone.persistence.engine.SessionFormat;
import io.thezone.persistence.spi.SharedFacts;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** {@code session-format 3 config.yml}: makes all nodes write that format within seconds; docs/upgrading.md says when that is safe. */
final class ChangeSessionFormat extends FactsCommand {
    private static final String FORMAT = "format";

    ChangeSessionFormat() {
        super("session-format", "Changes the format in which all nodes write sessions, see docs/upgrading.md");
    }

    @Override
    public void configure(Subparser subparser) {
        subparser
                .addArgument(FORMAT)
                .type(Integer.class)
                .choices(SessionFormat.FORMER, SessionFormat.NEWEST)
                .help(
                        "the newest format, once no node of an older version is left; the one before it, to prepare a downgrade");
        super.configure(subparser);
    }

    @Override
    String run(Namespace namespace, StreamServiceConfiguration configuration, SharedFacts facts) {
        int format = namespace.getInt(FORMAT);
        SessionFormat.replace(facts, format);
        return "sessions are written in format " + format + " from now on; nodes that run notice within seconds"
                + (format == SessionFormat.NEWEST
                        ? ""
                        : ". Wait for one lease and a minute before a node of an older version starts: until then it may"
                                + " meet sessions that it cannot read");
    }
}
