package io.thezone.gateway;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.thezone.domain.Attributes;
import io.thezone.domain.Restart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a gateway's question says what.
 *
 * @param methodHeader the name of the header with the viewer's method; empty if the method of the question is the viewer's
 * @param uriHeader the name of the header with the viewer's path and query; empty if the gateway appends them to the path
 * @param patterns regular expressions in the syntax of RE2, tried in their order over the viewer's path and query
 * @param session the places of the session id; the first that has a value counts. Groups see the path only
 * @param stream the places of the stream id, likewise
 * @param attributes the places of each attribute, by its name
 * @param newStreamWithoutIdentity whether a request that names no stream, and no device to derive one from, starts a new one
 * @param pause for how long after a stream was ended a late request does not start it again; at most 10 minutes
 */
public record IdentityRules(
        String methodHeader,
        String uriHeader,
        List<Pattern> patterns,
        List<Source> session,
        List<Source> stream,
        Map<String, List<Source>> attributes,
        boolean newStreamWithoutIdentity,
        Duration pause) {

    /** A session id is a credential, and queries end up in logs; CMCD has none. */
    private static final Set<Source.Kind> OF_SESSIONS =
            Set.of(Source.Kind.HEADER, Source.Kind.COOKIE, Source.Kind.GROUP);

    /** @throws IllegalArgumentException saying which rule is wrong and why */
    public IdentityRules {
        patterns = List.copyOf(patterns);
        session = List.copyOf(session);
        stream = List.copyOf(stream);
        attributes = Map.copyOf(attributes);
        if (session.isEmpty() || !session.stream().map(Source::kind).allMatch(OF_SESSIONS::contains)) {
            throw new IllegalArgumentException("session must have a place, and each must be a header, cookie or group");
        }
        new Restart(pause, true);
        List<Pattern> known = patterns;
        sources(session, stream, attributes)
                .filter(source -> source.kind() == Source.Kind.GROUP)
                .filter(source ->
                        known.stream().noneMatch(it -> it.namedGroups().containsKey(source.name())))
                .findFirst()
                .ifPresent(source -> {
                    throw new IllegalArgumentException("no pattern has a group named " + source.name());
                });
        for (String name : attributes.keySet()) {
            new Attributes(Map.of(name, ""));
        }
    }

    /** The same rules where the protocol itself says the viewer's method and URI, so that no header may say them. */
    public IdentityRules withoutUriAndMethodHeaders() {
        return new IdentityRules("", "", patterns, session, stream, attributes, newStreamWithoutIdentity, pause);
    }

    /** All places of all values. */
    Stream<Source> sources() {
        return sources(session, stream, attributes);
    }

    private static Stream<Source> sources(
            List<Source> session, List<Source> stream, Map<String, List<Source>> attributes) {
        return Stream.concat(Stream.of(session, stream), attributes.values().stream())
                .flatMap(List::stream);
    }

    /** @throws IllegalArgumentException saying what is wrong with the pattern */
    public static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("the pattern " + regex + " is wrong: " + e.getDescription(), e);
        }
    }
}
