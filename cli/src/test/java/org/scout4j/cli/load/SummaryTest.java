package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SummaryTest {
    /** The worked example that textbooks give for the nearest-rank method. */
    @Test
    void theTextbookExample() {
        double[] values = {15, 20, 35, 40, 50};

        assertThat(Summary.percentile(values, 5)).isEqualTo(15);
        assertThat(Summary.percentile(values, 30)).isEqualTo(20);
        assertThat(Summary.percentile(values, 40)).isEqualTo(20);
        assertThat(Summary.percentile(values, 50)).isEqualTo(35);
        assertThat(Summary.percentile(values, 100)).isEqualTo(50);
    }

    @Test
    void isTheSmallestValueThatEnoughDoNotExceed() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            double[] values =
                    random.doubles(1 + random.nextInt(250)).map(v -> Math.floor(v * 50)).toArray();
            Summary summary = Summary.of(values.clone()).orElseThrow();

            assertThat(summary.count()).isEqualTo(values.length);
            assertThat(summary.p50()).as("seed %d", seed).isEqualTo(byDefinition(values, 50));
            assertThat(summary.p90()).as("seed %d", seed).isEqualTo(byDefinition(values, 90));
            assertThat(summary.p95()).as("seed %d", seed).isEqualTo(byDefinition(values, 95));
            assertThat(summary.p99()).as("seed %d", seed).isEqualTo(byDefinition(values, 99));
            assertThat(summary.max()).isEqualTo(byDefinition(values, 100));
        }
    }

    /** In whole numbers, so that no rounding has a say. */
    private static double byDefinition(double[] values, int percent) {
        return Arrays.stream(values)
                .filter(v ->
                        Arrays.stream(values).filter(w -> w <= v).count() * 100
                                >= (long) percent * values.length)
                .min()
                .orElseThrow();
    }

    @Test
    void nothingHasNoSummary() {
        assertThat(Summary.of(new double[0])).isEmpty();
    }

    @Test
    void medians() {
        assertThat(Summary.median(new double[] {3, 1, 2})).isEqualTo(2);
        assertThat(Summary.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
        assertThat(Summary.median(new double[] {7})).isEqualTo(7);
    }
}
