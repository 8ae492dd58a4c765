package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Top-k, top-p and min-p: by hand on small rows, and against a full sort on random ones. */
class FiltersTest {
    private static final float NONE = Float.NEGATIVE_INFINITY;
    private static final TokenHistory NOTHING = TokenHistory.of(new int[] {0});

    @Test
    void topKKeepsExactlyKLowerIdsFirst() {
        float[] logits = {1, 3, 2, 3, 2, 2};

        assertThat(kept(1, logits, new TopK(1))).containsExactly(1);
        assertThat(kept(1, logits, new TopK(2))).containsExactly(1, 3);
        assertThat(kept(1, logits, new TopK(3))).containsExactly(1, 2, 3);
        assertThat(kept(1, logits, new TopK(4))).containsExactly(1, 2, 3, 4);
        assertThat(kept(1, logits, new TopK(6))).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(kept(1, logits, new TopK(Integer.MAX_VALUE))).hasSize(6);
    }

    @Test
    void topKTakesBothZerosForEqual() {
        assertThat(kept(1, new float[] {-0f, 0f, -1}, new TopK(1))).containsExactly(0);
        assertThat(kept(1, new float[] {-1, 0f, -0f}, new TopK(1))).containsExactly(1);
    }

    @Test
    void tokensThatAreOutDoNotCount() {
        assertThat(kept(1, new float[] {NONE, -3, NONE, -5}, new TopK(3))).containsExactly(1, 3);
    }

    /** Probabilities 1/2, 1/4, 1/8, 1/8: all sums are exact. */
    @Test
    void topPKeepsTheSmallestSetThatReachesP() {
        float[] logits = logs(1 / 8.0, 1 / 2.0, 1 / 8.0, 1 / 4.0);

        assertThat(kept(1, logits, new TopP(0))).containsExactly(1);
        assertThat(kept(1, logits, new TopP(0.49f))).containsExactly(1);
        assertThat(kept(1, logits, new TopP(0.51f))).containsExactly(1, 3);
        assertThat(kept(1, logits, new TopP(0.74f))).containsExactly(1, 3);
        assertThat(kept(1, logits, new TopP(0.76f))).containsExactly(0, 1, 3);
        assertThat(kept(1, logits, new TopP(0.88f))).containsExactly(0, 1, 2, 3);
    }

    @Test
    void topPReachesPExactlyAmongEquals() {
        assertThat(kept(1, new float[] {7, 7, 7, 7}, new TopP(0.5f))).containsExactly(0, 1);
        assertThat(kept(1, new float[] {7, 7, 7, 7}, new TopP(Math.nextUp(0.5f))))
                .containsExactly(0, 1, 2);
    }

    @Test
    void topPSeesWhatTopKLeft() {
        // Among the best two the first has 2/3: alone it reaches 0.6.
        float[] logits = logs(1 / 8.0, 1 / 2.0, 1 / 8.0, 1 / 4.0);

        assertThat(kept(1, logits, new TopK(2), new TopP(0.6f))).containsExactly(1);
        assertThat(kept(1, logits, new TopP(0.6f))).containsExactly(1, 3);
    }

    @Test
    void temperatureComesBeforeTopP() {
        // At temperature 1/2 probabilities are squared: 16/22, 4/22, 1/22, 1/22.
        float[] logits = logs(1 / 8.0, 1 / 2.0, 1 / 8.0, 1 / 4.0);

        assertThat(kept(0.5f, logits, new TopP(0.7f))).containsExactly(1);
        assertThat(kept(2, logits, new TopP(0.7f))).containsExactly(0, 1, 3);
    }

    @Test
    void minPIsRelativeToTheBest() {
        float[] logits = logs(1 / 8.0, 1 / 2.0, 1 / 16.0, 1 / 4.0);

        assertThat(kept(1, logits, new MinP(0.51f))).containsExactly(1);
        assertThat(kept(1, logits, new MinP(0.49f))).containsExactly(1, 3);
        assertThat(kept(1, logits, new MinP(0.24f))).containsExactly(0, 1, 3);
        assertThat(kept(1, new float[] {4, 4, 3.9f}, new MinP(1))).containsExactly(0, 1);
    }

    @Test
    void filtersAgreeWithAFullSort() {
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = randomLogits(random);
            float temperature = random.nextInt(4) == 0 ? 1 : (float) random.nextDouble(1e-3, 5);
            List<LogitProcessor> filters = new ArrayList<>();
            if (random.nextBoolean()) {
                filters.add(new TopK(random.nextInt(1, logits.length + 2)));
            }
            if (random.nextBoolean()) {
                filters.add(new TopP(randomShare(random)));
            }
            if (random.nextBoolean()) {
                filters.add(new MinP(Math.max(1e-6f, randomShare(random))));
            }

            assertThat(kept(temperature, logits, filters.toArray(LogitProcessor[]::new)))
                    .as("seed %d: %s, temperature %s", seed, filters, temperature)
                    .isEqualTo(keptBySorting(temperature, logits, filters));
        }
    }

    @Test
    void filtersAgreeWithAFullSortOnAWholeVocabulary() {
        SplittableRandom random = new SplittableRandom(17);
        float[] logits = new float[202_048];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (Math.rint(random.nextGaussian(0, 3) * 1000) / 1000); // many equals
        }
        for (List<LogitProcessor> filters :
                List.<List<LogitProcessor>>of(
                        List.of(new TopK(150_000)),
                        List.of(new TopP(Math.nextDown(1f))),
                        List.of(new TopK(1000), new TopP(0.95f), new MinP(0.05f)))) {
            assertThat(kept(1, logits, filters.toArray(LogitProcessor[]::new)))
                    .as("%s", filters)
                    .isEqualTo(keptBySorting(1, logits, filters));
        }
    }

    private static float[] randomLogits(SplittableRandom random) {
        float[] logits = new float[random.nextInt(1, 120)];
        double spread = Math.scalb(1.0, random.nextInt(-3, 6));
        boolean coarse = random.nextBoolean();
        for (int i = 0; i < logits.length; i++) {
            double logit = random.nextGaussian(random.nextInt(5) - 2.0, spread);
            logits[i] = (float) (coarse ? Math.rint(logit) : logit);
            if (i > 0 && random.nextInt(10) == 0) {
                logits[i] = NONE;
            }
        }
        return logits;
    }

    private static float randomShare(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> (float) Math.scalb(random.nextDouble(), -random.nextInt(20));
            case 1 -> Math.nextDown(1f - (float) Math.scalb(random.nextDouble(), -20));
            default -> (float) (random.nextDouble() * 0.999);
        };
    }

    private static float[] logs(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) StrictMath.log(probabilities[i]);
        }
        return logits;
    }

    private static List<Integer> kept(
            float temperature, float[] logits, LogitProcessor... filters) {
        LogitRow row = new LogitRow(logits.length);
        row.load(logits);
        new Temperature(temperature).apply(row, NOTHING);
        for (LogitProcessor filter : filters) {
            filter.apply(row, NOTHING);
        }
        return IntStream.range(0, row.count()).mapToObj(row::candidate).toList();
    }

    /** The definitions, word by word: sort everything, add up, cut. */
    private static List<Integer> keptBySorting(
            float temperature, float[] logits, List<LogitProcessor> filters) {
        List<Integer> sorted = new ArrayList<>();
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] != NONE) {
                sorted.add(token);
            }
        }
        sorted.sort(
                Comparator.comparingDouble((Integer token) -> -(logits[token] + 0.0))
                        .thenComparing(token -> token));
        double best = logits[sorted.getFirst()];
        for (LogitProcessor filter : filters) {
            long[] weights =
                    sorted.stream()
                            .mapToLong(t -> weight((logits[t] - best) / temperature))
                            .toArray();
            long total = LongStream.of(weights).sum();
            int keep = 0;
            switch (filter) {
                case TopK(int k) -> keep = Math.min(k, weights.length);
                case TopP(float p) -> {
                    long sum = weights[keep++];
                    while (sum < (double) p * total) {
                        sum += weights[keep++];
                    }
                }
                case MinP(float share) -> {
                    while (keep < weights.length && weights[keep] >= (double) share * weights[0]) {
                        keep++;
                    }
                }
                default -> throw new IllegalArgumentException(filter.toString());
            }
            sorted = sorted.subList(0, keep);
        }
        return sorted.stream().sorted().toList();
    }

    private static long weight(double exponent) {
        return (long) (Exponential.of(exponent) * LogitRow.BEST_WEIGHT);
    }
}
