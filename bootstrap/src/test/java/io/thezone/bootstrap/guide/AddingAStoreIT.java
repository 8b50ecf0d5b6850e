package io.thezone.bootstrap.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.thezone.bootstrap.support.ServiceProcess;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Builds the store of docs/adding-a-store.md, tests it against the contract, and runs the service on it. */
class AddingAStoreIT {
    private static final Path PAGE = Path.of("..", "docs", "adding-a-store.md");
    private static final String STORE_TYPE = "  type: ${STORE_TYPE:-embedded-postgresql}\n";

    private static Guide guide;
    private static Path project;
    private static Path jar;

    @BeforeAll
    static void followTheGuide(@TempDir Path directory) throws Exception {
        project = directory;
        guide = new Guide(PAGE);
        guide.writeTo(project);
        Path classes = project.resolve("target/classes");
        compile("src/main/java", classes, ServiceProcess.JAR.toString());
        jar = project.resolve("journal-store.jar");
        Path resources = project.resolve("src/main/resources");
        run(
                "jar",
                "--create",
                "--file",
                jar.toString(),
                "-C",
                classes.toString(),
                ".",
                "-C",
                resources.toString(),
                ".");
    }

    @Test
    void theStorePassesTheContractAndItsOwnTests() throws Exception {
        Path classes = project.resolve("target/test-classes");
        compile("src/test/java", classes, jar + File.pathSeparator + System.getProperty("java.class.path"));
        URL[] classPath = {jar.toUri().toURL(), classes.toUri().toURL()};
        SummaryGeneratingListener tests = new SummaryGeneratingListener();
        try (URLClassLoader loader = new URLClassLoader(classPath, getClass().getClassLoader())) {
            Class<?> contract = loader.loadClass("com.example.journal.JournalSessionRepositoryTest");

            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(contract))
                                    .build(),
                            tests);
        }

        StringWriter failures = new StringWriter();
        tests.getSummary().printFailuresTo(new PrintWriter(failures));
        assertEquals(0, tests.getSummary().getTotalFailureCount(), failures::toString);
        assertTrue(tests.getSummary().getTestsSucceededCount() > 20);
    }

    @Test
    void theServiceRunsOnTheStoreAndStreamsSurviveARestart() throws Exception {
        Path config = project.resolve("config.yml");
        String shipped = Files.readString(ServiceProcess.CONFIG);
        assertTrue(shipped.contains(STORE_TYPE));
        Files.writeString(config, shipped.replace(STORE_TYPE, STORE_TYPE + guide.file("config.yml")));
        Map<String, String> environment = Map.of(
                "STORE_TYPE",
                "journal",
                "JOURNAL_DIR",
                project.resolve("journal").toString());
        String session = "session-" + UUID.randomUUID();

        try (ServiceProcess service = ServiceProcess.startWith(jar, config, environment)) {
            assertTrue(service.log().contains("streams are stored in a journal"), service::log);
            List<Integer> statuses = new ArrayList<>();
            statuses.add(service.client().send("GET", "/watch").statusCode());
            for (int i = 0; i < 4; i++) {
                statuses.add(service.client().watch(session).statusCode());
            }
            assertEquals(List.of(400, 200, 200, 200, 401), statuses, service::log);
            service.kill();
        }
        try (ServiceProcess service = ServiceProcess.startWith(jar, config, environment)) {
            assertEquals(3, service.client().streams(session).size());
            assertEquals(401, service.client().watch(session).statusCode());
        }
    }

    @Test
    void thePomOfTheGuideUsesTheModulesOfThisProject() throws Exception {
        Pom root = new Pom(Path.of("..", "pom.xml"));
        Pom pom = new Pom(project.resolve("pom.xml"));

        for (String dependency : pom.texts("//dependency/artifactId")) {
            assertEquals(
                    root.texts("/project/version"), pom.texts("//dependency[artifactId='" + dependency + "']/version"));
            assertEquals(
                    1,
                    root.texts("//dependencyManagement//artifactId[.='" + dependency + "']")
                            .size());
        }
        for (String plugin : pom.texts("//plugin/artifactId")) {
            String version = "//plugin[artifactId='" + plugin + "']/version";
            assertEquals(root.texts(version), pom.texts(version));
        }
    }

    private static void compile(String sources, Path classes, String classPath) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-Xlint:all,-processing", "-Werror", "-proc:none", "--release", "17", "-encoding", "UTF-8"));
        arguments.addAll(List.of("-d", classes.toString()));
        arguments.addAll(List.of("-cp", classPath));
        try (Stream<Path> files = Files.walk(project.resolve(sources))) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        run("javac", arguments.toArray(String[]::new));
    }

    private static void run(String tool, String... arguments) {
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output);
        int status = ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments);
        assertEquals(0, status, output::toString);
    }
}
