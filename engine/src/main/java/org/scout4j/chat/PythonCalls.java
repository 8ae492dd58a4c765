package org.scout4j.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.scout4j.chat.template.JsonWriter;
import org.scout4j.chat.template.PythonText;
import org.scout4j.chat.template.Text;
import org.scout4j.chat.template.Value;

/** Tool calls in the form that Llama 4 was trained to write them: a list of Python calls. */
final class PythonCalls {
    private PythonCalls() {}

    /** {@code [f(a=1, b="x"), g()]}: valid Python, strings as JSON writes them. */
    static String list(List<Message.ToolCall> calls) {
        return calls.stream().map(PythonCalls::call).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String call(Message.ToolCall call) {
        return switch (Tools.arguments(call)) {
            case Value.Mapping arguments -> {
                boolean named = true;
                for (Value.Mapping.Entry entry : arguments.entries()) {
                    named &= PythonText.isIdentifier(entry.key().toString());
                }
                yield call.name()
                        + (named
                                ? joined(arguments, "(", ")", "=", PythonCalls::literal)
                                : "(**" + literal(arguments) + ")");
            }
            case Value text -> call.name() + "(**" + literal(text) + ")";
        };
    }

    private static String literal(Value value) {
        return switch (value) {
            case Text text -> JsonWriter.ONE_LINE.quote(text.chars());
            case Value.Mapping mapping -> {
                List<String> entries = new ArrayList<>(mapping.size());
                for (Value.Mapping.Entry entry : mapping.entries()) {
                    entries.add(literal(entry.key()) + ": " + literal(entry.value()));
                }
                yield "{" + String.join(", ", entries) + "}";
            }
            case Value.Sequence(List<Value> items, boolean _) ->
                    items.stream()
                            .map(PythonCalls::literal)
                            .collect(Collectors.joining(", ", "[", "]"));
            default -> atom(value);
        };
    }

    /** {@code [f(a=1, b="x")]} with strings as they are and {@code {k=v}}, as Meta's code does. */
    static String unescaped(Message.ToolCall call) {
        return switch (Tools.arguments(call)) {
            case Value.Mapping arguments ->
                    "[" + call.name() + joined(arguments, "(", ")]", "=", PythonCalls::bare);
            case Value text -> "[" + call.name() + "(**" + bare(text) + ")]";
        };
    }

    private static String bare(Value value) {
        return switch (value) {
            case Text text -> "\"" + text.chars() + "\"";
            case Value.Mapping mapping -> joined(mapping, "{", "}", "=", PythonCalls::bare);
            case Value.Sequence(List<Value> items, boolean _) ->
                    items.stream()
                            .map(PythonCalls::bare)
                            .collect(Collectors.joining(", ", "[", "]"));
            default -> atom(value);
        };
    }

    private static String joined(
            Value.Mapping mapping,
            String open,
            String close,
            String between,
            Function<Value, String> writer) {
        List<String> entries = new ArrayList<>(mapping.size());
        for (Value.Mapping.Entry entry : mapping.entries()) {
            entries.add(entry.key() + between + writer.apply(entry.value()));
        }
        return open + String.join(", ", entries) + close;
    }

    private static String atom(Value value) {
        return switch (value) {
            case Value.Bool(boolean bit) -> bit ? "True" : "False";
            case Value.None _ -> "None";
            case Value.Int number -> number.value().toString();
            case Value.Real number -> number.spelling();
            default -> throw new IllegalArgumentException(value.typeName());
        };
    }
}
