package io.thezone.rest.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A problem detail (RFC 9457).
 *
 * @param detail what is wrong and how to correct it; the whole body where the answer is plain text
 * @param members further members of the JSON object
 * @param headers further headers of the answer
 */
@JsonPropertyOrder({"type", "title", "status", "detail"})
public record Problem(
        int status,
        String type,
        String title,
        String detail,
        @JsonIgnore Map<String, Object> members,
        @JsonIgnore Map<String, String> headers) {

    public static final String MEDIA_TYPE = "application/problem+json";
    private static final String BLANK = "about:blank";
    private static final String TYPES = "urn:thezone:";

    /** A problem without a type of its own: the status says what it is. */
    public static Problem of(Response.StatusType status, String detail) {
        return new Problem(status.getStatusCode(), BLANK, status.getReasonPhrase(), detail, Map.of(), Map.of());
    }

    public static Problem badRequest(String detail) {
        return of(Response.Status.BAD_REQUEST, detail);
    }

    /** A problem of a type of its own. */
    public static Problem typed(Response.StatusType status, String name, String title, String detail) {
        return new Problem(status.getStatusCode(), TYPES + name, title, detail, Map.of(), Map.of());
    }

    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(status, type, title, detail, more, headers);
    }

    public Problem withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, type, title, detail, members, more);
    }

    public Problem withoutHeaders() {
        return new Problem(status, type, title, detail, members, Map.of());
    }

    public Problem withStatus(int other) {
        return new Problem(other, type, title, detail, members, headers);
    }

    /** Gives a problem without a type of its own one, so that its status may be any. */
    public Problem orTyped(String name, String otherTitle) {
        return type.equals(BLANK) ? new Problem(status, TYPES + name, otherTitle, detail, members, headers) : this;
    }

    @JsonAnyGetter
    public Map<String, Object> anyMembers() {
        return members;
    }
}
