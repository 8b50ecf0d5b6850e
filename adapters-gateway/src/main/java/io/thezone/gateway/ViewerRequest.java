package io.thezone.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The request of a viewer, as the gateway describes it. */
final class ViewerRequest {
    private static final Splitter COOKIES = Splitter.on(';').trimResults();
    private static final Splitter PARAMETERS = Splitter.on('&');

    private final AskedRequest asked;
    private final String uri;
    private final List<Pattern> patterns;
    private final Map<String, Pattern> cmcdKeys;

    /**
     * @param uri path and query, as the viewer sent them; empty if they are not known
     * @param cmcdKeys by name, as {@link #cmcdKey} makes them
     */
    ViewerRequest(AskedRequest asked, String uri, List<Pattern> patterns, Map<String, Pattern> cmcdKeys) {
        this.asked = asked;
        this.uri = uri;
        this.patterns = patterns;
        this.cmcdKeys = cmcdKeys;
    }

    /** Finds the text of a key in a dictionary of structured fields (RFC 8941), in which quotes inside of texts are escaped. */
    static Pattern cmcdKey(String name) {
        return Pattern.compile("(?:^|,)\\s*" + Pattern.quote(name) + "=\"([^\"\\\\]*)\"");
    }

    /** The values at a place, in their order; empty if there are none. What cannot be decoded is no value. */
    List<String> at(Source source) {
        return switch (source.kind()) {
            case HEADER -> asked.header(source.name());
            case COOKIE -> cookies(source.name());
            case QUERY -> parameters(source.name());
            case GROUP -> groups(source.name());
            case CMCD -> cmcd(source.name());
        };
    }

    /** RFC 6265, section 4.2.1. */
    private List<String> cookies(String name) {
        List<String> values = new ArrayList<>();
        for (String header : asked.header("Cookie")) {
            for (String cookie : COOKIES.split(header)) {
                if (cookie.startsWith(name) && cookie.startsWith("=", name.length())) {
                    values.add(unquoted(cookie.substring(name.length() + 1)));
                }
            }
        }
        return values;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private List<String> parameters(String name) {
        List<String> values = new ArrayList<>();
        int query = uri.indexOf('?');
        if (query >= 0) {
            for (String parameter : PARAMETERS.split(uri.substring(query + 1))) {
                int equals = parameter.indexOf('=');
                if (equals >= 0 && decoded(parameter.substring(0, equals)).equals(List.of(name))) {
                    values.addAll(decoded(parameter.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    /** A plus stands for itself in a path. */
    private List<String> groups(String name) {
        for (Pattern pattern : patterns) {
            if (pattern.namedGroups().containsKey(name)) {
                Matcher matcher = pattern.matcher(uri);
                if (matcher.find() && matcher.group(name) != null) {
                    return decoded(matcher.group(name).replace("+", "%2B"));
                }
            }
        }
        return List.of();
    }

    private List<String> cmcd(String name) {
        Pattern key = cmcdKeys.get(name);
        if (key == null) {
            throw new IllegalStateException("no pattern was made for the CMCD key " + name);
        }
        List<String> dictionaries = new ArrayList<>(asked.header("CMCD-Session"));
        dictionaries.addAll(parameters("CMCD"));
        List<String> values = new ArrayList<>();
        for (String dictionary : dictionaries) {
            Matcher matcher = key.matcher(dictionary);
            while (matcher.find()) {
                values.add(matcher.group(1));
            }
        }
        return values;
    }

    private static List<String> decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return List.of(text);
        }
        try {
            return List.of(URLDecoder.decode(text, UTF_8));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
