package org.scout4j.sampling;

import java.util.LinkedHashMap;
import java.util.Map;
import org.scout4j.error.InvalidRequest;

/**
 * How the next token is chosen. The processors run in this order, always: logit bias, repetition
 * penalty, presence and frequency penalty, the grammar's mask, temperature, top-k, top-p, min-p,
 * draw. An instance is valid by construction.
 *
 * @param logitBias added to the logits of these ids; −100 to 100
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen in prompt
 *     or answer; 1 = off; greater than 0, at most 2
 * @param presencePenalty subtracted once from tokens of the answer; −2 to 2
 * @param frequencyPenalty subtracted per occurrence in the answer; −2 to 2
 * @param temperature 0 = greedy (the largest logit, lowest id among equals); at most 5
 * @param topK keep the k largest; 0 = off
 * @param topP keep the smallest set whose probability reaches p; 1 = off; 0 keeps the best token
 * @param minP keep tokens with at least this share of the largest probability; 0 = off
 * @param seed of the generator; the same seed and prompt give the same tokens
 */
public record SamplingParameters(
        Map<Integer, Float> logitBias,
        float repetitionPenalty,
        float presencePenalty,
        float frequencyPenalty,
        float temperature,
        int topK,
        float topP,
        float minP,
        long seed) {

    /**
     * Checks all ranges.
     *
     * @throws InvalidRequest naming the parameter as HTTP clients spell it, if one is not a number
     *     or outside its range
     */
    public SamplingParameters {
        logitBias = Map.copyOf(logitBias);
        for (Map.Entry<Integer, Float> entry : logitBias.entrySet()) {
            if (entry.getKey() < 0) {
                throw new InvalidRequest(
                        "logit_bias", "logit_bias names token " + entry.getKey() + ".");
            }
            checkRange("logit_bias", entry.getValue(), -100, 100);
        }
        if (!(repetitionPenalty > 0 && repetitionPenalty <= 2)) {
            throw new InvalidRequest(
                    "repetition_penalty",
                    "repetition_penalty must be greater than 0 and at most 2, not "
                            + repetitionPenalty
                            + ".");
        }
        checkRange("presence_penalty", presencePenalty, -2, 2);
        checkRange("frequency_penalty", frequencyPenalty, -2, 2);
        checkRange("temperature", temperature, 0, 5);
        if (topK < 0) {
            throw new InvalidRequest("top_k", "top_k must be 0 (off) or more, not " + topK + ".");
        }
        checkRange("top_p", topP, 0, 1);
        checkRange("min_p", minP, 0, 1);
    }

    /** Not a number fails both comparisons, so it is refused too. */
    private static void checkRange(String param, float value, int least, int most) {
        if (!(value >= least && value <= most)) {
            throw new InvalidRequest(
                    param,
                    param + " must be between " + least + " and " + most + ", not " + value + ".");
        }
    }

    /** Starts from temperature 1, seed 0 and everything else off. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects parameters; {@link #build} checks them. */
    public static final class Builder {
        private final Map<Integer, Float> logitBias = new LinkedHashMap<>();
        private float repetitionPenalty = 1;
        private float presencePenalty;
        private float frequencyPenalty;
        private float temperature = 1;
        private int topK;
        private float topP = 1;
        private float minP;
        private long seed;

        private Builder() {}

        /** Adds {@code bias} to the logit of {@code token}; the last word about a token counts. */
        public Builder logitBias(int token, float bias) {
            logitBias.put(token, bias);
            return this;
        }

        public Builder repetitionPenalty(float repetitionPenalty) {
            this.repetitionPenalty = repetitionPenalty;
            return this;
        }

        public Builder presencePenalty(float presencePenalty) {
            this.presencePenalty = presencePenalty;
            return this;
        }

        public Builder frequencyPenalty(float frequencyPenalty) {
            this.frequencyPenalty = frequencyPenalty;
            return this;
        }

        public Builder temperature(float temperature) {
            this.temperature = temperature;
            return this;
        }

        public Builder topK(int topK) {
            this.topK = topK;
            return this;
        }

        public Builder topP(float topP) {
            this.topP = topP;
            return this;
        }

        public Builder minP(float minP) {
            this.minP = minP;
            return this;
        }

        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Makes the parameters.
         *
         * @throws InvalidRequest if a parameter is outside its range
         */
        public SamplingParameters build() {
            return new SamplingParameters(
                    logitBias,
                    repetitionPenalty,
                    presencePenalty,
                    frequencyPenalty,
                    temperature,
                    topK,
                    topP,
                    minP,
                    seed);
        }
    }
}
