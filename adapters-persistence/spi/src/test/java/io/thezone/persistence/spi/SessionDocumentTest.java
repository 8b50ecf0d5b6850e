package io.thezone.persistence.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thezone.domain.Attributes;
import io.thezone.domain.EndReason;
import io.thezone.domain.EndedStream;
import io.thezone.domain.Session;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.Successor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionDocumentTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");

    @Test
    void aSessionIsReadBackAsItWasWritten() {
        Session session = new Session(
                List.of(
                        new Stream(
                                new StreamId("one"),
                                new Attributes(Map.of(Attributes.ASSET_TITLE, "Ünï \"😀\"")),
                                NOW,
                                NOW.plusSeconds(1),
                                NOW.plusSeconds(60)),
                        new Stream(new StreamId("two"), Attributes.NONE, NOW, NOW, NOW.plusSeconds(60))),
                List.of(
                        new EndedStream(new StreamId("three"), EndReason.RELEASED, NOW, NOW.plusSeconds(600)),
                        new EndedStream(
                                new StreamId("four"),
                                EndReason.EVICTED,
                                NOW,
                                NOW.plusSeconds(600),
                                Optional.of(new Successor(
                                        new StreamId("one"), new Attributes(Map.of(Attributes.DEVICE_ID, "tv"))))),
                        new EndedStream(
                                new StreamId("five"),
                                EndReason.REPLACED,
                                NOW,
                                NOW.plusSeconds(600),
                                Optional.of(new Successor(new StreamId("one"), Attributes.NONE)))),
                NOW.plusSeconds(1));
        assertEquals(session, SessionDocument.read(stored(SessionDocument.FORMAT, SessionDocument.write(session))));
    }

    @Test
    void theEmptySessionIsReadBackAsItWasWritten() {
        assertEquals(
                Session.EMPTY,
                SessionDocument.read(stored(SessionDocument.FORMAT, SessionDocument.write(Session.EMPTY))));
    }

    @Test
    void theFormatBeforeIsRead() {
        assertEquals(
                List.of(new EndedStream(new StreamId("a"), EndReason.RELEASED, NOW, NOW.plusSeconds(600))),
                SessionDocument.read(stored(
                                1,
                                "{\"at\":1767225600123456,\"ended\":[{\"id\":\"a\",\"reason\":\"RELEASED\","
                                        + "\"at\":1767225600123456,\"until\":1767226200123456}]}"))
                        .ended());
    }

    @Test
    void aNewerFormatIsNotRead() {
        StoredSession newer = stored(SessionDocument.FORMAT + 1, SessionDocument.write(Session.EMPTY));
        assertThrows(UnreadableSessionException.class, () -> SessionDocument.read(newer));
    }

    @Test
    void whatIsNoDocumentIsNotRead() {
        StoredSession broken = stored(SessionDocument.FORMAT, "no JSON");
        assertThrows(UnreadableSessionException.class, () -> SessionDocument.read(broken));
    }

    private static StoredSession stored(int format, String document) {
        return new StoredSession(1, format, document);
    }
}
