package io.thezone.bootstrap.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.bootstrap.support.Java;
import io.thezone.bootstrap.support.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service behaves in the same way in any locale. */
class LocaleIT {
    @TempDir
    private Path directory = Path.of("");

    /** In Turkish the lower case of I is a dotless ı, and PostgreSQL refuses a locale that is not installed. */
    @Test
    void theServiceRunsOnATurkishMachine() throws Exception {
        Map<String, String> turkish = Map.of(
                "LC_ALL", "tr_TR.UTF-8", "DATA_DIR", directory.resolve("data").toString());

        try (ServiceProcess service = ServiceProcess.startIn("tr", turkish)) {
            assertEquals(
                    "Session-Id required",
                    service.client().send("GET", "/watch").body().strip());
            assertEquals(200, service.client().watch("alice").statusCode(), service::log);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr", "de", "ja"})
    void mistakesAreReportedInEnglish(String language) throws Exception {
        List<String> output = check(language, "STREAM_LEASE", "25h");

        assertEquals(1, output.size(), output::toString);
        assertTrue(output.get(0).contains("streams.lease must be less than or equal to 1 DAYS"), output::toString);
    }

    private List<String> check(String language, String variable, String value) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(Java.command(List.of(
                        "-Duser.language=" + language,
                        "-jar",
                        ServiceProcess.JAR.toString(),
                        "check",
                        ServiceProcess.CONFIG.toString())))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(variable, value);
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends by itself");
        return Files.readAllLines(output);
    }
}
