package org.scout4j.chat.template;

/**
 * A macro together with the scope in which it was defined.
 *
 * @param scope where its free variables are looked up
 */
record Macro(Statement.Definition definition, Scope scope) implements Value {
    String name() {
        return definition.name();
    }

    @Override
    public String typeName() {
        return "Macro";
    }
}
