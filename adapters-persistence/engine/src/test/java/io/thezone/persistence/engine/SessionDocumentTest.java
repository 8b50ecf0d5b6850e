package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thezone.domain.Attributes;
import io.thezone.domain.EndReason;
import io.thezone.domain.EndedStream;
import io.thezone.domain.Fingerprint;
import io.thezone.domain.Session;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.Successor;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SessionDocumentTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final Fingerprint FINGERPRINT = new Fingerprint("k_-9");
    private static final Session SESSION = new Session(
            List.of(
                    new Stream(
                            new StreamId("one"),
                            new Attributes(Map.of(Attributes.ASSET_TITLE, "Ünï \"😀\"", Attributes.PROFILE, "")),
                            NOW,
                            NOW.plusSeconds(1),
                            NOW.plusSeconds(60),
                            Optional.of(FINGERPRINT)),
                    new Stream(new StreamId("two"), Attributes.NONE, NOW, NOW, NOW.plusSeconds(60))),
            List.of(
                    new EndedStream(new StreamId("three"), EndReason.RELEASED, NOW, NOW.plusSeconds(600)),
                    endFor(new Attributes(Map.of(Attributes.DEVICE_ID, "tv")), "four", EndReason.EVICTED),
                    endFor(Attributes.NONE, "five", EndReason.REPLACED),
                    end("six", EndReason.STOPPED, Optional.of(FINGERPRINT), false),
                    end("seven", EndReason.RELEASED, Optional.empty(), true)),
            NOW.plusSeconds(1));

    @Test
    void aSessionIsReadBackAsItWasWritten() {
        assertEquals(SESSION, SessionDocument.read(written(SESSION, SessionDocument.FORMAT)));
    }

    @Test
    void theEmptySessionIsReadBackAsItWasWritten() {
        assertEquals(Session.EMPTY, SessionDocument.read(written(Session.EMPTY, SessionDocument.FORMAT)));
    }

    @Test
    void theFormerFormatHoldsWhatItKnows() {
        Session read = SessionDocument.read(written(SESSION, SessionDocument.FORMER_FORMAT));

        assertEquals(
                List.of(Optional.empty(), Optional.empty()),
                read.streams().stream().map(Stream::fingerprint).toList());
        assertEquals(
                Map.of(
                        "three", EndReason.RELEASED,
                        "four", EndReason.EVICTED,
                        "five", EndReason.REPLACED,
                        "six", EndReason.REPLACED),
                read.ended().stream().collect(Collectors.toMap(end -> end.id().value(), EndedStream::reason)),
                "a stream that was stopped is not given back there either; what ended before its start is left out");
    }

    /** Its nodes fail on any member and any reason that they do not know. */
    @Test
    void theFormerFormatIsWrittenAsTheVersionBeforeWroteIt() {
        Session session = new Session(
                List.of(new Stream(
                        new StreamId("a"), Attributes.NONE, NOW, NOW, NOW.plusSeconds(60), Optional.of(FINGERPRINT))),
                List.of(
                        end("b", EndReason.STOPPED, Optional.of(FINGERPRINT), false),
                        end("c", EndReason.RELEASED, Optional.empty(), true)),
                NOW);

        assertEquals(
                "{\"at\":1767225600123456,\"streams\":[{\"id\":\"a\",\"start\":1767225600123456,"
                        + "\"seen\":1767225600123456,\"until\":1767225660123456}],"
                        + "\"ended\":[{\"id\":\"b\",\"reason\":\"REPLACED\","
                        + "\"at\":1767225600123456,\"until\":1767226200123456}]}",
                SessionDocument.write(session, SessionDocument.FORMER_FORMAT));
    }

    @Test
    void theOldestFormatIsRead() {
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
        StoredSession newer =
                stored(SessionDocument.FORMAT + 1, SessionDocument.write(Session.EMPTY, SessionDocument.FORMAT));
        assertThrows(UnreadableSessionException.class, () -> SessionDocument.read(newer));
    }

    @Test
    void timesUpToTheYear2255AreRead() {
        assertEquals(
                Instant.parse("2255-06-05T23:47:34.740992Z"),
                SessionDocument.read(new StoredSession(1, SessionDocument.FORMAT, "{\"at\":9007199254740992}"))
                        .changedAt());
        for (String time : new String[] {"9007199254740993", "-1"}) {
            StoredSession broken = new StoredSession(1, SessionDocument.FORMAT, "{\"at\":" + time + "}");
            assertThrows(UnreadableSessionException.class, () -> SessionDocument.read(broken), time);
        }
    }

    @Test
    void whatIsNoDocumentIsNotRead() {
        StoredSession broken = stored(SessionDocument.FORMAT, "no JSON");
        assertThrows(UnreadableSessionException.class, () -> SessionDocument.read(broken));
    }

    private static EndedStream end(String id, EndReason reason, Optional<Fingerprint> first, boolean beforeStart) {
        return new EndedStream(
                new StreamId(id), reason, NOW, NOW.plusSeconds(600), Optional.empty(), first, beforeStart);
    }

    private static EndedStream endFor(Attributes device, String id, EndReason reason) {
        return new EndedStream(
                new StreamId(id),
                reason,
                NOW,
                NOW.plusSeconds(600),
                Optional.of(new Successor(new StreamId("one"), device)),
                Optional.empty(),
                false);
    }

    private static StoredSession written(Session session, int format) {
        return stored(format, SessionDocument.write(session, format));
    }

    private static StoredSession stored(int format, String document) {
        return new StoredSession(1, format, document);
    }
}
