package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Describes an error of Jackson in terms of YAML: where the value is, and what is allowed there.
 *
 * @param value the path of the value that Jackson could not build: names of members and indexes of items
 * @param path of the wrong part in that value
 * @param reason without names of Java classes
 */
record YamlMistake(List<String> value, List<String> path, String reason) {
    private static final Map<Class<?>, String> KINDS = Map.of(
            boolean.class, "true or false",
            Boolean.class, "true or false",
            String.class, "text",
            Duration.class, "a duration, as in 90s",
            DataSize.class, "a size, as in 8KiB",
            Path.class, "a path",
            File.class, "a path",
            double.class, "a number",
            Double.class, "a number");

    static YamlMistake of(JsonMappingException e, ObjectMapper mapper) {
        List<String> value = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                .toList();
        List<String> path = new ArrayList<>(value);
        if (e.getCause() instanceof PlansConfiguration.MisplacedName misplaced) {
            path.addAll(misplaced.path());
        }
        if (e instanceof InvalidTypeIdException) {
            path.add("type");
        }
        return new YamlMistake(value, List.copyOf(path), reason(e, mapper));
    }

    /** @return the path in one word, as in {@code plans.family.rules[0]} */
    String place() {
        String names = path.stream()
                .map(it -> !it.isEmpty() && Character.isDigit(it.charAt(0)) ? "[" + it + "]" : "." + it)
                .collect(Collectors.joining());
        return names.startsWith(".") ? names.substring(1) : names;
    }

    private static String reason(JsonMappingException e, ObjectMapper mapper) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return unknown.getPropertyName() + " is not known; known are "
                    + sorted(unknown.getKnownPropertyIds().stream().map(String::valueOf));
        }
        if (e instanceof InvalidTypeIdException type) {
            return (type.getTypeId() == null ? "is missing" : type.getTypeId() + " is not known") + "; known are "
                    + sorted(DiscoveredTypes.of(type.getBaseType().getRawClass(), mapper).keySet().stream());
        }
        if (e instanceof InvalidNullException) {
            return "has no value";
        }
        if (e instanceof ValueInstantiationException made) {
            String message = made.getCause() == null
                    ? ""
                    : Objects.toString(made.getCause().getMessage(), "");
            Class<?> type = made.getType().getRawClass();
            return KINDS.containsKey(type) || message.isEmpty() ? "must be " + kind(type) : message;
        }
        if (e.getCause() instanceof InputCoercionException number) {
            return "must be " + kind(number.getTargetType()) + ", and no greater";
        }
        if (e.getCause() instanceof JsonProcessingException malformed) {
            return malformed.getOriginalMessage();
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + kind(mismatch.getTargetType());
        }
        return "cannot be read as it stands";
    }

    private static String kind(Class<?> type) {
        if (KINDS.containsKey(type)) {
            return KINDS.get(type);
        }
        if (type.isEnum()) {
            return "one of "
                    + sorted(Arrays.stream(type.getEnumConstants())
                            .map(it -> it.toString().toLowerCase(Locale.ROOT)));
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number";
        }
        return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "a mapping, as in {name: value}";
    }

    private static String sorted(Stream<String> names) {
        return names.distinct().sorted().collect(Collectors.joining(", "));
    }
}
