package org.scout4j;

/** Why an answer ended. */
public enum FinishReason {
    /** The model ended it, or a stop string was met. */
    STOP,
    /** The model ended it, and it calls at least one tool. */
    TOOL_CALLS,
    /** The most tokens allowed, or the end of the context. */
    LENGTH
}
