package io.thezone.benchmark;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the JMH benchmarks whose names match the property {@code parts}, a regular expression; all if it is not set. */
public final class Parts {
    private Parts() {}

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(System.getProperty("parts", ".*"))
                        .shouldFailOnError(true)
                        .build())
                .run();
    }
}
