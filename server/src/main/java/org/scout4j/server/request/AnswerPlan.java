package org.scout4j.server.request;

import org.scout4j.AnswerOptions;

/**
 * How an answer is to be made and delivered.
 *
 * @param choices how many answers
 * @param seed the client's, or one drawn at random
 * @param stream whether it is delivered as it is made
 * @param usageInStream whether the client asked for usage at the end of the stream
 * @param obfuscated whether events get padding of random length
 * @param rejectIfBusy whether to refuse rather than wait for a slot
 */
public record AnswerPlan(
        AnswerOptions options,
        int choices,
        long seed,
        boolean stream,
        boolean usageInStream,
        boolean obfuscated,
        boolean rejectIfBusy) {}
