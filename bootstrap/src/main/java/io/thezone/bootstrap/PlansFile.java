package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import io.thezone.domain.QuotaPlans;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A file of plans, and what is wrong with it in words that help to mend it. */
final class PlansFile {
    private static final Logger LOG = LoggerFactory.getLogger(PlansFile.class);

    private static final ObjectReader READER = StreamServiceConfigurationFactory.strict(
                    Jackson.newObjectMapper(new YAMLFactory()))
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .readerFor(PlansConfiguration.class);

    private final Path file;

    PlansFile(Path file) {
        this.file = file;
    }

    /** @throws IllegalStateException if it cannot be read */
    String read() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(file + " does not exist (quota.file, QUOTA_FILE)", e);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read (quota.file, QUOTA_FILE): " + e, e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /**
     * @param text of the file, before environment variables are filled in
     * @throws IllegalStateException if it is wrong, saying why and on which line
     */
    QuotaPlans parse(String text) {
        try (JsonParser parser = new SubstitutingParser(READER.createParser(text), EnvironmentVariables.read())) {
            PlansConfiguration read = READER.readValue(parser);
            if (read == null) {
                throw new IllegalStateException(file + " is empty");
            }
            return read.toPlans();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file + place(e, text) + ": " + reason(e), e);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read: " + e, e);
        }
    }

    private static String place(JsonProcessingException e, String text) {
        List<String> path = path(e);
        String names = path.stream()
                .map(it -> Character.isDigit(it.charAt(0)) ? "[" + it + "]" : "." + it)
                .collect(Collectors.joining());
        return ", line " + line(e, path, text) + (names.isEmpty() ? "" : ", " + names.substring(1));
    }

    /** The way to what is wrong: the names of members, and the numbers of items. */
    private static List<String> path(JsonProcessingException e) {
        List<String> path = new ArrayList<>();
        if (e instanceof JsonMappingException mapping) {
            mapping.getPath()
                    .forEach(step -> path.add(
                            step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName()));
        }
        if (e.getCause() instanceof PlansConfiguration.MisplacedName misplaced) {
            path.addAll(misplaced.path());
        }
        return path;
    }

    /** Of what it could not make, Jackson tells the way to it and where it ends, but not where it begins. */
    private static int line(JsonProcessingException e, List<String> path, String text) {
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        if (path.isEmpty() || e.getCause() instanceof JsonProcessingException) {
            return line;
        }
        Node node;
        try {
            node = new Yaml().compose(new StringReader(text));
        } catch (YAMLException broken) {
            LOG.debug("further down the file is not even YAML", broken);
            return line;
        }
        for (String step : path) {
            if (node instanceof SequenceNode sequence) {
                node = sequence.getValue().get(Integer.parseInt(step));
                line = node.getStartMark().getLine() + 1;
            } else if (node instanceof MappingNode members) {
                for (NodeTuple member : members.getValue()) {
                    if (member.getKeyNode() instanceof ScalarNode key
                            && key.getValue().equals(step)) {
                        node = member.getValueNode();
                        line = key.getStartMark().getLine() + 1;
                    }
                }
            }
        }
        return line;
    }

    private static String reason(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return unknown.getPropertyName() + " is not known; known are "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            return String.valueOf(e.getCause().getMessage());
        }
        if (e instanceof InvalidNullException) {
            return "has no value";
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + kind(mismatch.getTargetType());
        }
        return e.getOriginalMessage().lines().map(String::strip).collect(Collectors.joining(" "));
    }

    private static String kind(Class<?> type) {
        if (Number.class.isAssignableFrom(type)) {
            return "a whole number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type == String.class ? "text" : "a mapping, as in {name: value}";
    }
}
