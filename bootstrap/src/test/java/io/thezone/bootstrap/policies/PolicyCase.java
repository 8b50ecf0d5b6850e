package io.thezone.bootstrap.policies;

import com.google.common.base.Splitter;
import io.thezone.domain.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A case of docs/policy-cases.md.
 *
 * @param limit of the viewer, from the gateway, if there is one
 * @param watching the steps before the request, in order
 * @param answer in the words of the page
 */
record PolicyCase(String plan, Optional<Integer> limit, List<Step> watching, Step asks, String answer) {
    private static final Path PAGE = Path.of("..", "docs", "policy-cases.md");

    private static final Pattern COMMA_OUTSIDE_BRACKETS = Pattern.compile(",\\s*(?![^(]*\\))");
    private static final Pattern STEP = Pattern.compile(
            "(?<id>\\w+)(?: (?<verb>is renewed|stops|is stopped))?(?: \\((?<about>[^)]*)\\))?(?: replaces (?<replaces>.+))?");

    private static final Map<String, String> SHORT_VALUES = Map.of(
            "tv", Attributes.DEVICE_TYPE,
            "phone", Attributes.DEVICE_TYPE,
            "tablet", Attributes.DEVICE_TYPE,
            "live", Attributes.ASSET_TYPE,
            "movie", Attributes.ASSET_TYPE,
            "home", Attributes.LOCATION,
            "away", Attributes.LOCATION,
            "kids", Attributes.PROFILE,
            "adults", Attributes.PROFILE);
    private static final Map<String, String> SHORT_NAMES =
            Map.of("device", Attributes.DEVICE_ID, "asset", Attributes.ASSET_ID);

    enum Verb {
        STARTS,
        IS_RENEWED,
        STOPS,
        IS_STOPPED
    }

    /** One request about a stream. */
    record Step(String id, Verb verb, Map<String, String> attributes, Set<String> replaces) {
        static Step of(String text) {
            Matcher step = STEP.matcher(text.strip());
            if (!step.matches()) {
                throw new IllegalArgumentException(PAGE + " cannot be parsed at: " + text);
            }
            String verb = step.group("verb");
            String replaces = step.group("replaces");
            return new Step(
                    step.group("id"),
                    verb == null
                            ? Verb.STARTS
                            : Verb.valueOf(verb.toUpperCase(Locale.ROOT).replace(' ', '_')),
                    attributes(step.group("about")),
                    replaces == null ? Set.of() : Set.copyOf(Splitter.on(' ').splitToList(replaces)));
        }

        private static Map<String, String> attributes(String about) {
            Map<String, String> attributes = new HashMap<>();
            for (String part : Splitter.on(',').trimResults().omitEmptyStrings().split(about == null ? "" : about)) {
                List<String> pair = Splitter.on('=').limit(2).splitToList(part);
                if (pair.size() == 1) {
                    attributes.put(SHORT_VALUES.getOrDefault(part, part), part);
                } else {
                    attributes.put(SHORT_NAMES.getOrDefault(pair.get(0), pair.get(0)), pair.get(1));
                }
            }
            return attributes;
        }
    }

    static List<PolicyCase> all() throws IOException {
        List<PolicyCase> cases = new ArrayList<>();
        String plan = "";
        Optional<Integer> limit = Optional.empty();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                List<String> heading = Splitter.on(" with Stream-Limit: ").splitToList(line.substring(3));
                plan = heading.get(0);
                limit = heading.stream().skip(1).map(Integer::valueOf).findFirst();
            } else if (line.startsWith("| ") && !line.startsWith("| watching") && !line.startsWith("| ---")) {
                List<String> cells = Splitter.on('|').trimResults().splitToList(line);
                cases.add(new PolicyCase(plan, limit, watching(cells.get(1)), Step.of(cells.get(2)), cells.get(3)));
            }
        }
        return cases;
    }

    private static List<Step> watching(String cell) {
        return cell.equals("nothing")
                ? List.of()
                : COMMA_OUTSIDE_BRACKETS.splitAsStream(cell).map(Step::of).toList();
    }
}
