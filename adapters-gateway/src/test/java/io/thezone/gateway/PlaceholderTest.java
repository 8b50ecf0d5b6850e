package io.thezone.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{http.request.cookie.sid}",
                "{}",
                "${sid}",
                "$cookie_sid",
                "%[req.cook(sid)]",
                "%{SID}e",
                "%REQ(sid)%",
                "%SID%",
                "(null)",
                "null",
                "undefined",
                "-"
            })
    void whatAGatewaySendsForNothingIsAPlaceholder(String value) {
        assertTrue(Placeholder.is(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{b}",
                "{a}b",
                "{a}{b}",
                "$1",
                "$",
                "%",
                "%%",
                "%{SID}",
                "%[a",
                "nullify",
                "Null",
                "--",
                "(null",
                "undefined1",
                "eyJhbGciOiJIUzI1NiJ9.e30.-_"
            })
    void anythingElseIsAValue(String value) {
        assertFalse(Placeholder.is(value));
    }
}
