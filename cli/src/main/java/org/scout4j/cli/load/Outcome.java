package org.scout4j.cli.load;

import org.jspecify.annotations.Nullable;

/**
 * What became of one request. Times are nanoseconds since its run began.
 *
 * @param scheduled when it should have been sent
 * @param started when it was sent: before the connection was opened
 * @param ended when its last byte had come, or it failed
 * @param contents when each piece of the answer's text came
 * @param answerTokens the answer's length that was asked for
 * @param usage what the server counted, or null if it did not tell
 * @param finish the finish reason, or null if there was none
 * @param fault why it failed, or null
 */
record Outcome(
        int index,
        long scheduled,
        long started,
        long ended,
        long[] contents,
        int answerTokens,
        @Nullable Usage usage,
        @Nullable String finish,
        @Nullable Fault fault) {

    /**
     * Tokens as the server counted them.
     *
     * @param cached prompt tokens it had computed before, or null if it did not tell
     */
    record Usage(int prompt, int completion, @Nullable Integer cached) {}

    /**
     * Why a request failed.
     *
     * @param kind for programs, snake_case; HTTP failures are {@code http_429} and so on
     * @param detail for people
     */
    record Fault(String kind, String detail) {
        static final String CONNECTION = "connection";
        static final String TIMEOUT = "timeout";
        static final String CUT_STREAM = "cut_stream";
        static final String NO_DONE = "no_done";
        static final String NO_CONTENT = "no_content";
        static final String ERROR_EVENT = "error_event";
        static final String MALFORMED = "malformed";
        static final String USAGE_MISMATCH = "usage_mismatch";

        static Fault http(int status, String detail) {
            return new Fault("http_" + status, detail);
        }
    }

    boolean succeeded() {
        return fault == null;
    }

    /** Tokens of the answer: what the server says, else one for each piece of text. */
    int outputTokens() {
        return usage == null ? contents.length : usage.completion();
    }
}
