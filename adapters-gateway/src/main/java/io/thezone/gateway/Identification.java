package io.thezone.gateway;

import com.google.re2j.Pattern;
import io.thezone.domain.Attributes;
import io.thezone.domain.Restart;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out for a gateway's question who the viewer is, and which stream is meant. */
public final class Identification {
    private static final Set<String> UNCOUNTED_METHODS = Set.of("HEAD", "OPTIONS");

    private final IdentityRules rules;
    private final DerivedStreamIds derivedIds;
    private final PlaceholderLog placeholders;
    private final Map<String, Pattern> cmcdKeys;

    public Identification(IdentityRules rules, DerivedStreamIds derivedIds, PlaceholderLog placeholders) {
        this.rules = rules;
        this.derivedIds = derivedIds;
        this.placeholders = placeholders;
        this.cmcdKeys = rules.sources()
                .filter(source -> source.kind() == Source.Kind.CMCD)
                .map(Source::name)
                .distinct()
                .collect(Collectors.toUnmodifiableMap(name -> name, ViewerRequest::cmcdKey));
    }

    /** Whether the viewer's method is one that must not take a slot: a player asks with GET before it plays. */
    public boolean isUncounted(AskedRequest asked) {
        String method = rules.methodHeader().isEmpty()
                ? asked.method()
                : one(asked.header(rules.methodHeader()), "the method").orElse(asked.method());
        return UNCOUNTED_METHODS.contains(method);
    }

    /** @throws DeniedException if there is no session, or an unusable one */
    public SessionId session(AskedRequest asked) {
        ViewerRequest viewer = viewer(asked, withoutQuery(uri(asked)));
        for (Source source : rules.session()) {
            List<String> values = viewer.at(source).stream()
                    .filter(value -> !value.isEmpty())
                    .distinct()
                    .toList();
            if (!values.isEmpty()) {
                return session(source, values);
            }
        }
        throw new DeniedException(Reason.NO_SESSION, "the request has no session");
    }

    private SessionId session(Source source, List<String> values) {
        if (values.size() > 1) {
            throw new DeniedException(Reason.UNUSABLE_SESSION, place(source) + " has two session ids");
        }
        if (Placeholder.is(values.get(0))) {
            placeholders.found(place(source));
            throw new DeniedException(
                    Reason.UNUSABLE_SESSION, place(source) + " has a placeholder that the gateway did not fill in");
        }
        try {
            return new SessionId(values.get(0));
        } catch (IllegalArgumentException e) {
            throw new DeniedException(Reason.UNUSABLE_SESSION, "the session id " + e.getMessage());
        }
    }

    /** @throws DeniedException if the request does not say which stream it means, or says it in an unusable way */
    public StreamRequest stream(AskedRequest asked, SessionId session) {
        ViewerRequest viewer = viewer(asked, uri(asked));
        try {
            Attributes attributes = attributes(viewer);
            for (Source source : rules.stream()) {
                Optional<String> id = value(viewer, source);
                if (id.isPresent()) {
                    boolean comesBack = source.kind() == Source.Kind.COOKIE;
                    return StreamRequest.repeated(
                            new StreamId(id.get()), attributes, new Restart(rules.pause(), comesBack));
                }
            }
            return withoutId(session, attributes);
        } catch (IllegalArgumentException e) {
            throw new DeniedException(Reason.UNUSABLE_VALUE, String.valueOf(e.getMessage()));
        }
    }

    private StreamRequest withoutId(SessionId session, Attributes attributes) {
        Optional<String> device = attributes.get(Attributes.DEVICE_ID).filter(Identification::isKnown);
        if (device.isPresent()) {
            String asset = attributes.get(Attributes.ASSET_ID).orElse("");
            return StreamRequest.repeated(
                    derivedIds.ofDevice(session, device.get(), asset), attributes, new Restart(rules.pause(), true));
        }
        if (rules.newStreamWithoutIdentity()) {
            return new StreamRequest(new StreamId(RandomIds.next()), attributes);
        }
        throw new DeniedException(
                Reason.NO_STREAM_IDENTITY,
                "the request names neither a stream nor a device; see authorize.stream in config.yml");
    }

    /** Whether it is the name of one device: rules take a blank one, and that word, for none. */
    private static boolean isKnown(String device) {
        return !device.isBlank() && !device.equals(Attributes.UNKNOWN);
    }

    private Attributes attributes(ViewerRequest viewer) {
        Map<String, String> values = new HashMap<>();
        rules.attributes().forEach((name, sources) -> sources.stream()
                .map(source -> value(viewer, source))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(value -> values.put(name, value)));
        return values.isEmpty() ? Attributes.NONE : new Attributes(values);
    }

    private String uri(AskedRequest asked) {
        return rules.uriHeader().isEmpty()
                ? asked.target()
                : one(asked.header(rules.uriHeader()), "the URI").orElse("");
    }

    /** Queries end up in logs, so no session id is read from them. */
    private static String withoutQuery(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private ViewerRequest viewer(AskedRequest asked, String uri) {
        return new ViewerRequest(asked, uri, rules.patterns(), cmcdKeys);
    }

    private static Optional<String> value(ViewerRequest viewer, Source source) {
        List<String> values = viewer.at(source).stream()
                .filter(value -> !Placeholder.is(value))
                .distinct()
                .toList();
        if (values.size() > 1) {
            throw new IllegalArgumentException(place(source) + " has two values");
        }
        return values.stream().findFirst();
    }

    private static Optional<String> one(List<String> values, String what) {
        if (values.size() > 1) {
            throw new DeniedException(Reason.UNUSABLE_VALUE, what + " was sent twice");
        }
        return values.stream().findFirst();
    }

    private static String place(Source source) {
        return switch (source.kind()) {
            case HEADER -> "the header " + source.name();
            case COOKIE -> "the cookie " + source.name();
            case QUERY -> "the query parameter " + source.name();
            case GROUP -> "the group " + source.name();
            case CMCD -> "the CMCD key " + source.name();
        };
    }
}
