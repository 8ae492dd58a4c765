package org.scout4j.cli.load;

import java.util.Random;
import java.util.function.ToIntFunction;

/** How lengths in tokens are drawn. {@code toString} is the form that {@link #parse} reads. */
public sealed interface TokenDistribution {
    /** Draws one length, at least 1. */
    int sample(Random random);

    /** The shortest length that can be drawn. */
    int least();

    /** Always the same length. */
    record Constant(int tokens) implements TokenDistribution {
        /** Refuses lengths below 1. */
        public Constant {
            positive(tokens);
        }

        @Override
        public int sample(Random random) {
            return tokens;
        }

        @Override
        public int least() {
            return tokens;
        }

        @Override
        public String toString() {
            return String.valueOf(tokens);
        }
    }

    /** Every length of a range equally often; both ends are included. */
    record Uniform(int least, int most) implements TokenDistribution {
        /** Refuses empty ranges and lengths below 1. */
        public Uniform {
            positive(least);
            if (most < least) {
                throw new IllegalArgumentException(
                        "the range " + least + ".." + most + " is empty");
            }
        }

        @Override
        public int sample(Random random) {
            return (int) (least + (long) (random.nextDouble() * (1L + most - least)));
        }

        @Override
        public String toString() {
            return least + ".." + most;
        }
    }

    /** The normal distribution, rounded; what would be below 1 is 1. */
    record Normal(int mean, int deviation) implements TokenDistribution {
        /** Refuses a mean below 1 and a negative deviation. */
        public Normal {
            positive(mean);
            if (deviation < 0) {
                throw new IllegalArgumentException("a deviation of " + deviation + " is negative");
            }
        }

        @Override
        public int sample(Random random) {
            long drawn = Math.round(mean + deviation * random.nextGaussian());
            return (int) Math.clamp(drawn, 1L, Integer.MAX_VALUE);
        }

        @Override
        public int least() {
            return deviation == 0 ? mean : 1;
        }

        @Override
        public String toString() {
            return "normal:" + mean + ":" + deviation;
        }
    }

    /**
     * Reads {@code 512}, {@code 64..1024} or {@code normal:512:100}.
     *
     * @param number reads one number
     * @throws IllegalArgumentException if the text has none of these forms, saying why
     */
    static TokenDistribution parse(String text, ToIntFunction<String> number) {
        int dots = text.indexOf("..");
        if (dots >= 0) {
            return new Uniform(
                    number.applyAsInt(text.substring(0, dots)),
                    number.applyAsInt(text.substring(dots + 2)));
        }
        if (text.startsWith("normal:")) {
            String rest = text.substring("normal:".length());
            int colon = rest.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("'" + text + "' lacks its deviation");
            }
            return new Normal(
                    number.applyAsInt(rest.substring(0, colon)),
                    number.applyAsInt(rest.substring(colon + 1)));
        }
        return new Constant(number.applyAsInt(text));
    }

    private static void positive(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("a length of " + tokens + " is below 1");
        }
    }
}
