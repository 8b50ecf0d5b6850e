package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.FailureLog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node makes of the format that all nodes agreed on. */
class SessionFormatTest {
    private final FactsInMemory facts = new FactsInMemory();

    @Test
    void aNewInstallationBeginsWithTheNewest() {
        assertEquals(SessionFormat.NEWEST, new SessionFormat(facts).getAsInt());
        assertEquals(Map.of("session-format", String.valueOf(SessionFormat.NEWEST)), facts.kept);
    }

    @Test
    void aNodeKeepsToWhatIsInForceAndNoticesAChangeAndGoesOnWhileItCannotTell() {
        SessionFormat.replace(facts, SessionFormat.FORMER);
        SessionFormat inForce = new SessionFormat(facts);
        assertEquals(SessionFormat.FORMER, inForce.getAsInt());

        SessionFormat.replace(facts, SessionFormat.NEWEST);
        inForce.refresh();
        assertEquals(SessionFormat.NEWEST, inForce.getAsInt());

        facts.failing = true;
        inForce.refresh();
        assertEquals(SessionFormat.NEWEST, inForce.getAsInt());
        facts.failing = false;
        SessionFormat.replace(facts, SessionFormat.NEWEST + 1);
        inForce.refresh();
        assertEquals(SessionFormat.NEWEST, inForce.getAsInt());
    }

    @Test
    void theLogSaysThatTheFormerFormatIsWrittenAndThatTheFormatCannotBeRead() {
        try (LogLines log = new LogLines(SessionFormat.class);
                LogLines failures = new LogLines(FailureLog.class)) {
            SessionFormat newest = new SessionFormat(facts);
            assertEquals(List.of(), log.get());
            facts.failing = true;
            newest.refresh();
            assertEquals(1, failures.get().size());
            facts.failing = false;
            newest.refresh();
            assertEquals(
                    "reading the format of sessions works again", failures.get().get(1));

            SessionFormat.replace(facts, SessionFormat.FORMER);
            new SessionFormat(facts);
            assertEquals(1, log.get().size());
        }
    }

    @Test
    void aNodeDoesNotStartOnAFormatThatItDoesNotWrite() {
        SessionFormat.replace(facts, SessionFormat.NEWEST + 1);
        String message = String.valueOf(assertThrows(IllegalStateException.class, () -> new SessionFormat(facts))
                .getMessage());
        assertTrue(message.contains("format " + (SessionFormat.NEWEST + 1)), message);
        assertTrue(message.contains("docs/upgrading.md"), message);
    }
}
