package io.thezone.persistence.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** A process that launches an embedded server as the service does, and that a test can kill. */
final class ServerInAnotherProcess {
    static final int EXHAUST_FILE_DESCRIPTORS = 'x';
    static final int RELEASE_THEM = 'r';

    private ServerInAnotherProcess() {}

    /** Launches the server, prints that it runs, and executes the commands of its input until the input ends. */
    public static void main(String[] arguments) throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        EmbeddedServer.launch(Path.of(arguments[0]));
        System.out.println("launched");
        List<InputStream> held = new ArrayList<>();
        for (int asked = System.in.read(); asked != -1; asked = System.in.read()) {
            if (asked == EXHAUST_FILE_DESCRIPTORS) {
                System.out.println(exhaust(held));
            } else {
                for (InputStream file : held) {
                    file.close();
                }
                System.out.println("released");
            }
        }
    }

    private static String exhaust(List<InputStream> held) {
        while (true) {
            try {
                held.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    static Process start(Path dataDirectory) throws IOException {
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 256; exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerInAnotherProcess.class.getName(),
                        dataDirectory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
