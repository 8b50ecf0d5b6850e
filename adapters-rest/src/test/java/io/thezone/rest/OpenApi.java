package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.thezone.rest.testing.HttpService;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Reads an OpenAPI description; supports the parts of the language that openapi.yaml uses. */
final class OpenApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch");

    private final JsonNode root;

    OpenApi(String yaml) throws JsonProcessingException {
        root = new YAMLMapper().readTree(yaml);
    }

    /** As in {@code GET /watch}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        root.path("paths")
                .properties()
                .forEach(route -> route.getValue().fieldNames().forEachRemaining(method -> {
                    if (METHODS.contains(method)) {
                        operations.add(method.toUpperCase(Locale.ROOT) + " " + route.getKey());
                    }
                }));
        return operations;
    }

    Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        root.path("paths").fieldNames().forEachRemaining(routes::add);
        return routes;
    }

    /** As in {@code GET /watch 200}. */
    Set<String> answers() {
        Set<String> answers = new TreeSet<>();
        for (String operation : operations()) {
            responses(operation).fieldNames().forEachRemaining(status -> answers.add(operation + " " + status));
        }
        return answers;
    }

    /** Asserts that an answer has a status, headers, a type and members that are described for the operation. */
    void assertDescribes(String operation, HttpResponse<String> answer) throws JsonProcessingException {
        String status = Integer.toString(answer.statusCode());
        assertTrue(
                responses(operation).has(status),
                () -> operation + " " + status + " is not described: " + answer.body());
        JsonNode described = resolved(responses(operation).path(status));
        for (var header : described.path("headers").properties()) {
            String value = HttpService.header(answer, header.getKey());
            if (value.isEmpty() && !resolved(header.getValue()).path("required").asBoolean(true)) {
                continue;
            }
            assertFalse(value.isEmpty(), () -> header.getKey() + " is missing");
            assertHeader(resolved(header.getValue()).path("schema"), value, header.getKey());
        }
        if (!described.has("content")) {
            assertEquals("", answer.body());
            return;
        }
        String type = HttpService.header(answer, "Content-Type").replaceFirst(";.*", "");
        assertTrue(described.path("content").has(type), () -> type + " is not described");
        JsonNode body = type.endsWith("json") ? JSON.readTree(answer.body()) : TextNode.valueOf(answer.body());
        assertConforms(described.path("content").path(type).path("schema"), body, "the body");
    }

    private JsonNode responses(String operation) {
        int space = operation.indexOf(' ');
        return root.path("paths")
                .path(operation.substring(space + 1))
                .path(operation.substring(0, space).toLowerCase(Locale.ROOT))
                .path("responses");
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(root.at(node.path("$ref").asText().substring(1))) : node;
    }

    private void assertHeader(JsonNode reference, String value, String where) {
        boolean number = resolved(reference).path("type").asText().equals("integer");
        assertConforms(reference, number ? LongNode.valueOf(Long.parseLong(value)) : TextNode.valueOf(value), where);
    }

    private void assertConforms(JsonNode reference, JsonNode value, String where) {
        JsonNode schema = resolved(reference);
        switch (schema.path("type").asText()) {
            case "object" -> assertMembers(schema, value, where);
            case "array" -> {
                assertTrue(value.isArray(), where);
                value.forEach(item -> assertConforms(schema.path("items"), item, where + "[]"));
            }
            case "integer" -> {
                assertTrue(value.isIntegralNumber(), where);
                assertTrue(value.asLong() >= schema.path("minimum").asLong(Long.MIN_VALUE), where);
            }
            case "boolean" -> assertTrue(value.isBoolean(), where);
            case "string" -> assertText(schema, value, where);
            default -> throw new AssertionError(where + " has no type that is understood here: " + schema);
        }
    }

    private void assertMembers(JsonNode schema, JsonNode value, String where) {
        assertTrue(value.isObject(), where);
        schema.path("required")
                .forEach(name ->
                        assertTrue(value.has(name.asText()), () -> where + "." + name.asText() + " is missing"));
        value.properties().forEach(member -> {
            String inner = where + "." + member.getKey();
            JsonNode described = schema.path("properties").has(member.getKey())
                    ? schema.path("properties").path(member.getKey())
                    : schema.path("additionalProperties");
            assertTrue(described.isObject(), () -> inner + " is not described");
            assertConforms(described, member.getValue(), inner);
        });
    }

    private static void assertText(JsonNode schema, JsonNode value, String where) {
        assertTrue(value.isTextual(), where);
        String text = value.asText();
        if (schema.has("const")) {
            assertEquals(schema.path("const").asText(), text, where);
        }
        if (schema.has("enum")) {
            assertTrue(schema.path("enum").valueStream().anyMatch(value::equals), () -> where + " is " + text);
        }
        if (schema.has("pattern")) {
            assertTrue(text.matches(schema.path("pattern").asText()), () -> where + " is " + text);
        }
        if (schema.path("format").asText().equals("date-time")) {
            assertEquals(text, Instant.parse(text).toString(), where);
        }
    }
}
