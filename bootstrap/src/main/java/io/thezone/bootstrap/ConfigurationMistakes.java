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
 * All mistakes in a configuration. Each that is found is replaced by the default, or removed where there is none, so that it does
 * not hide the next one.
 */
final class ConfigurationMistakes {
    /** Nobody reads a longer list. */
    private static final int MAX_MISTAKES = 20;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)");

    private final String file;
    private final YamlText written;
    private final YamlText shipped;
    private final ObjectNode defaults;
    private final ObjectMapper mapper;
    private final List<String> errors = new ArrayList<>();
    private final List<List<String>> takenOut = new ArrayList<>();

    /**
     * @param file what a user wrote
     * @param shipped what applies where that says nothing
     * @param defaults what {@code shipped} says where no environment variable is set
     */
    ConfigurationMistakes(YamlFile file, YamlFile shipped, ObjectNode defaults, ObjectMapper mapper) {
        this.file = file.name();
        this.written = new YamlText(file.text());
        this.shipped = new YamlText(shipped.text());
        this.defaults = defaults;
        this.mapper = mapper;
    }

    /** For a file that stands alone. */
    ConfigurationMistakes(YamlFile file, ObjectMapper mapper) {
        this(file, new YamlFile("", ""), mapper.createObjectNode(), mapper);
    }

    /** @throws InvalidConfigurationException if nothing can be taken out that would show the next mistake */
    void takeOut(JsonMappingException found, ObjectNode settings) throws InvalidConfigurationException {
        YamlMistake mistake = YamlMistake.of(found, mapper);
        if (!follows(mistake.value())) {
            errors.add(at(mistake.path(), (mistake.path().isEmpty() ? "" : ", " + mistake.place()) + ": " + mistake.reason()));
        }
        takenOut.add(mistake.path());
        if (takenOut.size() == MAX_MISTAKES || !replace(withoutType(mistake.path()), settings)) {
            throw refusal(found);
        }
    }

    void throwIfAny() throws InvalidConfigurationException {
        if (!errors.isEmpty()) {
            throw new InvalidConfigurationException(file, errors);
        }
    }

    /** What the values are that can be read and still cannot be. */
    InvalidConfigurationException with(ConfigurationValidationException found) {
        for (ConstraintViolation<?> violation : found.getConstraintViolations()) {
            List<String> path = path(violation.getPropertyPath());
            if (takenOut.isEmpty() || (!comparesSettings(violation) && !follows(path))) {
                errors.add(at(path, ": " + ConstraintViolations.format(violation)));
            }
        }
        return refusal(found);
    }

    private InvalidConfigurationException refusal(Exception cause) {
        return new InvalidConfigurationException(file, errors, cause);
    }

    /** Without what was taken out, the part around it may be wrong as well. */
    private boolean follows(List<String> path) {
        return takenOut.stream().anyMatch(earlier -> startsWith(earlier, path) || startsWith(path, earlier));
    }

    private static boolean startsWith(List<String> path, List<String> beginning) {
        return path.size() >= beginning.size()
                && path.subList(0, beginning.size()).equals(beginning);
    }

    private static boolean comparesSettings(ConstraintViolation<?> violation) {
        Annotation rule = violation.getConstraintDescriptor().getAnnotation();
        return rule instanceof SelfValidating || rule instanceof ValidationMethod;
    }

    /** Changes the innermost member on the path that exists; not an item of a list, which would renumber the others. */
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

    /** Another type has other settings. */
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

    /** With the line in the file, or else the environment variables that the shipped setting takes. */
    private String at(List<String> path, String reason) {
        Optional<YamlText.Place> own = written.find(path);
        Optional<YamlText.Place> place = own.filter(YamlText.Place::decides)
                .or(() -> shipped.find(path).filter(YamlText.Place::decides));
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
