package io.thezone.rest;

import io.thezone.domain.StreamId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The event reports of a player (CMCD version 2, CTA-5004-A), a line for each event. Of each stream only the newest event that says
 * how it is watched counts.
 *
 * @param events by stream
 * @param read the lines that are events, also those that say nothing about watching
 * @param skipped the lines that are none, or that are too many
 */
record CmcdReport(Map<StreamId, Event> events, int read, int skipped) {
    static final int MAX_LINES = 100;
    static final int MAX_STREAMS = 10;

    /** Time interval and play state; the other events tell of single moments. */
    private static final Set<String> TYPES = Set.of("t", "ps");

    private static final Set<String> ENDED = Set.of("e", "q");

    /** Preloading, and a fatal error. */
    private static final Set<String> NOT_WATCHED = Set.of("d", "f");

    enum Meaning {
        WATCHED,
        ENDED,

        /** The lease is left to run out. */
        NOT_WATCHED
    }

    /** @param at in the player's own time */
    record Event(long at, Meaning meaning) {
        private Event newer(Event next) {
            return next.at >= at ? next : this;
        }
    }

    static CmcdReport of(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        List<String> newest = lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
        Map<StreamId, Event> events = new LinkedHashMap<>();
        int read = 0;
        for (String line : newest) {
            if (add(line, events)) {
                read++;
            }
        }
        return new CmcdReport(events, read, lines.size() - read);
    }

    /** @return whether the line is an event, of a stream that is not one too many */
    private static boolean add(String line, Map<StreamId, Event> events) {
        Map<String, String> members = members(line);
        String type = members.get("e");
        String sid = members.get("sid");
        String ts = members.get("ts");
        if (type == null || sid == null || ts == null) {
            return false;
        }
        try {
            StreamId stream = new StreamId(unquoted(sid));
            Event event = new Event(Long.parseLong(ts), meaning(members.get("sta")));
            if (!TYPES.contains(type)) {
                return true;
            }
            if (events.size() == MAX_STREAMS && !events.containsKey(stream)) {
                return false;
            }
            events.merge(stream, event, Event::newer);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Meaning meaning(@Nullable String state) {
        if (state == null) {
            return Meaning.WATCHED;
        }
        if (ENDED.contains(state)) {
            return Meaning.ENDED;
        }
        return NOT_WATCHED.contains(state) ? Meaning.NOT_WATCHED : Meaning.WATCHED;
    }

    /** The members of a dictionary (RFC 8941) as they are written; none if a text does not end. */
    private static Map<String, String> members(String line) {
        Map<String, String> members = new TreeMap<>();
        int from = 0;
        while (from < line.length()) {
            int end = endOfMember(line, from);
            if (end < 0) {
                return Map.of();
            }
            int equals = line.indexOf('=', from);
            if (equals >= 0 && equals < end) {
                members.put(
                        line.substring(from, equals).strip(),
                        line.substring(equals + 1, end).strip());
            }
            from = end + 1;
        }
        return members;
    }

    /** The position of the next comma outside of texts, or the end of the line; negative if a text does not end. */
    private static int endOfMember(String line, int from) {
        boolean quoted = false;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return quoted ? -1 : line.length();
    }

    /** A stream id has no character that a text would escape. */
    private static String unquoted(String text) {
        if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
            throw new IllegalArgumentException("is no text");
        }
        return text.substring(1, text.length() - 1);
    }
}
