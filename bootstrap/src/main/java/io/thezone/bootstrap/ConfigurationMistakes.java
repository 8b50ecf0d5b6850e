package io.thezone.bootstrap;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.validation.ConstraintViolations;
import io.dropwizard.validation.ValidationMethod;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Collects all mistakes in a configuration. A wrong setting is replaced by its default, or removed if it has none, so that
 * reading can go on to the next mistake.
 */
final class ConfigurationMistakes {
    /** A longer list would not be read. */
    private static final int MAX_MISTAKES = 20;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)");

    private final String file;
    private final YamlText written;
    private final YamlText shipped;
    private final ObjectNode defaults;
    private final ObjectMapper mapper;
    private final List<String> errors = new ArrayList<>();
    private final List<List<String>> removed = new ArrayList<>();

    /**
     * @param file the user's file
     * @param shipped the file whose settings apply where the user's has none
     * @param defaults the settings of {@code shipped} without environment variables
     */
    ConfigurationMistakes(YamlFile file, YamlFile shipped, ObjectNode defaults, ObjectMapper mapper) {
        this.file = file.name();
        this.written = new YamlText(file.text());
        this.shipped = new YamlText(shipped.text());
        this.defaults = defaults;
        this.mapper = mapper;
    }

    /** Collects the mistakes in a file that is not laid over another. */
    ConfigurationMistakes(YamlFile file, ObjectMapper mapper) {
        this(file, new YamlFile("", ""), mapper.createObjectNode(), mapper);
    }

    /**
     * Notes a mistake, and replaces or removes the setting, so that the next mistake is found.
     *
     * @throws InvalidConfigurationException if no setting can be removed, or the list is full
     */
    void noteAndRemove(JsonMappingException found, ObjectNode settings) throws InvalidConfigurationException {
        YamlMistake mistake = YamlMistake.of(found, mapper);
        if (!follows(mistake.value())) {
            errors.add(at(
                    mistake.path(),
                    (mistake.path().isEmpty() ? "" : ", " + mistake.place()) + ": " + mistake.reason()));
        }
        removed.add(mistake.path());
        if (removed.size() == MAX_MISTAKES || !replace(withoutType(mistake.path()), settings)) {
            throw refusal(found);
        }
    }

    void throwIfAny() throws InvalidConfigurationException {
        if (!errors.isEmpty()) {
            throw new InvalidConfigurationException(file, errors);
        }
    }

    /** @return the mistakes so far and the values that can be read but violate a constraint */
    InvalidConfigurationException withViolations(ConfigurationValidationException found) {
        for (ConstraintViolation<?> violation : found.getConstraintViolations()) {
            List<String> path = path(violation.getPropertyPath());
            if (removed.isEmpty() || (!comparesSettings(violation) && !follows(path))) {
                errors.add(at(path, ": " + ConstraintViolations.format(violation)));
            }
        }
        return refusal(found);
    }

    private InvalidConfigurationException refusal(Exception cause) {
        return new InvalidConfigurationException(file, errors, cause);
    }

    /** Says whether a mistake may be a consequence of a setting that was removed inside it or around it. */
    private boolean follows(List<String> path) {
        return removed.stream().anyMatch(earlier -> startsWith(earlier, path) || startsWith(path, earlier));
    }

    private static boolean startsWith(List<String> path, List<String> beginning) {
        return path.size() >= beginning.size()
                && path.subList(0, beginning.size()).equals(beginning);
    }

    private static boolean comparesSettings(ConstraintViolation<?> violation) {
        Annotation rule = violation.getConstraintDescriptor().getAnnotation();
        return rule instanceof SelfValidating || rule instanceof ValidationMethod;
    }

    /** Replaces the innermost existing member on the path, but no item of a list: removing one would renumber the others. */
    private boolean replace(List<String> path, ObjectNode settings) {
        for (int steps = path.size(); steps > 0; steps--) {
            JsonNode parent = node(settings, path.subList(0, steps - 1));
            String member = path.get(steps - 1);
            if (parent instanceof ObjectNode members && members.has(member)) {
                JsonNode standard = node(defaults, path.subList(0, steps));
                if (standard.isMissingNode() || standard.equals(members.get(member))) {
                    members.remove(member);
                } else {
                    members.set(member, standard.deepCopy());
                }
                return true;
            }
        }
        return false;
    }

    /** Replaces the whole section if its type is wrong, as the settings in it belong to the type. */
    private static List<String> withoutType(List<String> path) {
        return path.size() > 1 && path.get(path.size() - 1).equals("type") ? path.subList(0, path.size() - 1) : path;
    }

    private static JsonNode node(JsonNode top, List<String> path) {
        JsonNode node = top;
        for (String step : path) {
            node = node.isArray() ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return node;
    }

    private static List<String> path(Path violated) {
        List<String> path = new ArrayList<>();
        for (Path.Node node : violated) {
            if (node.getIndex() != null) {
                path.add(node.getIndex().toString());
            } else if (node.getKey() != null) {
                path.add(node.getKey().toString());
            }
            if (node.getName() != null) {
                path.addAll(List.of(node.getName().split("\\.", -1)));
            }
        }
        return path;
    }

    /** Prefixes the reason with the file and line, or appends the environment variables that the shipped setting reads. */
    private String at(List<String> path, String reason) {
        Optional<YamlText.Place> own = written.find(path);
        Optional<YamlText.Place> place =
                own.filter(YamlText.Place::decides).or(() -> shipped.find(path).filter(YamlText.Place::decides));
        String line = own.filter(it -> it.decides() || place.isEmpty())
                .map(it -> ", line " + it.line())
                .orElse("");
        String variables = place.map(it -> VARIABLE.matcher(it.scalar())
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .collect(Collectors.joining(", ")))
                .orElse("");
        return file + line + reason + (variables.isEmpty() ? "" : " (" + variables + ")");
    }
}
