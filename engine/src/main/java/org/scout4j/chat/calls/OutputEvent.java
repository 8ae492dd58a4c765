package org.scout4j.chat.calls;

/**
 * What became certain about an answer. The texts together are its content; the pieces of a call
 * together are its arguments.
 */
public sealed interface OutputEvent {

    /** More content; never call syntax, never half a surrogate pair. */
    record Text(String text) implements OutputEvent {}

    /**
     * A call has begun.
     *
     * @param index 0 for the first call of the answer
     * @param name the declared name of the function
     */
    record CallStarted(int index, String id, String name) implements OutputEvent {}

    /**
     * More of a call's arguments.
     *
     * @param json a piece of one compact JSON object; never ends inside an escape
     */
    record CallArguments(int index, String json) implements OutputEvent {}
}
