package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemErrorHandlerTest {
    @ParameterizedTest
    @CsvSource({"503, 1", "431, "})
    @SuppressWarnings("removal")
    void onlyARefusalForNowSaysWhenToAskAgain(int status, String retryAfter) {
        HttpFields.Mutable headers = HttpFields.build();

        new ProblemErrorHandler().badMessageError(status, null, headers);

        assertEquals(retryAfter, headers.get(HttpHeader.RETRY_AFTER));
    }
}
