package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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

/**
 * The plans that count now. Those of a file come into force as soon as it changes; a file that is wrong changes nothing. A
 * request keeps to the plan that it began with.
 */
final class PlansInForce implements Supplier<QuotaPlans> {
    private static final Logger LOG = LoggerFactory.getLogger(PlansInForce.class);

    private static final ObjectReader READER = Jackson.newObjectMapper(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .readerFor(PlansConfiguration.class);

    private final Optional<Path> file;
    private volatile QuotaPlans plans;

    /** What was in the file when it was last looked at, right or wrong. */
    private String seen;

    /** What was last found wrong with the file; empty once it can be read again. */
    private String complaint = "";

    private PlansInForce(Optional<Path> file, String seen, QuotaPlans plans) {
        this.file = file;
        this.seen = seen;
        this.plans = plans;
    }

    /** Plans that stay as they are. */
    static PlansInForce fixed(QuotaPlans plans) {
        return new PlansInForce(Optional.empty(), "", plans);
    }

    /** @throws IllegalStateException if the file cannot be used, saying why and where */
    static PlansInForce from(Path file) {
        String text = read(file);
        return new PlansInForce(Optional.of(file), text, parse(file, text));
    }

    @Override
    public QuotaPlans get() {
        return plans;
    }

    boolean mayChange() {
        return file.isPresent();
    }

    /** Looks whether the file has changed; says in the log, once, what came of it. */
    synchronized void watch() {
        try {
            String text = read(path());
            if (!text.equals(seen)) {
                take(text);
            }
            complaint = "";
        } catch (IllegalStateException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(complaint)) {
                LOG.warn("the plans stay as they were: {}", message);
            }
            complaint = message;
        }
    }

    /**
     * Reads the file, changed or not.
     *
     * @throws IllegalStateException if there is none or it cannot be used, saying why and where; the plans stay as they were
     */
    synchronized void reload() {
        take(read(path()));
    }

    private void take(String text) {
        seen = text;
        plans = parse(path(), text);
        LOG.info("the plans of {} are in force: {}", path(), String.join(", ", plans.names()));
    }

    private Path path() {
        return file.orElseThrow(
                () -> new IllegalStateException(
                        "the plans stand in the configuration itself, which is read"
                                + " at start only; name a file of their own in quota.file (QUOTA_FILE) to change them while it runs"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(file + " does not exist (quota.file, QUOTA_FILE)", e);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read (quota.file, QUOTA_FILE): " + e, e);
        }
    }

    private static QuotaPlans parse(Path file, String text) {
        try (JsonParser parser = new SubstitutingParser(READER.createParser(text), System.getenv())) {
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
        List<JsonMappingException.Reference> path =
                e instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
        String names = path.stream()
                .map(it -> it.getFieldName() == null ? "[" + it.getIndex() + "]" : "." + it.getFieldName())
                .collect(Collectors.joining());
        return ", line " + line(e, path, text) + (names.isEmpty() ? "" : ", " + names.substring(1));
    }

    /** Of what it could not make, Jackson tells the way to it and where it ends, but not where it begins. */
    private static int line(JsonProcessingException e, List<JsonMappingException.Reference> path, String text) {
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
        for (JsonMappingException.Reference step : path) {
            if (node instanceof SequenceNode sequence && step.getIndex() >= 0) {
                node = sequence.getValue().get(step.getIndex());
                line = node.getStartMark().getLine() + 1;
            } else if (node instanceof MappingNode members) {
                for (NodeTuple member : members.getValue()) {
                    if (member.getKeyNode() instanceof ScalarNode key
                            && key.getValue().equals(step.getFieldName())) {
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
