package org.scout4j.server.completions;

import java.time.Duration;

/**
 * A reply that is over, for those who ask about it later.
 *
 * @param createdSeconds since 1970
 * @param images that the prompt showed
 * @param latency until the first token
 * @param generationTime from there to the end
 * @param finishReason OpenAI's name, e.g. {@code stop}; {@code error} if it failed
 * @param nativeReason what ended it, e.g. {@code eot}
 */
public record GenerationRecord(
        String id,
        String model,
        long createdSeconds,
        int promptTokens,
        int cachedTokens,
        int images,
        int completionTokens,
        String finishReason,
        String nativeReason,
        Duration latency,
        Duration generationTime,
        boolean streamed,
        boolean cancelled) {}
