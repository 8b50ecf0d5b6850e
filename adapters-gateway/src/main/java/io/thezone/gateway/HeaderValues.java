package io.thezone.gateway;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The headers of a request, whatever received it. */
@FunctionalInterface
public interface HeaderValues {
    /** The values as they were sent, in their order; empty if there are none. */
    List<String> get(String name);

    /**
     * The value of a header that must not be repeated; empty if it was not sent.
     *
     * @param parse throws IllegalArgumentException if the value is unusable, with what is wrong
     * @throws IllegalArgumentException saying what is wrong with which header, never its value
     */
    default <T> Optional<T> single(String name, Function<String, T> parse) {
        List<String> values = get(name);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw new IllegalArgumentException(name + " must be sent once, not " + values.size() + " times");
        }
        // A proxy may join two header lines with a comma (RFC 9110, section 5.3).
        if (values.get(0).indexOf(',') >= 0) {
            throw new IllegalArgumentException(name + " must be one value; a comma separates two");
        }
        try {
            return Optional.of(parse.apply(values.get(0)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " " + e.getMessage(), e);
        }
    }
}
