package io.thezone.benchmark;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs all JMH benchmarks of this module. */
public final class Parts {
    private Parts() {}

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().shouldFailOnError(true).build()).run();
    }
}
