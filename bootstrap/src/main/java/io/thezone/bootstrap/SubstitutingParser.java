package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;

/** Fills in {@code ${NAME:-default}} after the text was parsed: whatever a variable holds is a value, never syntax. */
final class SubstitutingParser extends JsonParserDelegate {
    private final StringSubstitutor substitutor;

    SubstitutingParser(JsonParser parser, Map<String, String> variables) {
        super(parser);
        this.substitutor = new StringSubstitutor(variables).setDisableSubstitutionInValues(true);
    }

    @Override
    public String getText() throws IOException {
        return hasToken(JsonToken.VALUE_STRING) ? substitutor.replace(super.getText()) : super.getText();
    }

    @Override
    public String getValueAsString() throws IOException {
        return hasToken(JsonToken.VALUE_STRING) ? getText() : super.getValueAsString();
    }
}
