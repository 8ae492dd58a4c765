package org.scout4j.server.request;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.scout4j.AnswerOptions;
import org.scout4j.ResponseFormat;

/** Collects how an answer is to be made and delivered, while a request is read. */
public final class AnswerDraft {
    private final int vocabulary;
    private final AnswerOptions.Builder options = AnswerOptions.builder();
    private OptionalInt maxTokens = OptionalInt.empty();
    private OptionalInt maxCompletionTokens = OptionalInt.empty();
    private OptionalLong seed = OptionalLong.empty();
    private OptionalInt topLogprobs = OptionalInt.empty();
    private boolean logprobs;
    private int choices = 1;
    private boolean stream;
    private boolean streamOptions;
    private boolean usageInStream;
    private boolean obfuscated;
    private boolean rejectIfBusy;
    private String formatParam = "response_format";
    private boolean formatGiven;

    /**
     * Starts from the defaults of a dialect.
     *
     * @param vocabulary number of token ids
     * @param maxTokens when the client names none; empty = what the context leaves
     */
    public AnswerDraft(int vocabulary, SamplingRanges ranges, OptionalInt maxTokens) {
        this.vocabulary = vocabulary;
        this.maxTokens = maxTokens;
        options.sampling(sampling -> sampling.temperature((float) ranges.temperature()));
    }

    AnswerOptions.Builder options() {
        return options;
    }

    int vocabulary() {
        return vocabulary;
    }

    void maxTokens(int most) {
        maxTokens = OptionalInt.of(most);
    }

    void maxCompletionTokens(int most) {
        maxCompletionTokens = OptionalInt.of(most);
    }

    void seed(long value) {
        seed = OptionalLong.of(value);
    }

    void logprobs(boolean wanted) {
        logprobs = wanted;
    }

    void topLogprobs(int count) {
        topLogprobs = OptionalInt.of(count);
    }

    void choices(int count) {
        choices = count;
    }

    void stream(boolean wanted) {
        stream = wanted;
    }

    /** Lets events have padding of random length, unless the client says otherwise. */
    public void obfuscated(boolean byDefault) {
        obfuscated = byDefault;
    }

    boolean obfuscated() {
        return obfuscated;
    }

    void streamOptions(boolean usage, boolean padding) {
        streamOptions = true;
        usageInStream = usage;
        obfuscated = padding;
    }

    void rejectIfBusy(boolean reject) {
        rejectIfBusy = reject;
    }

    /**
     * Holds the answer to a form.
     *
     * @param where what says so
     * @throws org.scout4j.server.ProblemException if another field says so too
     */
    void format(JsonValue where, ResponseFormat format) {
        if (formatGiven) {
            throw AnswerFields.contradiction(
                    where.param(),
                    "'"
                            + where.param()
                            + "' and '"
                            + formatParam
                            + "' both hold the answer to a form; send one of them.");
        }
        formatGiven = true;
        formatParam = where.param();
        options.format(format);
    }

    int choices() {
        return choices;
    }

    boolean streams() {
        return stream;
    }

    /**
     * Ends the reading.
     *
     * @param streamOptionsAlone whether options of a stream may come without a stream
     * @throws org.scout4j.server.ProblemException if fields contradict each other
     */
    public AnswerPlan plan(boolean streamOptionsAlone) {
        if (topLogprobs.isPresent() && !logprobs) {
            throw AnswerFields.contradiction(
                    "top_logprobs", "'top_logprobs' needs 'logprobs' to be true.");
        }
        if (streamOptions && !stream && !streamOptionsAlone) {
            throw AnswerFields.contradiction(
                    "stream_options", "'stream_options' needs 'stream' to be true.");
        }
        OptionalInt most = maxCompletionTokens.isPresent() ? maxCompletionTokens : maxTokens;
        most.ifPresent(options::maxTokens);
        if (logprobs) {
            options.topLogprobs(topLogprobs.orElse(0));
        }
        long drawn = seed.orElseGet(() -> ThreadLocalRandom.current().nextLong());
        options.sampling(sampling -> sampling.seed(drawn));
        return new AnswerPlan(
                options.build(),
                formatParam,
                choices,
                drawn,
                stream,
                usageInStream,
                obfuscated,
                rejectIfBusy);
    }
}
