package org.scout4j.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** Rotary frequencies as spec "Model" §2.3 defines them: double inside, float32 outside. */
public final class RopeFrequencies {
    private RopeFrequencies() {}

    /** How the frequencies of a longer context are made from those of training. */
    public sealed interface Scaling {

        /** Every frequency divided by {@code factor}. */
        record Linear(double factor) implements Scaling {}

        /**
         * Short wavelengths kept, long ones divided by {@code factor}, a ramp between.
         *
         * @param low wavelengths above {@code original / low} are divided
         * @param high wavelengths below {@code original / high} are kept; at least {@code low}
         * @param original context length of training
         */
        record Llama3(double factor, double low, double high, double original) implements Scaling {}

        /** Each frequency divided by its own number: {@code rope_freqs.weight} of GGUF. */
        record Divisors(List<Float> values) implements Scaling {
            public Divisors {
                values = List.copyOf(values);
            }
        }
    }

    /**
     * The frequencies of one head's pairs.
     *
     * @param headSize even; half as many frequencies
     * @param scalings applied one after the other
     * @return radians a position, one a pair
     */
    public static List<Float> of(int headSize, double theta, List<Scaling> scalings) {
        List<Float> frequencies = new ArrayList<>(headSize / 2);
        for (int pair = 0; pair < headSize / 2; pair++) {
            double frequency = 1.0 / Math.pow(theta, 2.0 * pair / headSize);
            for (Scaling scaling : scalings) {
                frequency = scaled(frequency, pair, scaling);
            }
            frequencies.add((float) frequency);
        }
        return frequencies;
    }

    private static double scaled(double frequency, int pair, Scaling scaling) {
        return switch (scaling) {
            case Scaling.Linear(double factor) -> frequency / factor;
            case Scaling.Divisors(List<Float> values) -> frequency / values.get(pair);
            case Scaling.Llama3 llama3 -> ramped(frequency, llama3);
        };
    }

    private static double ramped(double frequency, Scaling.Llama3 s) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < s.original() / s.high()) {
            return frequency;
        }
        if (wavelength > s.original() / s.low()) {
            return frequency / s.factor();
        }
        if (s.low() == s.high()) { // Scout: no ramp between, exactly on the border
            return frequency;
        }
        double kept = (s.original() / wavelength - s.low()) / (s.high() - s.low());
        return (1 - kept) * frequency / s.factor() + kept * frequency;
    }
}
