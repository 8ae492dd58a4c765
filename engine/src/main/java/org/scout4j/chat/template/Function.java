package org.scout4j.chat.template;

/** A function that every template has, such as {@code range}. */
record Function(String name, Body body) implements Value {

    /** What it computes. */
    @FunctionalInterface
    interface Body {
        Value call(Operators operators, Arguments arguments);
    }

    @Override
    public String typeName() {
        return "function";
    }
}
