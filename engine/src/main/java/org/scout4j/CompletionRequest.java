package org.scout4j;

/**
 * A prompt to be continued, without any chat format.
 *
 * @param prompt what is continued
 * @param promptLogprobs whether to report log-probabilities of the prompt's tokens
 * @param options how the continuation is made
 */
public record CompletionRequest(Prompt prompt, boolean promptLogprobs, AnswerOptions options) {

    /** What is continued. */
    public sealed interface Prompt {}

    /**
     * A text.
     *
     * @param parseSpecials whether names of control tokens in the text stand for those tokens; only
     *     for prompts that the caller wrote
     * @param addBegin whether the begin-of-text token is put before it, where the model has one and
     *     the text does not begin with it
     */
    public record Text(String text, boolean parseSpecials, boolean addBegin) implements Prompt {}

    /**
     * Token ids, taken as they are.
     *
     * @param addBegin as for a text
     */
    @SuppressWarnings("ArrayRecordComponent") // millions of ids; requests are not compared
    public record Tokens(int[] ids, boolean addBegin) implements Prompt {}

    /** Ordinary text after the begin-of-text token. */
    public static CompletionRequest of(String text, AnswerOptions options) {
        return new CompletionRequest(new Text(text, false, true), false, options);
    }
}
