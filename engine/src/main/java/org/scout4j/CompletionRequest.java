package org.scout4j;

/**
 * A text to be continued, without any chat format.
 *
 * @param prompt the text
 * @param parseSpecials whether names of control tokens in the prompt stand for those tokens; only
 *     for prompts that the caller wrote
 * @param promptLogprobs whether to report log-probabilities of the prompt's tokens
 * @param options how the continuation is made
 */
public record CompletionRequest(
        String prompt, boolean parseSpecials, boolean promptLogprobs, AnswerOptions options) {}
