package io.thezone.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.thezone.domain.Attributes;
import io.thezone.domain.PrintableAscii;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamRequest;
import io.thezone.rest.edge.ReceivedRequest;
import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the attributes of a stream, and the streams that it replaces, from a JSON body. The members of nested objects become
 * attributes with dotted names.
 */
final class RequestBody {
    static final Set<MediaType> JSON = Set.of(MediaType.APPLICATION_JSON_TYPE);

    /** A page may send text/plain to another origin without asking first, also by a beacon. */
    static final Set<MediaType> SENT_BY_PAGES = Set.of(MediaType.APPLICATION_JSON_TYPE, MediaType.TEXT_PLAIN_TYPE);

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    /** Members whose members are attributes. */
    private static final List<String> GROUPS = List.of("device", "asset", "custom");

    /** Members that are attributes themselves. */
    private static final List<String> SINGLES = List.of(Attributes.PROFILE, Attributes.LOCATION);

    private static final String REPLACES = "replaces";

    private static final String KNOWN =
            String.join(", ", Attributes.NAMES) + ", " + Attributes.CUSTOM + "… and " + REPLACES;

    private static final int MAX_ECHO = 64;

    private RequestBody() {}

    /**
     * @param types by which JSON may be announced
     * @throws ProblemException if the body cannot be read, saying why
     */
    static StreamRequest streamRequest(StreamId stream, ReceivedRequest request, Set<MediaType> types) {
        byte[] bytes = request.body();
        if (bytes.length == 0) {
            return new StreamRequest(stream, Attributes.NONE);
        }
        if (!isSentAs(types, request)) {
            throw new ProblemException(Problem.of(
                    Response.Status.UNSUPPORTED_MEDIA_TYPE, "the body must be sent as Content-Type: application/json"));
        }
        JsonNode root = parse(bytes);
        if (!root.isObject()) {
            throw new ProblemException(Problem.badRequest("the body must be a JSON object"));
        }
        try {
            return new StreamRequest(stream, attributes(root), replaces(root));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(String.valueOf(e.getMessage())));
        }
    }

    static boolean isSentAs(Set<MediaType> types, ReceivedRequest request) {
        List<String> sent = request.headers().get(HttpHeaders.CONTENT_TYPE);
        if (sent.size() != 1) {
            return false;
        }
        try {
            return (sent.get(0).equals(MediaType.APPLICATION_JSON) && types.contains(MediaType.APPLICATION_JSON_TYPE))
                    || types.stream().anyMatch(MediaType.valueOf(sent.get(0))::isCompatible);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Jackson's own messages are not passed on: they name its classes and repeat what was sent. */
    private static JsonNode parse(byte[] bytes) {
        try {
            return READER.readValue(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new ProblemException(Problem.badRequest("the body is not valid UTF-8"));
        } catch (MismatchedInputException e) {
            throw new ProblemException(Problem.badRequest("the body must be one JSON object and nothing after it"));
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new ProblemException(Problem.badRequest("the body is not valid JSON, or has a member twice" + place));
        }
    }

    private static Attributes attributes(JsonNode root) {
        Map<String, String> values = new HashMap<>();
        root.properties().forEach(member -> {
            if (GROUPS.contains(member.getKey()) && member.getValue().isObject()) {
                member.getValue()
                        .properties()
                        .forEach(inner -> put(values, member.getKey() + "." + inner.getKey(), inner.getValue()));
            } else if (GROUPS.contains(member.getKey()) && !member.getValue().isNull()) {
                throw new ProblemException(Problem.badRequest(member.getKey() + " must be an object"));
            } else if (SINGLES.contains(member.getKey())) {
                put(values, member.getKey(), member.getValue());
            } else if (!GROUPS.contains(member.getKey()) && !member.getKey().equals(REPLACES)) {
                throw unknown(member.getKey());
            }
        });
        return values.isEmpty() ? Attributes.NONE : new Attributes(values);
    }

    private static Set<StreamId> replaces(JsonNode root) {
        JsonNode ids = root.path(REPLACES);
        if (ids.isMissingNode() || ids.isNull()) {
            return Set.of();
        }
        if (!ids.isArray() || !ids.valueStream().allMatch(JsonNode::isTextual)) {
            throw new ProblemException(Problem.badRequest(REPLACES + " must be an array of stream ids"));
        }
        Set<StreamId> replaced = new HashSet<>();
        for (JsonNode id : ids) {
            try {
                replaced.add(new StreamId(id.textValue()));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(Problem.badRequest("a stream id in " + REPLACES + " " + e.getMessage()));
            }
        }
        return replaced;
    }

    private static void put(Map<String, String> values, String name, JsonNode value) {
        if (!Attributes.NAMES.contains(name) && !name.startsWith(Attributes.CUSTOM)) {
            throw unknown(name);
        }
        if (value.isTextual()) {
            values.put(name, value.textValue());
        } else if (!value.isNull()) {
            throw new ProblemException(Problem.badRequest(echoed(name) + " must be a string"));
        }
    }

    private static ProblemException unknown(String name) {
        return new ProblemException(
                Problem.badRequest("the member " + echoed(name) + " is not known; known are " + KNOWN));
    }

    /** A name from the body in the form in which an answer may repeat it: short, and printable ASCII. */
    private static String echoed(String name) {
        StringBuilder echo = new StringBuilder();
        name.chars()
                .limit(MAX_ECHO)
                .forEach(c -> echo.append(PrintableAscii.is(c) ? (char) c : String.format(Locale.ROOT, "\\u%04x", c)));
        return name.length() > MAX_ECHO ? echo + "…" : echo.toString();
    }
}
