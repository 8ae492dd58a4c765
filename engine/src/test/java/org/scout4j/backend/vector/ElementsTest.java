package org.scout4j.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElementsTest {

    /** Weights are the exponentials of scores below their peak: this measures eˣ for x ≤ 0. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void exponentialWithinTwoUnitsInTheLastPlace(int bits) {
        Elements elements = Kernels.of(bits).elements();
        float[] scores = new float[Panels.GROUP];
        float[] sums = new float[Panels.GROUP];
        int steps = bits > 256 ? 2_000 : 100_000;
        for (int i = 0; i < steps; i++) {
            for (int l = 1; l < scores.length; l++) {
                scores[l] = -87.3f * (i * scores.length + l) / (steps * scores.length);
            }
            scores[0] = 0;
            float[] x = scores.clone();
            elements.weigh(
                    scores, 0, scores.length, new float[] {Float.NEGATIVE_INFINITY}, 0, sums, 0);
            for (int l = 0; l < scores.length; l++) {
                float expected = (float) Math.exp(x[l]);
                assertThat(Math.abs(scores[l] - expected))
                        .as("exp(%s)", x[l])
                        .isLessThanOrEqualTo(2 * Math.ulp(expected));
            }
        }
    }

    @Test
    void weighKeepsARunningPeak() {
        Elements elements = Kernels.of(Lanes.preferredBits()).elements();
        float[] peaks = {Float.NEGATIVE_INFINITY};
        float[] sums = new float[Panels.GROUP];
        float[] scores = new float[Panels.GROUP];
        Arrays.fill(scores, Float.NEGATIVE_INFINITY);
        scores[3] = 1;
        // What had been summed up before anything was seen is forgotten.
        assertThat(elements.weigh(scores, 0, scores.length, peaks, 0, sums, 0)).isZero();
        assertThat(scores[3]).isEqualTo(1);
        assertThat(scores[4]).isZero();

        Arrays.fill(scores, Float.NEGATIVE_INFINITY);
        scores[3] = -1;
        assertThat(elements.weigh(scores, 0, scores.length, peaks, 0, sums, 0)).isEqualTo(1);
        assertThat(peaks[0]).isEqualTo(1);

        Arrays.fill(scores, 3);
        assertThat(elements.weigh(scores, 0, scores.length, peaks, 0, sums, 0))
                .isCloseTo((float) Math.exp(-2), offset(1e-7f));
        assertThat(sums[3]).isCloseTo((float) (Math.exp(-2) + Math.exp(-4) + 1), offset(1e-6f));
        assertThat(sums[4]).isEqualTo(1);
    }
}
