package org.scout4j;

/** Why an answer ended. */
public enum FinishReason {
    /** The model ended it, or a stop string was met. */
    STOP,
    /** The most tokens allowed, or the end of the context. */
    LENGTH
}
