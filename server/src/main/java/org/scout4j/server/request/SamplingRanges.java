package org.scout4j.server.request;

/**
 * What a dialect allows its clients to ask of the sampler (spec "API" §7); all bounds are included.
 *
 * @param mostTemperature least is 0
 * @param mostTopP least is 0; more than 1 acts as 1
 * @param leastTopK −1 and 0 switch it off
 * @param mostTopK
 * @param leastPenalty of presence and frequency
 * @param leastSeed
 * @param mostSeed
 * @param temperature when the client names none
 */
public record SamplingRanges(
        double mostTemperature,
        double mostTopP,
        int leastTopK,
        int mostTopK,
        double leastPenalty,
        long leastSeed,
        long mostSeed,
        double temperature) {
    public static final SamplingRanges OPENAI =
            new SamplingRanges(2, 1, -1, Integer.MAX_VALUE, -2, Long.MIN_VALUE, Long.MAX_VALUE, 1);
    public static final SamplingRanges OPENROUTER =
            new SamplingRanges(2, 1, 0, Integer.MAX_VALUE, -2, Long.MIN_VALUE, Long.MAX_VALUE, 1);
    public static final SamplingRanges WORKERS_AI =
            new SamplingRanges(5, 2, 1, 50, 0, 1, 9_999_999_999L, 0.15);
}
