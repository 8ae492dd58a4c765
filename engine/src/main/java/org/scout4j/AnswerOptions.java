package org.scout4j;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.scout4j.error.InvalidRequest;
import org.scout4j.sampling.SamplingParameters;

/**
 * How an answer is made, for chat and completion alike.
 *
 * @param sampling how tokens are chosen
 * @param maxTokens most tokens of the answer, cut to what the context leaves; empty = all of that
 * @param stop texts that end the answer
 * @param includeStop whether the text that ended the answer is part of it
 * @param stopTokens tokens that end the answer beside the model's own
 * @param ignoreEos whether the model's own stop tokens are never chosen, so that the answer goes on
 *     to its limit: for benchmarks
 * @param topLogprobs alternatives to report with each token, 0 = its own log-probability only;
 *     empty = no log-probabilities
 * @param format the form that the answer is held to
 * @param parallelToolCalls whether the answer may call several tools; if not, calls after the first
 *     are dropped
 */
public record AnswerOptions(
        SamplingParameters sampling,
        OptionalInt maxTokens,
        List<String> stop,
        boolean includeStop,
        Set<Integer> stopTokens,
        boolean ignoreEos,
        OptionalInt topLogprobs,
        ResponseFormat format,
        boolean parallelToolCalls) {
    /** Most alternatives that can be asked for with each token. */
    public static final int MOST_TOP_LOGPROBS = 20;

    /** Most stop strings. */
    public static final int MOST_STOPS = 16;

    public AnswerOptions {
        stop = List.copyOf(stop);
        stopTokens = Set.copyOf(stopTokens);
    }

    /** The same with so many alternatives reported. */
    public AnswerOptions withTopLogprobs(int alternatives) {
        return new AnswerOptions(
                sampling,
                maxTokens,
                stop,
                includeStop,
                stopTokens,
                ignoreEos,
                OptionalInt.of(alternatives),
                format,
                parallelToolCalls);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; see {@link AnswerOptions} for their meaning. */
    public static final class Builder {
        private final SamplingParameters.Builder sampling = SamplingParameters.builder();
        private OptionalInt maxTokens = OptionalInt.empty();
        private final List<String> stop = new ArrayList<>();
        private boolean includeStop;
        private final Set<Integer> stopTokens = new LinkedHashSet<>();
        private boolean ignoreEos;
        private OptionalInt topLogprobs = OptionalInt.empty();
        private ResponseFormat format = ResponseFormat.TEXT;
        private boolean parallelToolCalls = true;

        private Builder() {}

        public Builder sampling(Consumer<SamplingParameters.Builder> change) {
            change.accept(sampling);
            return this;
        }

        /**
         * @throws InvalidRequest if less than 1
         */
        public Builder maxTokens(int most) {
            if (most < 1) {
                throw new InvalidRequest(
                        "max_tokens", "max_tokens is " + most + ", the smallest is 1.");
            }
            maxTokens = OptionalInt.of(most);
            return this;
        }

        /**
         * @throws InvalidRequest if empty, or one too many
         */
        public Builder stop(String text) {
            if (text.isEmpty()) {
                throw new InvalidRequest("stop", "A stop string is empty.");
            }
            if (stop.size() == MOST_STOPS) {
                throw new InvalidRequest(
                        "stop", "More than " + MOST_STOPS + " stop strings were given.");
            }
            stop.add(text);
            return this;
        }

        public Builder includeStop(boolean include) {
            includeStop = include;
            return this;
        }

        public Builder stopToken(int token) {
            stopTokens.add(token);
            return this;
        }

        public Builder ignoreEos(boolean ignore) {
            ignoreEos = ignore;
            return this;
        }

        /**
         * @throws InvalidRequest if negative or more than {@link #MOST_TOP_LOGPROBS}
         */
        public Builder topLogprobs(int alternatives) {
            if (alternatives < 0 || alternatives > MOST_TOP_LOGPROBS) {
                throw new InvalidRequest(
                        "top_logprobs",
                        "top_logprobs is "
                                + alternatives
                                + ", allowed are 0 to "
                                + MOST_TOP_LOGPROBS
                                + ".");
            }
            topLogprobs = OptionalInt.of(alternatives);
            return this;
        }

        public Builder format(ResponseFormat wanted) {
            format = wanted;
            return this;
        }

        public Builder parallelToolCalls(boolean parallel) {
            parallelToolCalls = parallel;
            return this;
        }

        public AnswerOptions build() {
            return new AnswerOptions(
                    sampling.build(),
                    maxTokens,
                    stop,
                    includeStop,
                    stopTokens,
                    ignoreEos,
                    topLogprobs,
                    format,
                    parallelToolCalls);
        }
    }
}
