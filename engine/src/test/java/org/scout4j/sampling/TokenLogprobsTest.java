package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.scout4j.sampling.TokenLogprobs.Alternative;

class TokenLogprobsTest {

    @Test
    void areTheLogarithmsOfTheSoftmax() {
        // Weights 1, 2, 4, 1 of 8.
        float[] logits = {0, (float) Math.log(2), (float) Math.log(4), 0};

        TokenLogprobs logprobs = TokenLogprobs.of(row(logits), 1, 3);

        assertThat(logprobs.token()).isEqualTo(1);
        assertThat(logprobs.logprob()).isCloseTo((float) Math.log(2 / 8.0), within(1e-6f));
        assertThat(logprobs.top()).extracting(Alternative::token).containsExactly(2, 1, 0);
        assertThat(logprobs.top().get(0).logprob())
                .isCloseTo((float) Math.log(4 / 8.0), within(1e-6f));
        assertThat(logprobs.top().get(2).logprob())
                .isCloseTo((float) Math.log(1 / 8.0), within(1e-6f));
    }

    @Test
    void equalsComeInOrderOfTheirIds() {
        TokenLogprobs logprobs = TokenLogprobs.of(row(new float[] {1, 5, 5, 1, 5, 1}), 0, 5);

        assertThat(logprobs.top()).extracting(Alternative::token).containsExactly(1, 2, 4, 0, 3);
    }

    @Test
    void noneAllAndMoreThanThereAre() {
        LogitRow row = row(new float[] {1, 2, 3});

        assertThat(TokenLogprobs.of(row, 0, 0).top()).isEmpty();
        assertThat(TokenLogprobs.of(row, 0, 3).top()).hasSize(3);
        assertThat(TokenLogprobs.of(row, 0, 20).top()).hasSize(3);
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        TokenLogprobs logprobs = TokenLogprobs.of(row(new float[] {3e38f, 3e38f, -3e38f}), 1, 0);

        assertThat(logprobs.logprob()).isCloseTo((float) Math.log(0.5), within(1e-6f));
    }

    @Test
    void aTokenThatIsOutHasMinusInfinity() {
        float[] logits = {1, Float.NEGATIVE_INFINITY};

        assertThat(TokenLogprobs.of(row(logits), 1, 0).logprob())
                .isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(TokenLogprobs.of(row(logits), 0, 0).logprob()).isZero();
    }

    @Test
    void brokenRowsAreRefused() {
        assertThatThrownBy(() -> TokenLogprobs.of(row(new float[] {1, Float.NaN}), 0, 0))
                .isInstanceOf(NonFiniteLogits.class);
    }

    @Test
    void agreeWithASortAndExactSums() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] logits = new float[random.nextInt(1, 400)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Math.round(random.nextGaussian(0, 4) * 8) / 8f;
            }
            int token = random.nextInt(logits.length);
            int top = random.nextInt(21);
            BigDecimal sum = BigDecimal.ZERO;
            for (float logit : logits) {
                sum = sum.add(new BigDecimal(StrictMath.exp(logit)));
            }
            double logTotal = StrictMath.log(sum.doubleValue());
            List<Integer> best =
                    IntStream.range(0, logits.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble(id -> -(double) logits[id]))
                            .limit(top)
                            .toList();

            TokenLogprobs logprobs = TokenLogprobs.of(row(logits), token, top);

            assertThat(logprobs.logprob())
                    .as("seed %d", seed)
                    .isCloseTo((float) (logits[token] - logTotal), within(2e-6f));
            assertThat(logprobs.top())
                    .as("seed %d", seed)
                    .extracting(Alternative::token)
                    .isEqualTo(best);
        }
    }

    private static LogitRow row(float[] logits) {
        LogitRow row = new LogitRow(logits.length);
        row.load(logits);
        return row;
    }
}
