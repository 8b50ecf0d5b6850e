package io.thezone.bootstrap;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Finds the line of a value in a YAML file, which Jackson does not report. */
final class YamlText {
    private static final Logger LOG = LoggerFactory.getLogger(YamlText.class);

    private final @Nullable Node root;

    YamlText(String text) {
        root = compose(text);
    }

    private static @Nullable Node compose(String text) {
        try {
            return new Yaml().compose(new StringReader(text));
        } catch (YAMLException broken) {
            LOG.debug("it is not YAML to its end", broken);
            return null;
        }
    }

    /**
     * The last node that exists on the path to a value.
     *
     * @param line from 1
     * @param scalar the text of the node, before environment variables are filled in; empty unless it is a scalar
     * @param decides whether the file sets the value here; false if the path ends in a mapping without that member
     */
    record Place(int line, String scalar, boolean decides) {}

    /** @return nothing if the first member of the path does not exist */
    Optional<Place> find(List<String> path) {
        Node node = root;
        int line = 0;
        boolean listed = false;
        for (String step : path) {
            NodeTuple member = member(node, step);
            if (member != null) {
                node = member.getValueNode();
                line = member.getKeyNode().getStartMark().getLine() + 1;
            } else if (node instanceof SequenceNode sequence
                    && Integer.parseInt(step) < sequence.getValue().size()) {
                node = sequence.getValue().get(Integer.parseInt(step));
                line = node.getStartMark().getLine() + 1;
                listed = true;
            } else {
                return line == 0
                        ? Optional.empty()
                        : Optional.of(new Place(line, "", listed || !(node instanceof MappingNode)));
            }
        }
        return line == 0
                ? Optional.empty()
                : Optional.of(new Place(line, node instanceof ScalarNode scalar ? scalar.getValue() : "", true));
    }

    private static @Nullable NodeTuple member(@Nullable Node node, String name) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple member : mapping.getValue()) {
                if (member.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name)) {
                    return member;
                }
            }
        }
        return null;
    }
}
