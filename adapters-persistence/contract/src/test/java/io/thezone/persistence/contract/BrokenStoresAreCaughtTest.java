package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests the tests: a store that breaks a rule fails the contract where that rule stands. */
class BrokenStoresAreCaughtTest {
    private static final Set<String> NAMED = Stream.of(BrokenStore.values())
            .filter(store -> store != BrokenStore.BREAKS_NO_RULE)
            .map(store -> store.caughtBy)
            .collect(Collectors.toSet());

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BREAKS_NO_RULE")
    void aStoreThatBreaksARuleIsCaughtByItsTest(BrokenStore store) {
        TestExecutionSummary summary = run(store, Set.of(store.caughtBy));
        assertFalse(summary.getFailures().isEmpty(), store.caughtBy + " did not notice");
        summary.getFailures()
                .forEach(failure -> assertEquals(
                        store.caughtBy,
                        failure.getTestIdentifier()
                                .getSource()
                                .map(MethodSource.class::cast)
                                .map(MethodSource::getMethodName)
                                .orElseThrow()));
    }

    /** The stores above fail for what they break, not for how they are built. */
    @Test
    void theStoreThatBreaksNoRulePassesTheSameTests() {
        TestExecutionSummary summary = run(BrokenStore.BREAKS_NO_RULE, NAMED);
        assertEquals(List.of(), summary.getFailures());
        assertEquals(0, summary.getTestsSkippedCount());
        assertFalse(summary.getTestsSucceededCount() < NAMED.size());
    }

    private static TestExecutionSummary run(BrokenStore store, Set<String> tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(tests.stream()
                        .map(test -> selectMethod(BrokenStoreContract.class, method(test)))
                        .toList())
                .configurationParameter(BrokenStoreContract.PARAMETER, store.name())
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    private static Method method(String name) {
        return Arrays.stream(SessionRepositoryContract.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
