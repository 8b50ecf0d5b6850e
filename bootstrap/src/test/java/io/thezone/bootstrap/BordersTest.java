package io.thezone.bootstrap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.thezone.application.fixture.ApplicationThatKnowsItsAdapter;
import io.thezone.domain.fixture.DomainThatLogs;
import io.thezone.persistence.fixture.StoreThatKnowsHttp;
import io.thezone.rest.fixture.ResourceThatKnowsTheStore;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies point inwards: bootstrap → adapters → application → domain. Each rule is an allow-list. */
class BordersTest {
    /** The suite that stores are tested with: tests, though they lie in the module's main folder. */
    private static final ImportOption NO_CONTRACT = location -> !location.contains("/thezone/persistence/contract/");

    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(NO_CONTRACT)
            .importPackages("io.thezone");

    private static final ArchRule DOMAIN = only("io.thezone.domain..", "java..");
    private static final ArchRule APPLICATION = only("io.thezone.application..", "java..", "io.thezone.domain..");
    private static final ArchRule REST = only(
            "io.thezone.rest..",
            "java..",
            "io.thezone.domain..",
            "io.thezone.application..",
            "jakarta.ws.rs..",
            "jakarta.validation..",
            "com.fasterxml.jackson..",
            "com.google.common..",
            "io.dropwizard..",
            "org.eclipse.jetty..",
            "org.glassfish.jersey..",
            "org.jspecify..",
            "org.slf4j..");
    private static final ArchRule PERSISTENCE = only(
            "io.thezone.persistence..",
            "java..",
            "javax.crypto..",
            "javax.sql..",
            "io.thezone.domain..",
            "io.thezone.application..",
            "jakarta.validation..",
            "com.codahale.metrics..",
            "com.fasterxml.jackson..",
            "com.google.common..",
            "com.hazelcast..",
            "io.dropwizard..",
            "io.zonky..",
            "liquibase..",
            "org.jdbi..",
            "org.jspecify..",
            "org.slf4j..");

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theServiceKeepsToEachRule(String name, ArchRule rule, Class<?> offender) {
        assertDoesNotThrow(() -> rule.check(SERVICE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void eachRuleCatchesItsOffender(String name, ArchRule rule, Class<?> offender) {
        JavaClasses fixture = new ClassFileImporter().importClasses(offender);

        assertThrows(AssertionError.class, () -> rule.check(fixture));
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("domain", DOMAIN, DomainThatLogs.class),
                Arguments.of("application", APPLICATION, ApplicationThatKnowsItsAdapter.class),
                Arguments.of("rest", REST, ResourceThatKnowsTheStore.class),
                Arguments.of("persistence", PERSISTENCE, StoreThatKnowsHttp.class));
    }

    private static ArchRule only(String module, String... allowed) {
        String[] packages = Stream.concat(Stream.of(module), Stream.of(allowed)).toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages);
    }
}
