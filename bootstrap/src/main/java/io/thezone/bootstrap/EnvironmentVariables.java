package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads the environment variables as UTF-8: Java decodes them by LANG, and loses characters if LANG is not set. */
final class EnvironmentVariables {
    /** The Unicode replacement character, decoded from bytes that are not UTF-8. */
    static final char UNREADABLE = '\uFFFD';

    /** On Linux, the undecoded variables of this process; see proc(5). */
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
