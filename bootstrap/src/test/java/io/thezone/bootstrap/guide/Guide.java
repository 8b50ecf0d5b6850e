package io.thezone.bootstrap.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads a page of the documentation, and writes its code blocks to the files that they name. */
final class Guide {
    private static final Pattern BLOCK =
            Pattern.compile("^```\\w+ (\\S+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private final Map<String, String> files = new LinkedHashMap<>();

    Guide(Path page) throws IOException {
        for (MatchResult block : BLOCK.matcher(Files.readString(page)).results().toList()) {
            files.put(block.group(1), block.group(2));
        }
    }

    String file(String name) {
        String content = files.get(name);
        if (content == null) {
            throw new AssertionError("the guide has no " + name + ", only " + files.keySet());
        }
        return content;
    }

    void writeTo(Path directory) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
