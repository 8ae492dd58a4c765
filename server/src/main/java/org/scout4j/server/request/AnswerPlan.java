package org.scout4j.server.request;

import org.scout4j.AnswerOptions;

/**
 * How an answer is to be made and delivered.
 *
 * @param formatParam the field that holds the answer to a form
 * @param choices how many answers
 * @param seed the client's, or one drawn at random
 * @param stream whether it is delivered as it is made
 * @param usageInStream whether the client asked for usage at the end of the stream
 * @param obfuscated whether events get padding of random length
 * @param rejectIfBusy whether to refuse rather than wait for a slot
 */
public record AnswerPlan(
        AnswerOptions options,
        String formatParam,
        int choices,
        long seed,
        boolean stream,
        boolean usageInStream,
        boolean obfuscated,
        boolean rejectIfBusy) {
    /** The same with other options. */
    public AnswerPlan withOptions(AnswerOptions other) {
        return new AnswerPlan(
                other, formatParam, choices, seed, stream, usageInStream, obfuscated, rejectIfBusy);
    }
}
