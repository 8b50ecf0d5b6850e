package io.thezone.bootstrap.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of the JDK that runs the tests, with flags that let a process start in half the time. */
public final class Java {
    private Java() {}

    /** @param arguments what follows the name of the program and those flags */
    public static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(arguments);
        return command;
    }
}
