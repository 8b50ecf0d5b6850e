package io.thezone.domain;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The strategy of a plan for a new stream for which it has no room. */
public enum WhenFull {
    /** The new stream is refused. */
    REFUSE("refuse") {
        @Override
        List<Stream> evictable(List<Stream> live, Attributes requested, List<String> devicePriority) {
            return List.of();
        }
    },
    /** Streams end in the order of their start, the oldest first. */
    END_OLDEST("end-oldest") {
        @Override
        List<Stream> evictable(List<Stream> live, Attributes requested, List<String> devicePriority) {
            return live.stream().sorted(comparing(Stream::startedAt)).toList();
        }
    },
    /** Streams end against the order of their start, the newest first. */
    END_NEWEST("end-newest") {
        @Override
        List<Stream> evictable(List<Stream> live, Attributes requested, List<String> devicePriority) {
            List<Stream> newest = new ArrayList<>(END_OLDEST.evictable(live, requested, devicePriority));
            Collections.reverse(newest);
            return newest;
        }
    },
    /** Streams end in the order of their last saved heartbeat, the longest ago first. */
    END_LEAST_RECENTLY_SEEN("end-least-recently-seen") {
        @Override
        List<Stream> evictable(List<Stream> live, Attributes requested, List<String> devicePriority) {
            return live.stream()
                    .sorted(comparing(Stream::lastSeenAt).thenComparing(Stream::startedAt))
                    .toList();
        }
    },
    /** Streams on devices of lower priority than the new stream's end: the lowest priority first, then the oldest. */
    END_LOWER_PRIORITY("end-lower-priority") {
        @Override
        List<Stream> evictable(List<Stream> live, Attributes requested, List<String> devicePriority) {
            int required = rank(requested, devicePriority);
            return live.stream()
                    .filter(stream -> rank(stream.attributes(), devicePriority) > required)
                    .sorted(comparing((Stream stream) -> rank(stream.attributes(), devicePriority))
                            .reversed()
                            .thenComparing(Stream::startedAt))
                    .toList();
        }

        /** Returns the rank of the type of device; 0 is the most important one. */
        private static int rank(Attributes attributes, List<String> devicePriority) {
            int rank = devicePriority.indexOf(attributes.valueOf(Attributes.DEVICE_TYPE));
            return rank < 0 ? devicePriority.size() : rank;
        }
    };

    private final String spelling;

    WhenFull(String spelling) {
        this.spelling = spelling;
    }

    /** Returns the name as it stands in YAML and JSON. */
    public String spelling() {
        return spelling;
    }

    /**
     * Returns the live streams that may end to make room, the most preferred first.
     *
     * @param requested the attributes of the new stream
     * @param devicePriority types of devices, the most important first
     */
    abstract List<Stream> evictable(List<Stream> live, Attributes requested, List<String> devicePriority);
}
