package io.thezone.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.thezone.domain.Attributes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what a stream is about from a JSON body; the nested members become attributes with dotted names. */
final class RequestBody {
    static final int MAX_BYTES = 16 * 1024;

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private static final List<String> GROUPS = List.of("device", "asset");

    private RequestBody() {}

    static Attributes attributes(HttpHeaders headers, InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw tooLarge();
        }
        if (bytes.length == 0) {
            return Attributes.NONE;
        }
        MediaType type = headers.getMediaType();
        if (type == null || !MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
            throw new ProblemException(Problem.of(
                    Response.Status.UNSUPPORTED_MEDIA_TYPE, "the body must be sent as Content-Type: application/json"));
        }
        return attributes(parse(bytes));
    }

    static ProblemException tooLarge() {
        return new ProblemException(Problem.of(
                Response.Status.REQUEST_ENTITY_TOO_LARGE, "the body must have at most " + MAX_BYTES + " bytes"));
    }

    private static JsonNode parse(byte[] bytes) throws IOException {
        try {
            return READER.readValue(bytes);
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new ProblemException(
                    Problem.badRequest("the body is not valid JSON" + place + ": " + e.getOriginalMessage()));
        }
    }

    private static Attributes attributes(JsonNode root) {
        if (!root.isObject()) {
            throw new ProblemException(Problem.badRequest("the body must be a JSON object"));
        }
        Map<String, String> values = new HashMap<>();
        root.properties().forEach(member -> {
            if (GROUPS.contains(member.getKey()) && member.getValue().isObject()) {
                member.getValue()
                        .properties()
                        .forEach(inner -> put(values, member.getKey() + "." + inner.getKey(), inner.getValue()));
            } else if (GROUPS.contains(member.getKey()) && !member.getValue().isNull()) {
                throw new ProblemException(Problem.badRequest(member.getKey() + " must be an object"));
            } else if (!GROUPS.contains(member.getKey())) {
                put(values, member.getKey(), member.getValue());
            }
        });
        try {
            return values.isEmpty() ? Attributes.NONE : new Attributes(values);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(String.valueOf(e.getMessage())));
        }
    }

    private static void put(Map<String, String> values, String name, JsonNode value) {
        if (!Attributes.NAMES.contains(name)) {
            throw new ProblemException(Problem.badRequest(
                    "the member " + name + " is not known; known are " + String.join(", ", Attributes.NAMES)));
        }
        if (value.isTextual()) {
            values.put(name, value.textValue());
        } else if (!value.isNull()) {
            throw new ProblemException(Problem.badRequest(name + " must be a string"));
        }
    }
}
