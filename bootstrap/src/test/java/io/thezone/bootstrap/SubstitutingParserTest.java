package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Variables are filled in also when values are read directly from the parser, without a tree. */
class SubstitutingParserTest {
    private static final ObjectMapper MAPPER = new YAMLMapper();

    record Values(String text, List<String> texts, int number, boolean truth) {}

    @Test
    void variablesStandForValuesOfEveryKind() throws IOException {
        String text = "{text: 'a ${A}', texts: ['${A}', b], number: '${NUMBER}', truth: '${TRUTH:-true}'}";

        assertEquals(
                new Values("a ]', c: \"", List.of("]', c: \"", "b"), 7, true),
                read(text, Map.of("A", "]', c: \"", "NUMBER", "7")));
    }

    @Test
    void anUnsetVariableWithoutADefaultStaysAsItIs() throws IOException {
        assertEquals("${A}", read("text: ${A}", Map.of("B", "b")).text());
    }

    private static Values read(String text, Map<String, String> variables) throws IOException {
        try (JsonParser parser = new SubstitutingParser(MAPPER.createParser(text), variables)) {
            return MAPPER.readValue(parser, Values.class);
        }
    }
}
