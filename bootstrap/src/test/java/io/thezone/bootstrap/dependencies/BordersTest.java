package io.thezone.bootstrap.dependencies;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.thezone.application.fixture.ApplicationThatKnowsItsAdapter;
import io.thezone.domain.fixture.DomainThatDrawsIds;
import io.thezone.domain.fixture.DomainThatLogs;
import io.thezone.domain.fixture.DomainThatReadsTheClock;
import io.thezone.domain.fixture.HalfOfACircle;
import io.thezone.domain.fixture.OtherHalfOfACircle;
import io.thezone.gateway.fixture.GatewayThatKnowsHttp;
import io.thezone.grpc.fixture.GrpcThatKnowsRest;
import io.thezone.persistence.embedded.fixture.EmbeddedStoreThatKnowsTheCache;
import io.thezone.persistence.engine.fixture.EngineThatKnowsItsStore;
import io.thezone.persistence.engine.fixture.FileThatIsUsed;
import io.thezone.persistence.engine.fixture.FileThatUsesAnother;
import io.thezone.persistence.hazelcast.fixture.CacheThatKnowsADatabase;
import io.thezone.persistence.hazelcast.fixture.CacheThatReadsASystemProperty;
import io.thezone.persistence.hazelcast.fixture.CacheThatReadsTheEnvironment;
import io.thezone.persistence.memory.fixture.MemoryStoreThatKnowsADatabase;
import io.thezone.persistence.postgresql.fixture.PostgresqlStoreThatKnowsHttp;
import io.thezone.persistence.spi.fixture.SpiThatKnowsTheEngine;
import io.thezone.rest.fixture.PackageThatKnowsItsSubpackage;
import io.thezone.rest.fixture.ResourceThatKnowsTheStore;
import io.thezone.rest.fixture.sub.SubpackageThatKnowsItsPackage;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies point inwards: bootstrap → adapters → application → domain. Each rule is an allow-list. */
class BordersTest {
    /** Excludes the contract of stores, which consists of tests although it is in the main folder of its module. */
    private static final ImportOption NO_CONTRACT = location -> !location.contains("/thezone/persistence/contract/");

    /** Excludes the test classes of other modules, which come as jars. */
    private static final ImportOption NO_SHARED_TESTS = location -> !location.contains("-tests.jar");

    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(NO_CONTRACT)
            .withImportOption(NO_SHARED_TESTS)
            .importPackages("io.thezone");

    /** Values and collections: no clocks, random numbers, waiting or logs. */
    private static final String[] PLAIN_JAVA = {
        "java.lang..", "java.time", "java.time.temporal", "java.util", "java.util.function", "java.util.stream"
    };

    private static final ArchRule DOMAIN = only("io.thezone.domain..", PLAIN_JAVA);

    /** No packages depend on each other in a circle. */
    private static final ArchRule NO_CIRCLES_OF_PACKAGES =
            slices().matching("io.thezone.(**)").should().beFreeOfCycles();

    /** No two files use each other, except those of the session: a step holds the next session, and acquiring is a part of it. */
    private static final ArchRule NO_CIRCLES = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    if (!type.getPackageName().matches("io\\.thezone\\.(domain|gateway|grpc|rest)(\\..*)?")) {
                        return SliceIdentifier.ignore();
                    }
                    String file = type.getName().replaceFirst("\\$.*", "");
                    return SliceIdentifier.of(file.replaceFirst("\\.(Step|Acquisition)$", ".Session"));
                }

                @Override
                public String getDescription() {
                    return "files of the domain and of the modules for gateways, gRPC and REST";
                }
            })
            .should()
            .beFreeOfCycles();

    private static final ArchRule APPLICATION =
            only("io.thezone.application..", with(PLAIN_JAVA, "java.util.concurrent", "io.thezone.domain.."));
    private static final ArchRule PURE = noClasses()
            .that()
            .resideInAnyPackage("io.thezone.domain..", "io.thezone.application..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, System.class, Thread.class, UUID.class, Random.class);
    /** Forbids system properties: every setting must be in config.yml, where users find it. */
    private static final ArchRule SETTINGS = noClasses()
            .that()
            .resideInAPackage("io.thezone..")
            .and()
            // Chooses the PostgreSQL for the operating system and the processor.
            .doNotHaveSimpleName("Programs")
            .and()
            // Reads properties that begin with dw., because one of them may choose the type of a section.
            .doNotHaveSimpleName("StreamServiceConfigurationFactory")
            .should()
            .callMethodWhere(target(name("getProperty"))
                    .or(target(name("getProperties")))
                    .and(target(owner(type(System.class))))
                    .or(target(name("getInteger")).and(target(owner(type(Integer.class)))))
                    .or(target(name("getLong")).and(target(owner(type(Long.class)))))
                    .or(target(name("getBoolean")).and(target(owner(type(Boolean.class)))))
                    .as("read system properties"));

    private static final ArchRule ENVIRONMENT = noClasses()
            .that()
            .resideInAPackage("io.thezone..")
            .and()
            .doNotHaveSimpleName("EnvironmentVariables")
            .should()
            .callMethodWhere(target(name("getenv")));
    /** Knows neither HTTP nor any other protocol of a gateway. */
    private static final ArchRule GATEWAY = only(
            "io.thezone.gateway..",
            "java.lang..",
            "java.net",
            "java.nio",
            "java.nio.charset",
            "java.security",
            "java.time",
            "java.util..",
            "io.thezone.domain..",
            "io.thezone.application..",
            "jakarta.validation..",
            "com.google.common..",
            "com.google.re2j..",
            "org.jspecify..",
            "org.slf4j..");

    private static final ArchRule REST = only(
            "io.thezone.rest..",
            "java..",
            "io.thezone.domain..",
            "io.thezone.application..",
            "io.thezone.gateway..",
            "jakarta.servlet..",
            "jakarta.ws.rs..",
            "jakarta.validation..",
            "com.codahale.metrics..",
            "com.fasterxml.jackson..",
            "com.google.common..",
            "io.dropwizard..",
            "org.eclipse.jetty..",
            "org.glassfish.jersey..",
            "org.jspecify..",
            "org.slf4j..");
    private static final ArchRule GRPC = only(
            "io.thezone.grpc..",
            "java.lang..",
            "java.io",
            "java.net",
            "java.nio.charset",
            "java.time",
            "java.util..",
            "io.thezone.domain..",
            "io.thezone.application..",
            "io.thezone.gateway..",
            "com.google.common..",
            "com.google.protobuf..",
            "com.google.rpc..",
            "io.envoyproxy..",
            "io.grpc..",
            "io.netty..",
            "org.jspecify..",
            "org.slf4j..");

    private static final String[] OF_EVERY_STORE = {
        "java.lang..",
        "java.time..",
        "java.util..",
        "io.thezone.persistence.spi",
        "jakarta.validation..",
        "com.fasterxml.jackson.annotation",
        "com.google.common..",
        "io.dropwizard.core..",
        "io.dropwizard.lifecycle..",
        "io.dropwizard.util..",
        "io.dropwizard.validation..",
        "org.jspecify..",
        "org.slf4j.."
    };

    private static final ArchRule SPI =
            only("io.thezone.persistence.spi..", with(OF_EVERY_STORE, "java.nio", "io.dropwizard.jackson.."));
    private static final ArchRule ENGINE = only(
            "io.thezone.persistence.engine..",
            with(
                    OF_EVERY_STORE,
                    "java.nio..",
                    "java.security..",
                    "javax.crypto..",
                    "io.thezone.domain..",
                    "io.thezone.application..",
                    "com.fasterxml.jackson.."));
    private static final ArchRule MEMORY = only("io.thezone.persistence.memory..", OF_EVERY_STORE);
    private static final ArchRule POSTGRESQL = only(
            "io.thezone.persistence.postgresql..",
            with(
                    OF_EVERY_STORE,
                    "java.io..",
                    "java.nio.charset",
                    "java.sql..",
                    "javax.sql..",
                    "com.codahale.metrics..",
                    "io.dropwizard.db..",
                    "liquibase..",
                    "org.jdbi.."));
    private static final ArchRule EMBEDDED = only(
            "io.thezone.persistence.embedded..",
            with(
                    OF_EVERY_STORE,
                    "java.io..",
                    "java.net..",
                    "java.nio..",
                    "io.thezone.persistence.postgresql..",
                    "java.security",
                    "com.sun.management",
                    "com.sun.security.auth.module",
                    "io.dropwizard.db..",
                    "org.apache.commons.compress..",
                    "org.tukaani.xz.."));
    private static final ArchRule HAZELCAST = only(
            "io.thezone.persistence.hazelcast..",
            with(OF_EVERY_STORE, "java.io..", "java.net..", "java.nio..", "com.hazelcast.."));

    private static final ArchRule MODULES = noCircles("(io\\.thezone\\.(?:persistence\\.)?[a-z]+)\\..*");
    private static final ArchRule ENGINE_FILES = noCircles("(io\\.thezone\\.persistence\\.engine\\.[^$]*).*");
    private static final ArchRule SPI_FILES = noCircles("(io\\.thezone\\.persistence\\.spi\\.[^$]*).*");

    @Test
    void thereIsNoCircleOfModulesAndNoneOfFilesInTheEngineOrTheSpi() {
        MODULES.check(SERVICE);
        ENGINE_FILES.check(SERVICE);
        SPI_FILES.check(SERVICE);
    }

    @Test
    void twoFilesThatUseEachOtherAreACircle() {
        JavaClasses circle = new ClassFileImporter().importClasses(FileThatUsesAnother.class, FileThatIsUsed.class);

        assertThrows(AssertionError.class, () -> ENGINE_FILES.check(circle));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theServiceObeysEachRule(String name, ArchRule rule, Class<?> offender) {
        assertDoesNotThrow(() -> rule.check(SERVICE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void eachRuleDetectsAViolation(String name, ArchRule rule, Class<?> offender) {
        JavaClasses fixture = new ClassFileImporter().importClasses(offender);

        assertThrows(AssertionError.class, () -> rule.check(fixture));
    }

    @Test
    void noFilesUseEachOtherInACircle() {
        assertDoesNotThrow(() -> NO_CIRCLES.check(SERVICE));
    }

    @Test
    void theRuleAgainstCirclesDetectsOne() {
        JavaClasses circle = new ClassFileImporter().importClasses(HalfOfACircle.class, OtherHalfOfACircle.class);

        assertThrows(AssertionError.class, () -> NO_CIRCLES.check(circle));
    }

    @Test
    void noPackagesUseEachOtherInACircle() {
        assertDoesNotThrow(() -> NO_CIRCLES_OF_PACKAGES.check(SERVICE));
    }

    @Test
    void theRuleAgainstCirclesOfPackagesCatchesOne() {
        JavaClasses circle = new ClassFileImporter()
                .importClasses(PackageThatKnowsItsSubpackage.class, SubpackageThatKnowsItsPackage.class);

        assertThrows(AssertionError.class, () -> NO_CIRCLES_OF_PACKAGES.check(circle));
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("domain", DOMAIN, DomainThatLogs.class),
                Arguments.of("no clock", PURE, DomainThatReadsTheClock.class),
                Arguments.of("no chance", PURE, DomainThatDrawsIds.class),
                Arguments.of("no system properties", SETTINGS, CacheThatReadsASystemProperty.class),
                Arguments.of("environment variables", ENVIRONMENT, CacheThatReadsTheEnvironment.class),
                Arguments.of("application", APPLICATION, ApplicationThatKnowsItsAdapter.class),
                Arguments.of("gateway", GATEWAY, GatewayThatKnowsHttp.class),
                Arguments.of("rest", REST, ResourceThatKnowsTheStore.class),
                Arguments.of("grpc", GRPC, GrpcThatKnowsRest.class),
                Arguments.of("spi", SPI, SpiThatKnowsTheEngine.class),
                Arguments.of("engine", ENGINE, EngineThatKnowsItsStore.class),
                Arguments.of("memory", MEMORY, MemoryStoreThatKnowsADatabase.class),
                Arguments.of("postgresql", POSTGRESQL, PostgresqlStoreThatKnowsHttp.class),
                Arguments.of("embedded-postgresql", EMBEDDED, EmbeddedStoreThatKnowsTheCache.class),
                Arguments.of("hazelcast", HAZELCAST, CacheThatKnowsADatabase.class));
    }

    /** @param slice matches the full name of a class that counts; its group is the name of the slice */
    private static ArchRule noCircles(String slice) {
        Pattern pattern = Pattern.compile(slice);
        SliceAssignment assignment = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                Matcher name = pattern.matcher(type.getName());
                return name.matches() ? SliceIdentifier.of(name.group(1)) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return slice;
            }
        };
        return slices().assignedFrom(assignment).should().beFreeOfCycles();
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private static ArchRule only(String module, String... allowed) {
        String[] packages = with(allowed, module);
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages);
    }
}
