package io.thezone.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A median with a confidence interval of at least 95 %, from order statistics, which assume no distribution (Conover, Practical
 * Nonparametric Statistics, section 3.2).
 */
record Interval(double median, double low, double high) {
    private static final double TAIL = 0.025;

    static Interval of(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int outside = outside(sorted.size());
        double median = (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        return new Interval(median, sorted.get(outside), sorted.get(sorted.size() - 1 - outside));
    }

    /** Compares figures of the same round. */
    static Interval ofRatios(List<Double> of, List<Double> to) {
        return of(IntStream.range(0, of.size())
                .mapToObj(i -> of.get(i) / to.get(i))
                .toList());
    }

    /** @return how many figures to leave out at each end: a quantile of the binomial distribution with p = 1/2 */
    private static int outside(int n) {
        double probability = Math.pow(0.5, n);
        double below = 0;
        int left = 0;
        while (below + probability <= TAIL) {
            below += probability;
            probability = probability * (n - left) / (left + 1);
            left++;
        }
        return Math.max(0, left - 1);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", median, low, high);
    }
}
