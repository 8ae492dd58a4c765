package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.RopeFrequencies.Scaling;

class RopeFrequenciesTest {

    /** Scout: low = high = 1, so a pure split at a wavelength of 8192 (numpy_reference.py). */
    @Test
    void scoutSplitsWithoutRamp() {
        List<Float> frequencies =
                RopeFrequencies.of(128, 500_000, List.of(new Scaling.Llama3(16, 1, 1, 8192)));
        assertThat(frequencies).hasSize(64);
        assertThat(frequencies.get(0)).isEqualTo(1.0f);
        assertThat(frequencies.get(1)).isEqualTo(0.8146172f);
        assertThat(frequencies.get(34)).isEqualTo(0.00093847385f);
        assertThat(frequencies.get(35)).isEqualTo(4.778106e-05f);
        assertThat(frequencies.get(36)).isEqualTo(3.8923277e-05f);
        assertThat(frequencies.get(63)).isEqualTo(1.534463e-07f);
    }

    @Test
    void linearScalingAndDivisorsDivide() {
        List<Float> plain = RopeFrequencies.of(4, 100, List.of());
        assertThat(plain).containsExactly(1f, 0.1f);
        assertThat(RopeFrequencies.of(4, 100, List.of(new Scaling.Linear(4))))
                .containsExactly(0.25f, 0.025f);
        assertThat(
                        RopeFrequencies.of(
                                4,
                                100,
                                List.of(
                                        new Scaling.Divisors(List.of(1f, 8f)),
                                        new Scaling.Linear(2))))
                .containsExactly(0.5f, 0.00625f);
    }

    @Test
    void onTheBorderOfThePureSplitNothingIsDividedByZero() {
        // 2π / 1 is the wavelength of the first pair.
        assertThat(RopeFrequencies.of(2, 10, List.of(new Scaling.Llama3(16, 1, 1, 2 * Math.PI))))
                .containsExactly(1f);
    }
}
