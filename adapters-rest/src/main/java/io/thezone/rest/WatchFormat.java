package io.thezone.rest;

import com.google.common.base.Splitter;
import io.thezone.gateway.HeaderValues;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;

/** The formats in which {@code /watch} answers. */
enum WatchFormat {
    TEXT,
    JSON;

    private static final Splitter RANGES = Splitter.on(',').trimResults();
    private static final Splitter PARAMETERS = Splitter.on(';').trimResults();

    /**
     * The format that the client prefers (RFC 9110, section 12.5.1): the higher quality wins. Text is the answer to a
     * tie and to an Accept header that has neither or cannot be read, because a gateway may pass on what the viewer's player sent.
     */
    static WatchFormat preferred(HeaderValues headers) {
        List<String> accept = headers.get(HttpHeaders.ACCEPT);
        if (accept.isEmpty() || (accept.size() == 1 && accept.get(0).equals(MediaType.WILDCARD))) {
            return TEXT;
        }
        String ranges = String.join(",", accept).toLowerCase(Locale.ROOT);
        return quality(ranges, "application", "json") > quality(ranges, "text", "plain") ? JSON : TEXT;
    }

    /** The problem in this format. */
    Answer answer(Problem problem) {
        Answer answer = this == TEXT
                ? Answer.of(problem.status(), Answer.TEXT, problem.detail())
                : Answer.of(problem.status(), Answer.PROBLEM, problem);
        problem.headers().forEach(answer::with);
        return answer;
    }

    /** The quality of the most specific range that matches; 0 when none does. */
    private static double quality(String ranges, String type, String subtype) {
        double quality = 0;
        int specificity = 0;
        for (String range : RANGES.split(ranges)) {
            List<String> parts = PARAMETERS.splitToList(range);
            int matched = specificity(parts.get(0), type, subtype);
            if (matched > specificity) {
                specificity = matched;
                quality = quality(parts);
            }
        }
        return quality;
    }

    private static int specificity(String range, String type, String subtype) {
        if (range.equals(type + "/" + subtype)) {
            return 3;
        }
        if (range.equals(type + "/*")) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    private static double quality(List<String> parts) {
        for (String parameter : parts.subList(1, parts.size())) {
            if (parameter.startsWith("q=")) {
                String value = parameter.substring(2);
                return value.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(value) : 0;
            }
        }
        return 1;
    }
}
