package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenDistributionTest {
    @ParameterizedTest
    @ValueSource(strings = {"512", "64..1024", "7..7", "normal:512:100", "normal:5:0"})
    void writesWhatItReads(String text) {
        assertThat(parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-3",
                "9..8",
                "0..8",
                "..",
                "normal:5",
                "normal:0:1",
                "normal:5:-1"
            })
    void refusesWhatIsNoLength(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text));
    }

    @Test
    void uniformReachesBothEndsAndEverythingBetweenEquallyOften() {
        int[] counts = new int[6];
        Random random = new Random(1);
        for (int i = 0; i < 40_000; i++) {
            counts[parse("2..5").sample(random)]++;
        }

        assertThat(counts[0] + counts[1]).isZero();
        // Binomial: a deviation of sqrt(40000 * 1/4 * 3/4) = 87.
        assertThat(Arrays.stream(counts).skip(2).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
    }

    @Test
    void uniformKnowsTheWholeRangeOfInt() {
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            assertThat(parse("1.." + Integer.MAX_VALUE).sample(random)).isPositive();
        }
    }

    @Test
    void normalHasItsMeanAndDeviation() {
        Random random = new Random(3);
        int[] values =
                IntStream.range(0, 20_000)
                        .map(i -> parse("normal:500:50").sample(random))
                        .toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance =
                Arrays.stream(values)
                        .mapToDouble(v -> (v - mean) * (v - mean))
                        .average()
                        .orElseThrow();

        assertThat(mean).isBetween(498.0, 502.0);
        assertThat(Math.sqrt(variance)).isBetween(48.5, 51.5);
        assertThat(IntStream.range(0, 1000).map(i -> parse("normal:1:50").sample(random)))
                .allMatch(v -> v >= 1);
    }

    private static TokenDistribution parse(String text) {
        return TokenDistribution.parse(text, Integer::parseInt);
    }
}
