package io.thezone.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import io.thezone.domain.Attributes;
import io.thezone.domain.Fingerprint;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Fingerprints of requests: half of a SHA-256 that does not depend on the order and the spelling of the JSON. */
final class Fingerprints {
    private static final int BYTES = 16;
    private static final BaseEncoding TEXT = BaseEncoding.base64Url().omitPadding();

    private Fingerprints() {}

    /** The same request with its fingerprint, as one with an idempotency key needs it. */
    static StreamRequest keyed(StreamRequest request) {
        return new StreamRequest(
                request.id(),
                request.attributes(),
                request.replaces(),
                Optional.of(of(request.attributes(), request.replaces())));
    }

    /** The separators are control characters, which neither attributes nor ids may have. */
    static Fingerprint of(Attributes attributes, Set<StreamId> replaces) {
        String about = attributes.values().entrySet().stream()
                .map(attribute -> attribute.getKey() + '\u0001' + attribute.getValue() + '\n')
                .collect(joining());
        String replaced = replaces.stream().map(StreamId::value).sorted().collect(joining("\n"));
        byte[] hash =
                Hashing.sha256().hashString(about + '\u0002' + replaced, UTF_8).asBytes();
        return new Fingerprint(TEXT.encode(Arrays.copyOf(hash, BYTES)));
    }
}
