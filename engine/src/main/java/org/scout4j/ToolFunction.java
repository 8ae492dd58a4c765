package org.scout4j;

import org.jspecify.annotations.Nullable;

/**
 * What a tool does.
 *
 * @param <A> its arguments
 */
@FunctionalInterface
public interface ToolFunction<A> {

    /**
     * Answers a call.
     *
     * @return what the model is told: text as it is, anything else as JSON (records, lists, maps,
     *     numbers, dates, …)
     * @throws Exception if the call fails; the model is told the message, and nothing else of it
     */
    @Nullable Object call(A arguments) throws Exception;
}
