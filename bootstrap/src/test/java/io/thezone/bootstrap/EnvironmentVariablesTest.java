package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Environment variables are decoded in the same way, whatever LANG is. */
class EnvironmentVariablesTest {
    private static final String NAME = "SESSION_KEY";

    /** Prints the code points of a variable. */
    static final class Printer {
        private Printer() {}

        public static void main(String[] args) {
            String value = EnvironmentVariables.read().getOrDefault(NAME, "");
            System.out.print(value.codePoints().boxed().toList());
        }
    }

    @Test
    void aVariableIsReadAsUtf8IfLangIsNotSet() throws Exception {
        String secret = "schlüssel-ключ-鍵-🔑";
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        // Java encodes the environment of a child by its own LANG.
                        NAME + "=$(printf '" + octal(secret) + "') LC_ALL=POSIX exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Printer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);

        String printed = new String(builder.start().getInputStream().readAllBytes(), UTF_8);

        assertEquals(secret.codePoints().boxed().toList().toString(), printed);
    }

    @Test
    void aValueMayContainAnythingButAZeroByte() {
        assertEquals(
                Map.of("A", "", "B", "x=y\nz", "C", "\uFFFD"),
                EnvironmentVariables.parse("A=\0B=x=y\nz\0no variable\0C=\uFFFD\0".getBytes(UTF_8)));
    }

    private static String octal(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte it : text.getBytes(UTF_8)) {
            escaped.append(String.format(Locale.ROOT, "\\%03o", it & 0xff));
        }
        return escaped.toString();
    }
}
