package org.scout4j.server;

import java.time.Duration;

/**
 * What a generation did, for log, metrics and traces; never what was said.
 *
 * @param model name that the client asked for
 * @param finishReason as the client is told, e.g. {@code stop}; {@code error} for a failure, {@code
 *     cancelled} if the client left
 * @param stream whether the reply was a stream of events
 * @param promptTokens tokens of the prompt
 * @param cachedTokens those of them taken from the prefix cache
 * @param images that the prompt showed
 * @param imageTokens those of the prompt's tokens that stand for them, cached or not
 * @param completionTokens tokens made, all choices together
 * @param toolParseFailures choices with a malformed tool call, which is told as text
 * @param queued wait for the first step
 * @param prefill from the first step to the first token
 * @param decode from the first token to the last
 */
public record GenerationFacts(
        String model,
        String finishReason,
        boolean stream,
        int promptTokens,
        int cachedTokens,
        int images,
        int imageTokens,
        int completionTokens,
        int toolParseFailures,
        Duration queued,
        Duration prefill,
        Duration decode) {}
