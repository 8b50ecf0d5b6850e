package io.thezone.bootstrap;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Set;

/**
 * The {@code cors} section.
 *
 * @param origins separated by commas
 */
public record CorsConfiguration(
        @NotNull String origins,
        @NotNull
                List<
                                @NotNull
                                @Pattern(
                                        regexp = "[A-Za-z0-9-]{1,64}",
                                        message = "must be header names: letters, digits and -")
                                String>
                        exposedHeaders) {
    /** As browsers write them: in lower case, without the port that the scheme has by default. */
    private static final java.util.regex.Pattern ORIGIN = java.util.regex.Pattern.compile(
            "(?!http://.*:80$|https://.*:443$)[a-z][a-z0-9+.-]*://([a-z0-9_.-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    static boolean isOrigin(String text) {
        return ORIGIN.matcher(text).matches();
    }

    Set<String> originSet() {
        return ImmutableSet.copyOf(
                Splitter.on(',').trimResults().omitEmptyStrings().split(origins));
    }
}
