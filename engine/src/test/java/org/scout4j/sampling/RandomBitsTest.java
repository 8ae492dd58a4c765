package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomBitsTest {

    /** The JDK's generator is SplitMix64 too; its nextLong is the sequence meant here. */
    @Test
    void areSplitMix64ByIndex() {
        for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE, Long.MAX_VALUE}) {
            SplittableRandom random = new SplittableRandom(seed);
            RandomBits bits = new RandomBits(seed);
            for (int i = 0; i < 1000; i++) {
                assertThat(bits.at(i))
                        .as("seed %d, number %d", seed, i)
                        .isEqualTo(random.nextLong());
            }
        }
    }
}
