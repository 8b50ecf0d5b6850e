package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The variables of the environment, read as UTF-8: Java reads them as LANG says, and loses characters where that is unset. */
final class EnvironmentVariables {
    /** What stands for bytes that are not UTF-8. */
    static final char UNREADABLE = '\uFFFD';

    /** On Linux, the variables as the process got them. */
    private static final Path RAW = Path.of("/proc/self/environ");

    private EnvironmentVariables() {}

    static Map<String, String> read() {
        if (!Files.isReadable(RAW)) {
            return System.getenv();
        }
        try {
            return parse(Files.readAllBytes(RAW));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param raw {@code NAME=value}, each followed by a zero byte */
    static Map<String, String> parse(byte[] raw) {
        Map<String, String> variables = new HashMap<>();
        for (String variable : new String(raw, UTF_8).split("\0", -1)) {
            int sign = variable.indexOf('=');
            if (sign > 0) {
                variables.putIfAbsent(variable.substring(0, sign), variable.substring(sign + 1));
            }
        }
        return variables;
    }
}
