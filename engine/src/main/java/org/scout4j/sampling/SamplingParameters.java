package org.scout4j.sampling;

import java.util.Map;

/**
 * How the next token is chosen. The processors run in this order, always: logit bias, repetition
 * penalty, presence and frequency penalty, temperature, top-k, top-p, min-p, draw.
 *
 * @param logitBias added to the logits of these ids; −100 to 100
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen in prompt
 *     or answer; 1 = off; greater than 0, at most 2
 * @param presencePenalty subtracted once from tokens of the answer; −2 to 2
 * @param frequencyPenalty subtracted per occurrence in the answer; −2 to 2
 * @param temperature 0 = greedy (the largest logit, lowest id among equals); at most 5
 * @param topK keep the k largest; 0 = off
 * @param topP keep the smallest set whose probability reaches p; 1 = off
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
        long seed) {}
