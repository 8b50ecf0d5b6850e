package io.thezone.persistence.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** A service, as far as the embedded server is concerned, in a process of its own, which can be killed. */
final class ServerInAnotherProcess {
    private ServerInAnotherProcess() {}

    /** Launches the server, says where it listens, and lives until it is killed or its input ends. */
    public static void main(String[] arguments) throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        EmbeddedServer server = EmbeddedServer.launch(Path.of(arguments[0]));
        System.out.println(server.url());
        while (System.in.read() != -1) {}
    }

    static Process start(Path dataDirectory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerInAnotherProcess.class.getName(),
                        dataDirectory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
