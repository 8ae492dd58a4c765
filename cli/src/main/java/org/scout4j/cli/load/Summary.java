package org.scout4j.cli.load;

import java.util.Arrays;
import java.util.Optional;

/**
 * A sample of durations in a few numbers. Percentiles are nearest-rank: the smallest value that at
 * least p percent of all values do not exceed, so each is a value that occurred.
 *
 * @param count how many values
 */
public record Summary(
        int count, double mean, double p50, double p90, double p95, double p99, double max) {

    /** The summary, or empty of no values. The array is sorted. */
    static Optional<Summary> of(double[] values) {
        if (values.length == 0) {
            return Optional.empty();
        }
        Arrays.sort(values);
        return Optional.of(
                new Summary(
                        values.length,
                        Arrays.stream(values).average().orElseThrow(),
                        percentile(values, 50),
                        percentile(values, 90),
                        percentile(values, 95),
                        percentile(values, 99),
                        values[values.length - 1]));
    }

    /** The nearest-rank percentile, 0 to 100, of values in ascending order. */
    static double percentile(double[] ascending, double percent) {
        // Divided last: 0.9 * 10 is more than 9 in floating point.
        int rank = (int) Math.ceil(percent * ascending.length / 100);
        return ascending[Math.max(rank, 1) - 1];
    }

    /** The middle value, or the mean of the middle two. */
    static double median(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        int half = ascending.length / 2;
        return ascending.length % 2 == 1
                ? ascending[half]
                : (ascending[half - 1] + ascending[half]) / 2;
    }
}
