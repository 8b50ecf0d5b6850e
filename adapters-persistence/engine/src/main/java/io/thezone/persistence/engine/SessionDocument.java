package io.thezone.persistence.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.blackbird.BlackbirdModule;
import io.thezone.domain.Attributes;
import io.thezone.domain.EndReason;
import io.thezone.domain.EndedStream;
import io.thezone.domain.Fingerprint;
import io.thezone.domain.Session;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.Successor;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a session. Times are microseconds since 1970-01-01T00:00Z; the names are short, because they are written
 * again with every change.
 */
record SessionDocument(long at, List<StreamEntry> streams, List<EndEntry> ended) {
    /** The newest format that this version reads and writes. */
    static final int FORMAT = 3;

    /**
     * The format that the version before writes, and this version while nodes of that one run. It has no fingerprints, no ends
     * before a start and no {@link EndReason#STOPPED}.
     */
    static final int FORMER_FORMAT = 2;

    /** The oldest format that is read. It is like the former one, without successors. */
    private static final int OLDEST_FORMAT = 1;

    /** The latest time that is read, in the year 2255: up to there doubles are exact. No version of the service writes later times. */
    private static final long LATEST = 1L << 53;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new BlackbirdModule())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
            .build();
    private static final ObjectReader READER = MAPPER.readerFor(SessionDocument.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(SessionDocument.class);

    /** @param first the fingerprint */
    record StreamEntry(
            String id, long start, long seen, long until, Map<String, String> attributes, @Nullable String first) {
        StreamEntry {
            attributes = attributes == null ? Map.of() : attributes;
        }

        static StreamEntry of(Stream stream, int format) {
            return new StreamEntry(
                    stream.id().value(),
                    micros(stream.startedAt()),
                    micros(stream.lastSeenAt()),
                    micros(stream.expiresAt()),
                    stream.attributes().values(),
                    written(stream.fingerprint(), format));
        }

        Stream toStream() {
            return new Stream(
                    new StreamId(id),
                    attributesOf(attributes),
                    instant(start),
                    instant(seen),
                    instant(until),
                    read(first));
        }
    }

    /**
     * @param by the successor's id
     * @param first the fingerprint
     * @param early whether it ended before its start
     */
    record EndEntry(
            String id,
            EndReason reason,
            long at,
            long until,
            @Nullable String by,
            Map<String, String> device,
            @Nullable String first,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean early) {
        EndEntry {
            device = device == null ? Map.of() : device;
        }

        static EndEntry of(EndedStream end, int format) {
            Optional<Successor> successor = end.successor();
            return new EndEntry(
                    end.id().value(),
                    format == FORMER_FORMAT && end.reason() == EndReason.STOPPED ? EndReason.REPLACED : end.reason(),
                    micros(end.endedAt()),
                    micros(end.forgetAt()),
                    successor.map(it -> it.id().value()).orElse(null),
                    successor.map(it -> it.device().values()).orElse(Map.of()),
                    written(end.fingerprint(), format),
                    end.beforeStart());
        }

        EndedStream toEndedStream() {
            Optional<Successor> successor =
                    Optional.ofNullable(by).map(it -> new Successor(new StreamId(it), attributesOf(device)));
            return new EndedStream(
                    new StreamId(id),
                    requireNonNull(reason, "an end has a reason"),
                    instant(at),
                    instant(until),
                    successor,
                    read(first),
                    early);
        }
    }

    SessionDocument {
        streams = streams == null ? List.of() : streams;
        ended = ended == null ? List.of() : ended;
    }

    /**
     * Writes a session. What the former format cannot hold is left out; a stopped stream is written as a replaced one, which is
     * not given back either.
     *
     * @param format {@link #FORMAT} or {@link #FORMER_FORMAT}
     */
    static String write(Session session, int format) {
        try {
            return WRITER.writeValueAsString(new SessionDocument(
                    micros(session.changedAt()),
                    session.streams().stream()
                            .map(stream -> StreamEntry.of(stream, format))
                            .toList(),
                    session.ended().stream()
                            .filter(end -> format == FORMAT || !end.beforeStart())
                            .map(end -> EndEntry.of(end, format))
                            .toList()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a session is always writable", e);
        }
    }

    /**
     * Reads a session. A document that no version of the service writes is rejected here, because it would fail later, among other
     * sessions.
     *
     * @throws UnreadableSessionException if the document is of a newer format, or no session
     */
    static Session read(StoredSession stored) {
        if (stored.format() < OLDEST_FORMAT || stored.format() > FORMAT) {
            throw new UnreadableSessionException(
                    "a session is stored in format " + stored.format() + ", this version reads formats " + OLDEST_FORMAT
                            + " to " + FORMAT + ": run the newer version of the service on this node");
        }
        try {
            SessionDocument document = requireNonNull(READER.readValue(stored.document()), "null is no session");
            return new Session(
                    checked(document.streams.stream().map(StreamEntry::toStream).toList()),
                    document.ended.stream().map(EndEntry::toEndedStream).toList(),
                    instant(document.at));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new UnreadableSessionException("a stored session cannot be read", e);
        }
    }

    private static List<Stream> checked(List<Stream> streams) {
        if (streams.size() > 1 && streams.stream().map(Stream::id).distinct().count() < streams.size()) {
            throw new IllegalArgumentException("two streams have the same id");
        }
        return streams;
    }

    private static @Nullable String written(Optional<Fingerprint> fingerprint, int format) {
        return format == FORMAT ? fingerprint.map(Fingerprint::value).orElse(null) : null;
    }

    private static Optional<Fingerprint> read(@Nullable String first) {
        return Optional.ofNullable(first).map(Fingerprint::new);
    }

    private static Attributes attributesOf(Map<String, String> values) {
        return values.isEmpty() ? Attributes.NONE : new Attributes(values);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static Instant instant(long micros) {
        if (micros < 0 || micros > LATEST) {
            throw new IllegalArgumentException("no time is " + micros + " microseconds from 1970");
        }
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
