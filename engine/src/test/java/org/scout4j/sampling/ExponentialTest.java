package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ExponentialTest {

    @Test
    void isWithinTwoUlpsOfTheExactFunction() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            double x = -Math.scalb(random.nextDouble(), random.nextInt(-30, 10));
            if (x < -708) {
                continue;
            }
            double exact = StrictMath.exp(x);
            if (Math.abs(Exponential.of(x) - exact) > 2 * Math.ulp(exact)) {
                assertThat(Exponential.of(x)).as("exp(%s)", x).isEqualTo(exact);
            }
        }
    }

    @Test
    void isExactAtTheEnds() {
        assertThat(Exponential.of(0)).isEqualTo(1);
        assertThat(Exponential.of(-0.0)).isEqualTo(1);
        assertThat(Exponential.of(-708)).isCloseTo(StrictMath.exp(-708), withinUlps(-708));
        assertThat(Exponential.of(Math.nextDown(-708.0))).isZero();
        assertThat(Exponential.of(Double.NEGATIVE_INFINITY)).isZero();
    }

    private static Offset<Double> withinUlps(double x) {
        return Offset.offset(2 * Math.ulp(StrictMath.exp(x)));
    }
}
