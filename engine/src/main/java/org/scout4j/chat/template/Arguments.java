package org.scout4j.chat.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluated arguments of a call. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Value... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /**
     * The arguments in the order of the parameter names, null where one was not given.
     *
     * @param callee for messages
     * @param required how many parameters must be given
     */
    @Nullable Value[] bind(String callee, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw TemplateException.failed(
                    callee + "() takes no more than " + parameters.length + " arguments");
        }
        @Nullable Value[] bound = new @Nullable Value[parameters.length];
        for (int i = 0; i < positional.size(); i++) {
            bound[i] = positional.get(i);
        }
        named.forEach((name, value) -> bound[place(callee, name, parameters)] = value);
        for (int i = 0; i < required; i++) {
            if (bound[i] == null) {
                throw TemplateException.failed(
                        callee + "() needs the argument '" + parameters[i] + "'");
            }
        }
        return bound;
    }

    private int place(String callee, String name, String... parameters) {
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].equals(name)) {
                if (i < positional.size()) {
                    throw TemplateException.failed(
                            callee + "() got two values for the argument '" + name + "'");
                }
                return i;
            }
        }
        throw TemplateException.failed(callee + "() has no argument '" + name + "'");
    }

    /** The first positional argument taken off. */
    Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }
}
