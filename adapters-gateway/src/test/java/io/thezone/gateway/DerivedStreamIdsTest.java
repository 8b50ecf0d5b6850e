package io.thezone.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.thezone.domain.SessionId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DerivedStreamIdsTest {
    private static final SessionId SESSION = new SessionId("session");

    private final DerivedStreamIds ids = new DerivedStreamIds("secret");

    @Test
    void theSameRequestIsTheSameStreamOnEveryNode() {
        DerivedStreamIds otherNode = new DerivedStreamIds("secret");

        assertEquals(ids.ofDevice(SESSION, "tv", "movie"), otherNode.ofDevice(SESSION, "tv", "movie"));
        assertEquals(ids.ofKey(SESSION, "key"), otherNode.ofKey(SESSION, "key"));
        assertNotEquals(ids.ofKey(SESSION, "key"), new DerivedStreamIds("other").ofKey(SESSION, "key"));
    }

    @Test
    void noTwoQuestionsAreOneStream() {
        Set<Object> streams = new HashSet<>(List.of(
                ids.ofDevice(SESSION, "tv", "movie"),
                ids.ofDevice(SESSION, "tvm", "ovie"),
                ids.ofDevice(SESSION, "tv", ""),
                ids.ofDevice(new SessionId("sessiont"), "v", "movie"),
                ids.ofKey(SESSION, "tvmovie"),
                ids.ofKey(new SessionId("sessiontv"), "movie")));

        assertEquals(6, streams.size());
    }
}
