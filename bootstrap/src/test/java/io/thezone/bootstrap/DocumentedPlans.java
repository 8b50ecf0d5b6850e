package io.thezone.bootstrap;

import io.thezone.domain.QuotaPlans;
import io.thezone.domain.StreamQuota;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Loads the YAML of docs/policies.md as the service loads its plans. */
public final class DocumentedPlans {
    private static final Path PAGE = Path.of("..", "docs", "policies.md");
    private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

    private DocumentedPlans() {}

    /** @return the plans of each block, which is the content of {@code plans}, or a whole file */
    private static List<QuotaPlans> blocks(Path directory) throws IOException {
        return BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(block -> plans(directory, block.group(1)))
                .toList();
    }

    /** @return all plans of the page, by name */
    public static Map<String, StreamQuota> all(Path directory) throws IOException {
        Map<String, StreamQuota> all = new LinkedHashMap<>();
        blocks(directory).forEach(block -> all.putAll(block.plans()));
        return all;
    }

    /** Writes a file with all plans of the page, for {@code quota.file}. */
    public static Path file(Path directory) throws IOException {
        StringBuilder text = new StringBuilder("default: three-in-all\nplans:\n");
        BLOCK.matcher(Files.readString(PAGE)).results().forEach(block -> {
            String plans = block.group(1).replaceFirst("(?s).*\nplans:\n", "");
            text.append(plans.equals(block.group(1)) ? plans.indent(2) : plans);
        });
        return Files.writeString(directory.resolve("plans.yml"), text);
    }

    private static QuotaPlans plans(Path directory, String block) {
        try {
            String first = block.substring(0, block.indexOf(':'));
            String text = block.contains("\nplans:\n") ? block : "default: " + first + "\nplans:\n" + block.indent(2);
            return PlansInForce.from(new PlansFile(Files.writeString(directory.resolve("block.yml"), text)))
                    .get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
