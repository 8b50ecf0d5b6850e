package io.thezone.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A figure of several rounds: median, minimum and maximum. */
record Spread(double median, double min, double max) {
    static Spread of(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        double median = (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** @return the ratio of two figures within each round */
    static Spread ratio(List<Load.Result> of, List<Load.Result> to, ToDoubleFunction<Load.Result> figure) {
        return of(IntStream.range(0, of.size())
                .mapToObj(i -> figure.applyAsDouble(of.get(i)) / figure.applyAsDouble(to.get(i)))
                .toList());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, min, max);
    }
}
