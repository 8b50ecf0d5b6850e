package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A YAML file whose top is a mapping.
 *
 * @param name for messages
 */
record YamlFile(String name, String text) {
    private static final YAMLFactory YAML = new YAMLFactory();

    /**
     * Parses the text and fills in variables.
     *
     * @return an empty mapping for an empty file
     * @throws InvalidConfigurationException with the line of the mistake, but not its text, which may hold a secret
     */
    ObjectNode parse(ObjectMapper mapper, Map<String, String> variables)
            throws IOException, InvalidConfigurationException {
        try (JsonParser parser = new SubstitutingParser(YAML.createParser(text), variables)) {
            JsonNode top = mapper.readTree(parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));
            if (top == null) {
                return mapper.createObjectNode();
            }
            if (!(top instanceof ObjectNode mapping)) {
                throw new InvalidConfigurationException(
                        name, List.of(name + ": the settings must be a mapping, as in {name: value}"));
            }
            if (parser.nextToken() != null) {
                throw new InvalidConfigurationException(
                        name,
                        List.of(name + ", line " + line(parser) + ": a second document begins; there must be one"));
            }
            return mapping;
        } catch (JsonProcessingException e) {
            String reason = e instanceof JacksonYAMLParseException
                    ? "is not YAML; not shown, as it may hold a secret"
                    : e.getOriginalMessage();
            throw new InvalidConfigurationException(
                    name, List.of(name + ", line " + e.getLocation().getLineNr() + ": " + reason), e);
        }
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
