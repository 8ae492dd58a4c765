package org.scout4j.chat;

/** Whether the model may, must or must not call a tool. */
public sealed interface ToolChoice {
    ToolChoice AUTO = new Auto();
    ToolChoice NONE = new None();
    ToolChoice REQUIRED = new Required();

    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No call; tool definitions are left out of the prompt. */
    record None() implements ToolChoice {}

    /** At least one call. */
    record Required() implements ToolChoice {}

    /** A call of this function. */
    record Named(String name) implements ToolChoice {}
}
