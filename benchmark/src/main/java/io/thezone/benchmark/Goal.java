package io.thezone.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A goal and the measured result.
 *
 * @param met "yes", "no", or empty without a bound
 */
record Goal(String work, String goal, String measured, String met) {
    static Goal atLeast(String work, double goal, Spread measured) {
        return new Goal(work, "at least " + goal, measured.toString(), met(measured.median() >= goal));
    }

    static Goal atMost(String work, double goal, Spread measured) {
        return new Goal(work, "at most " + goal, measured.toString(), met(measured.median() <= goal));
    }

    static String met(boolean met) {
        return met ? "yes" : "no";
    }

    static String table(List<Goal> goals) {
        return "| work | goal | measured | met |\n| --- | --- | --- | --- |\n"
                + goals.stream()
                        .map(it -> String.format(
                                Locale.ROOT, "| %s | %s | %s | %s |%n", it.work, it.goal, it.measured, it.met))
                        .collect(Collectors.joining());
    }
}
