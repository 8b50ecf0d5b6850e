package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;

/** Fills in {@code ${NAME:-default}} after parsing, so that the content of a variable is always a value, never YAML syntax. */
final class SubstitutingParser extends JsonParserDelegate {
    private final StringSubstitutor substitutor;

    SubstitutingParser(JsonParser parser, Map<String, String> variables) {
        super(parser);
        this.substitutor = new StringSubstitutor(variables).setDisableSubstitutionInValues(true);
    }

    @Override
    public String getText() throws IOException {
        return hasToken(JsonToken.VALUE_STRING) ? substituted(super.getText()) : super.getText();
    }

    private String substituted(String text) throws JsonParseException {
        String filledIn = substitutor.replace(text);
        if (!filledIn.equals(text) && filledIn.indexOf(EnvironmentVariables.UNREADABLE) >= 0) {
            throw new JsonParseException(this, "what " + text + " stands for is not UTF-8");
        }
        return filledIn;
    }

    @Override
    public String getValueAsString() throws IOException {
        return hasToken(JsonToken.VALUE_STRING) ? getText() : super.getValueAsString();
    }
}
