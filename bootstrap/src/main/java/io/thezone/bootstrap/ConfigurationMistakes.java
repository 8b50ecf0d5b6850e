package io.thezone.bootstrap;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
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

/** All that is wrong with a configuration: what is found is taken out, so that it does not hide what comes after it. */
final class ConfigurationMistakes {
    /** More would not be read. */
    private static final int MOST = 20;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)");

    private final String file;
    private final YamlText changes;
    private final YamlText shipped;
    private final ObjectMapper mapper;
    private final List<String> errors = new ArrayList<>();
    private final List<List<String>> takenOut = new ArrayList<>();

    /**
     * @param file its name
     * @param changes what is written in it
     * @param shipped what applies where it says nothing
     */
    ConfigurationMistakes(String file, String changes, String shipped, ObjectMapper mapper) {
        this.file = file;
        this.changes = new YamlText(changes);
        this.shipped = new YamlText(shipped);
        this.mapper = mapper;
    }

    /** @throws InvalidConfigurationException if nothing can be taken out that would show what comes after it */
    void takeOut(ConfigurationException found, ObjectNode settings) throws InvalidConfigurationException {
        if (!(found.getCause() instanceof JsonMappingException cause)) {
            errors.addAll(found.getErrors());
            throw refusal(found);
        }
        YamlMistake mistake = YamlMistake.of(cause, mapper);
        if (!follows(mistake.path())) {
            errors.add(at(mistake.path(), ", " + mistake.place() + ": " + mistake.reason()));
        }
        takenOut.add(mistake.path());
        if (takenOut.size() == MOST || !remove(mistake.path(), settings)) {
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

    /** Removes the innermost member on the way that is there; not an item of a list, as that would give others its number. */
    private static boolean remove(List<String> path, ObjectNode settings) {
        for (int steps = path.size(); steps > 0; steps--) {
            JsonNode parent = settings;
            for (String step : path.subList(0, steps - 1)) {
                parent = parent.isArray() ? parent.path(Integer.parseInt(step)) : parent.path(step);
            }
            if (parent instanceof ObjectNode members && members.remove(path.get(steps - 1)) != null) {
                return true;
            }
        }
        return false;
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
        Optional<YamlText.Place> written = changes.find(path);
        Optional<YamlText.Place> place = written.filter(YamlText.Place::decides)
                .or(() -> shipped.find(path).filter(YamlText.Place::decides));
        String line = written.filter(it -> it.decides() || place.isEmpty())
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
