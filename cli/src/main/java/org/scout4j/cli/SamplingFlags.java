package org.scout4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.scout4j.AnswerOptions;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Option;

/** How an answer is made. {@code /set} of the interactive chat changes the same fields. */
final class SamplingFlags {
    /** Seeds that scout4j chooses are at most this: exact in every JSON reader. */
    private static final long LARGEST_CHOSEN_SEED = (1L << 53) - 1;

    private static final String UNSET = "none";

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            converter = TokenCount.class,
            description = "Most tokens of the answer. Default: to the end of the context.")
    @Nullable Integer maxTokens;

    @Option(
            names = {"--temp", "--temperature"},
            paramLabel = "T",
            description =
                    "Chance, 0 to 5. Default: 0, always the likeliest token, so that answers"
                            + " repeat.")
    float temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Keep the likeliest tokens up to this probability. Default: 1 (off).")
    float topP = 1;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Keep the K likeliest tokens. Default: 0 (off).")
    int topK;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description =
                    "Keep tokens with this share of the best one's probability. Default: 0 (off).")
    float minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "F",
            description = "Weakens tokens seen in prompt or answer. Default: 1 (off).")
    float repetitionPenalty = 1;

    @Option(
            names = "--presence-penalty",
            paramLabel = "F",
            description = "Taken once from tokens of the answer, -2 to 2. Default: 0.")
    float presencePenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "F",
            description = "Taken for each occurrence in the answer, -2 to 2. Default: 0.")
    float frequencyPenalty;

    @Option(
            names = "--logit-bias",
            paramLabel = "ID=B",
            description = "Added to a token's logit, -100 to 100. Repeatable.")
    Map<Integer, Float> logitBias = new LinkedHashMap<>();

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "For temperatures above 0: the same seed gives the same answer.")
    @Nullable Long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End the answer before this text. Repeatable.")
    List<String> stop = new ArrayList<>();

    /** The seed to use: the one asked for, 0 where chance has no say, else a new one. */
    long chooseSeed(RandomGenerator random) {
        if (seed != null) {
            return seed;
        }
        return temperature == 0 ? 0 : random.nextLong(LARGEST_CHOSEN_SEED + 1);
    }

    /**
     * @throws org.scout4j.error.InvalidRequest if a value is out of range
     */
    AnswerOptions.Builder options(long chosenSeed) {
        AnswerOptions.Builder options =
                AnswerOptions.builder()
                        .sampling(sampling -> {
                            sampling.temperature(temperature)
                                    .topP(topP)
                                    .topK(topK)
                                    .minP(minP)
                                    .repetitionPenalty(repetitionPenalty)
                                    .presencePenalty(presencePenalty)
                                    .frequencyPenalty(frequencyPenalty)
                                    .seed(chosenSeed);
                            logitBias.forEach(sampling::logitBias);
                        });
        if (maxTokens != null) {
            options.maxTokens(maxTokens);
        }
        stop.forEach(options::stop);
        return options;
    }

    SamplingFlags copy() {
        SamplingFlags copy = new SamplingFlags();
        copy.maxTokens = maxTokens;
        copy.temperature = temperature;
        copy.topP = topP;
        copy.topK = topK;
        copy.minP = minP;
        copy.repetitionPenalty = repetitionPenalty;
        copy.presencePenalty = presencePenalty;
        copy.frequencyPenalty = frequencyPenalty;
        copy.logitBias = new LinkedHashMap<>(logitBias);
        copy.seed = seed;
        copy.stop = new ArrayList<>(stop);
        return copy;
    }

    /**
     * Sets one parameter by name.
     *
     * @throws InvalidRequest if there is none of that name, or the value is out of range
     */
    void set(String name, String value) {
        try {
            switch (name.replace('-', '_')) {
                case "temperature", "temp" -> temperature = Float.parseFloat(value);
                case "top_p" -> topP = Float.parseFloat(value);
                case "top_k" -> topK = Integer.parseInt(value);
                case "min_p" -> minP = Float.parseFloat(value);
                case "repetition_penalty" -> repetitionPenalty = Float.parseFloat(value);
                case "presence_penalty" -> presencePenalty = Float.parseFloat(value);
                case "frequency_penalty" -> frequencyPenalty = Float.parseFloat(value);
                case "max_tokens" ->
                        maxTokens = value.equals(UNSET) ? null : Integer.valueOf(value);
                case "seed" -> seed = value.equals(UNSET) ? null : Long.valueOf(value);
                default ->
                        throw new InvalidRequest(
                                name,
                                "There is no parameter " + name + ".",
                                "/show params lists them.");
            }
        } catch (NumberFormatException e) {
            throw new InvalidRequest(
                    name, "'" + value + "' is not a number that " + name + " can be.");
        }
        AnswerOptions checked = options(0).build();
        assert checked != null;
    }

    /** One line a parameter. */
    List<String> describe() {
        return List.of(
                "temperature         " + temperature,
                "top_p               " + topP,
                "top_k               " + topK,
                "min_p               " + minP,
                "repetition_penalty  " + repetitionPenalty,
                "presence_penalty    " + presencePenalty,
                "frequency_penalty   " + frequencyPenalty,
                "max_tokens          " + (maxTokens == null ? UNSET : maxTokens),
                "seed                " + (seed == null ? UNSET : seed),
                "stop                " + stop,
                "logit_bias          " + logitBias);
    }
}
