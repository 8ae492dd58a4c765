package org.scout4j.server;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when its request is refused or fails; each dialect gives it its own form
 * (spec "API" §3). The texts of all problems are made in {@link Problems}.
 *
 * @param status HTTP status
 * @param type OpenAI's error type, e.g. {@code invalid_request_error}
 * @param code OpenAI's error code, e.g. {@code context_length_exceeded}, or null
 * @param param the offending field as a path, e.g. {@code messages[2].content}, or null
 * @param message one or two sentences: what, why, what to do
 * @param retryAfter when to try again, where that makes sense
 */
public record Problem(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        Optional<Duration> retryAfter) {}
