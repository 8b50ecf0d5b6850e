package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thezone.domain.QuotaPlans;
import io.thezone.domain.Reclaim;
import io.thezone.domain.StreamQuota;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes in a file of plans are reported with their lines, and leave the plans unchanged. */
class PlansInForceTest {
    private static final String GOOD =
            """
            default: standard
            plans:
              standard: {limit: 3}
              family:
                limit: 6
                rules:
                  - {name: two-tvs, limit: 2, where: {device.type: [tv]}}
            """;

    private final Path directory;

    PlansInForceTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "limit: 6 | limt: 6 | line 5, plans.family.limt: limt is not known; known are devicePriority, limit,"
                        + " reclaimSameDevice, rules, whenFull",
                "limit: 6 | limit: 600 | line 4, plans.family: the limit must be 1 to 100, not 600",
                "limit: 6 | limit: six | line 5, plans.family.limit: must be a whole number up to 100, or unlimited",
                "limit: 6 | reclaimSameDevice: 'no' | line 5, plans.family.reclaimSameDevice: must be one of false, true,"
                        + " any-asset, not no",
                "limit: 6 | whenFull: end-first | line 5, plans.family.whenFull: must be one of refuse, end-oldest,"
                        + " end-newest, end-least-recently-seen, end-lower-priority, not end-first",
                "limit: 6 | whenFull: end-lower-priority | line 4, plans.family: end-lower-priority needs devicePriority, a"
                        + " list of device types",
                "limit: 6 | devicePriority: [tv] | line 4, plans.family: devicePriority means nothing unless whenFull is"
                        + " end-lower-priority",
                "limit: 2 | limit: 101 | line 7, plans.family.rules[0]: the limit of rule two-tvs must be 0 to 100, not 101",
                "name: two-tvs | name: limit | line 7, plans.family.rules[0]: a rule must not be named limit: that is the"
                        + " plan's total",
                "name: two-tvs, limit: 2 | name: two-tvs | line 7, plans.family.rules[0]: a rule needs a name and a limit",
                "device.type | device.name | line 7, plans.family.rules[0]: rule two-tvs looks at device.name; rules can look"
                        + " at device.id, device.type, asset.id, asset.type, asset.channel, profile, location and custom.…",
                "[tv] | [] | line 7, plans.family.rules[0]: where of rule two-tvs names no value of device.type: no stream"
                        + " would count",
                "where: | whereNot: {device.type: [phone, tv]}, where: | line 7, plans.family.rules[0]: where and whereNot of rule"
                        + " two-tvs leave no value of device.type: no stream would count",
                "where: {device.type: [tv]} | whereNot: {device.type: []} | line 7, plans.family.rules[0]: whereNot of rule"
                        + " two-tvs names no value of device.type: no stream would be left out",
                "where: {device.type: [tv]} | whereNot: {colour: [red]} | line 7, plans.family.rules[0]: rule two-tvs looks"
                        + " at colour; rules can look at device.id, device.type, asset.id, asset.type, asset.channel,"
                        + " profile, location and custom.…",
                "where: {device.type: [tv]} | whereNot: {device.type: tv} | line 7,"
                        + " plans.family.rules[0].whereNot.device.type: must be a list",
                "where: | whereNt: | line 7, plans.family.rules[0].whereNt: whereNt is not known; known are distinct, limit,"
                        + " name, per, required, where, whereNot",
                "where: {device.type: [tv]} | required: true | line 7, plans.family.rules[0]: rule two-tvs looks at no"
                        + " attribute that it could require",
                "standard: {limit: 3} | standard: | line 3, plans.standard: has no value",
                "limit: 6 | limit: 3.9 | line 5, plans.family.limit: must be a whole number up to 100, or unlimited",
                "limit: 6 | limit: '' | line 5, plans.family.limit: must be a whole number up to 100, or unlimited",
                "limit: 6 | limit: [6] | line 5, plans.family.limit: must be a whole number up to 100, or unlimited",
                "limit: 2 | limit: two | line 7, plans.family.rules[0].limit: must be a whole number up to 100, or unlimited",
                "limit: 2 | limit: 99999999999 | line 7, plans.family.rules[0].limit: must be a whole number up to 100, or"
                        + " unlimited",
                "limit: 2 | limit: ~ | line 7, plans.family.rules[0]: a rule needs a name and a limit",
                "[tv] | [~] | line 7, plans.family.rules[0].where.device.type[0]: has no value",
                "family: | standard: | line 4: Duplicate field 'standard'",
                "family: | a b: | line 4, plans.a b: the name of a plan must be 1 to 64 of A-Z a-z 0-9 . _ -",
                "default: standard | default: gold | line 1, default: the default plan gold is not among the plans family, standard",
            })
    void aMistakeIsReportedWithItsLine(String good, String bad, String message) throws Exception {
        Path file = Files.writeString(directory.resolve("plans.yml"), GOOD.replace(good, bad));

        assertEquals(
                file + ", " + message,
                assertThrows(IllegalStateException.class, () -> PlansInForce.from(new PlansFile(file)))
                        .getMessage());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "'', NONE",
        "reclaimSameDevice:, NONE",
        "reclaimSameDevice: false, NONE",
        "reclaimSameDevice: true, SAME_ASSET",
        "reclaimSameDevice: 'true', SAME_ASSET",
        "reclaimSameDevice: ${UNSET:-true}, SAME_ASSET",
        "reclaimSameDevice: any-asset, ANY_ASSET",
    })
    void eachWayToReclaimIsRead(String setting, Reclaim way) throws Exception {
        Path file = Files.writeString(
                directory.resolve("plans.yml"), GOOD.replace("{limit: 3}", "\n    limit: 3\n    " + setting));

        assertEquals(
                way, PlansInForce.from(new PlansFile(file)).get().defaultPlan().reclaimSameDevice());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({"1, 1", "'100', 100", "'\" 7 \"', 7", "${UNSET:-5}, 5", "unlimited, 100", "${UNSET:-unlimited}, 100"})
    void aLimitIsANumberOrAsManyAsASessionCanHold(String written, int limit) throws Exception {
        Path file = Files.writeString(
                directory.resolve("plans.yml"),
                "default: some\nplans:\n  some:\n    limit: LIMIT\n    rules:\n      - name: one\n        limit: LIMIT\n"
                        .replace("LIMIT", written));

        StreamQuota plan = PlansInForce.from(new PlansFile(file)).get().defaultPlan();

        assertEquals(
                List.of(limit, limit), List.of(plan.limit(), plan.rules().get(0).limit()));
    }

    @Test
    void eachMistakeOfAFileIsReported() throws Exception {
        Path file = Files.writeString(
                directory.resolve("plans.yml"),
                GOOD.replace("limit: 3", "limit: many").replace("limit: 6", "limt: 6"));

        assertEquals(
                file + ", line 3, plans.standard.limit: must be a whole number up to 100, or unlimited; " + file
                        + ", line 5, plans.family.limt: limt is not known; known are devicePriority, limit,"
                        + " reclaimSameDevice, rules, whenFull",
                assertThrows(IllegalStateException.class, () -> PlansInForce.from(new PlansFile(file)))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plans: {standard: {limit: 3}}"})
    void plansWithoutADefaultAreRefused(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("plans.yml"), text);

        assertEquals(
                file + ": plans, and the default among them, must be named",
                assertThrows(IllegalStateException.class, () -> PlansInForce.from(new PlansFile(file)))
                        .getMessage());
    }

    @Test
    void aPlanWhoseRulesMakeEvictionExpensiveIsNamedWithThem() throws Exception {
        StringBuilder plan = new StringBuilder("default: all\nplans:\n  all:\n    whenFull: end-oldest\n    rules:\n");
        for (int i = 0; i < 5; i++) {
            plan.append("      - {name: r")
                    .append(i)
                    .append(", limit: 2, where: {custom.a")
                    .append(i)
                    .append(": ['1']}}\n");
        }
        Path file = Files.writeString(directory.resolve("plans.yml"), plan);
        StringWriter answer = new StringWriter();
        new ReloadPlansTask(PlansInForce.from(new PlansFile(file))).execute(Map.of(), new PrintWriter(answer, true));

        assertEquals(
                List.of(
                        "in force: all",
                        "the plan all ends streams under 5 rules that may all be used up at once (r0, r1, r2, r3, r4); where"
                                + " the search for whom to end takes too long it refuses, so use at most 4 such rules"),
                answer.toString().lines().toList());
    }

    @Test
    void aMissingFileIsNamedWithItsSetting() {
        Path file = directory.resolve("nowhere.yml");

        assertEquals(
                file + " does not exist (quota.file, QUOTA_FILE)",
                assertThrows(IllegalStateException.class, () -> PlansInForce.from(new PlansFile(file)))
                        .getMessage());
    }

    @Test
    void aChangedFileIsInForceAfterARefresh() throws Exception {
        Path file = Files.writeString(directory.resolve("plans.yml"), GOOD);
        PlansInForce plans = PlansInForce.from(new PlansFile(file));
        QuotaPlans before = plans.get();

        plans.refresh();
        assertSame(before, plans.get());
        Files.writeString(file, GOOD.replace("limit: 3", "limit: 4"));
        plans.refresh();

        assertEquals(4, plans.get().defaultPlan().limit());
    }

    @Test
    void anInvalidOrMissingFileLeavesThePlansUnchanged() throws Exception {
        Path file = Files.writeString(directory.resolve("plans.yml"), GOOD);
        PlansInForce plans = PlansInForce.from(new PlansFile(file));
        QuotaPlans before = plans.get();

        Files.writeString(file, "plans: [");
        plans.refresh();
        assertThrows(IllegalStateException.class, plans::reload);
        Files.delete(file);
        plans.refresh();
        assertThrows(IllegalStateException.class, plans::reload);
        assertSame(before, plans.get());

        Files.writeString(file, GOOD.replace("limit: 3", "limit: 5"));
        plans.refresh();
        assertEquals(5, plans.get().defaultPlan().limit());
    }
}
