package org.scout4j.chat.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} of a running {@code for}. */
final class Loop implements Value {
    private final List<Value> items;
    private int index = -1;
    private @Nullable List<Value> changing;

    Loop(List<Value> items) {
        this.items = items;
    }

    /** Moves to the next item; false at the end. */
    boolean advance() {
        return ++index < items.size();
    }

    Value item() {
        return items.get(index);
    }

    int length() {
        return items.size();
    }

    /** An attribute, or null when there is none of that name. */
    @Nullable Value attribute(String name) {
        return switch (name) {
            case "index" -> Value.of(index + 1);
            case "index0" -> Value.of(index);
            case "revindex" -> Value.of(items.size() - index);
            case "revindex0" -> Value.of(items.size() - index - 1);
            case "first" -> Value.of(index == 0);
            case "last" -> Value.of(index == items.size() - 1);
            case "length" -> Value.of(items.size());
            case "depth" -> Value.of(1); // Only recursive loops count their depth.
            case "depth0" -> Value.of(0);
            case "previtem" ->
                    index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" ->
                    index + 1 < items.size()
                            ? items.get(index + 1)
                            : new Undefined("there is no next item");
            case "cycle" -> new Function("cycle", (_, arguments) -> cycle(arguments));
            case "changed" ->
                    new Function(
                            "changed", (operators, arguments) -> changed(operators, arguments));
            default -> null;
        };
    }

    private Value cycle(Arguments arguments) {
        List<Value> values = arguments.positional();
        if (values.isEmpty()) {
            throw TemplateException.failed("no items for cycling given");
        }
        return values.get(index % values.size());
    }

    private Value changed(Operators operators, Arguments arguments) {
        List<Value> now = arguments.positional();
        List<Value> before = changing;
        changing = now;
        return Value.of(
                before == null
                        || !operators.equal(new Sequence(before, true), new Sequence(now, true)));
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }
}
