package org.scout4j.chat.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON exactly as Python's {@code json.dumps} does, which is what models were trained on.
 * Everything written is data, therefore untrusted.
 *
 * @param indent what a level is indented by; null writes everything on one line
 * @param ensureAscii whether characters beyond ASCII are escaped
 * @param itemSeparator what stands between items
 * @param keySeparator what stands between key and value
 * @param sortKeys whether objects are written in the order of their keys
 */
public record JsonWriter(
        @Nullable String indent,
        boolean ensureAscii,
        String itemSeparator,
        String keySeparator,
        boolean sortKeys) {

    /** {@code json.dumps(value, ensure_ascii=False)}. */
    public static final JsonWriter ONE_LINE = new JsonWriter(null, false, ", ", ": ", false);

    /** {@code json.dumps(value, ensure_ascii=False, indent=4)}. */
    public static final JsonWriter INDENTED = new JsonWriter("    ", false, ",", ": ", false);

    /** A value that the caller has already bounded in size and depth. */
    public String write(Value value) {
        Limits none = new Limits(0, 0, Long.MAX_VALUE, Integer.MAX_VALUE);
        return write(value, new Budget(none, 0)).chars();
    }

    Text write(Value value, Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        write(value, indent == null ? "" : "\n", out, budget);
        return out.text();
    }

    /**
     * @param line the line break with the indentation of this level; empty when on one line
     */
    private void write(Value value, String line, TextBuilder out, Budget budget) {
        budget.step();
        switch (value) {
            case Text text -> out.append(quote(text.chars()), false);
            case Value.None _ -> out.append("null", false);
            case Value.Bool(boolean bit) -> out.append(bit ? "true" : "false", false);
            case Value.Int(BigInteger number, boolean _) -> out.append(number.toString(), false);
            case Value.Real real -> out.append(spell(real), false);
            case Value.Sequence(List<Value> items, boolean _) -> write(items, line, out, budget);
            case Value.Mapping mapping -> write(mapping, line, out, budget);
            default ->
                    throw TemplateException.failed(
                            "object of type "
                                    + value.typeName()
                                    + " is not JSON serializable"
                                    + (value instanceof Value.Undefined(String message)
                                            ? ": " + message
                                            : ""));
        }
    }

    private void write(List<Value> items, String line, TextBuilder out, Budget budget) {
        budget.enter();
        out.append("[", false);
        String inner = deeper(line);
        String separator = inner;
        for (Value item : items) {
            out.append(separator, false);
            write(item, inner, out, budget);
            separator = itemSeparator + inner;
        }
        out.append(items.isEmpty() ? "]" : line + "]", false);
        budget.leave();
    }

    private void write(Value.Mapping mapping, String line, TextBuilder out, Budget budget) {
        budget.enter();
        out.append("{", false);
        String inner = deeper(line);
        String separator = inner;
        for (Value.Mapping.Entry entry : ordered(mapping)) {
            out.append(separator, false);
            out.append(quote(key(entry.key())) + keySeparator, false);
            write(entry.value(), inner, out, budget);
            separator = itemSeparator + inner;
        }
        out.append(mapping.size() == 0 ? "}" : line + "}", false);
        budget.leave();
    }

    private String deeper(String line) {
        return indent == null ? line : line + indent;
    }

    private Iterable<Value.Mapping.Entry> ordered(Value.Mapping mapping) {
        if (!sortKeys) {
            return mapping.entries();
        }
        List<Value.Mapping.Entry> sorted = new ArrayList<>(mapping.size());
        mapping.entries().forEach(sorted::add);
        sorted.sort(Comparator.comparing(entry -> key(entry.key()), PythonText::compare));
        return sorted;
    }

    private static String key(Value key) {
        return switch (key) {
            case Text text -> text.chars();
            case Value.None _ -> "null";
            case Value.Bool(boolean bit) -> bit ? "true" : "false";
            case Value.Int(BigInteger number, boolean _) -> number.toString();
            case Value.Real real -> spell(real);
            default ->
                    throw TemplateException.failed(
                            "keys must be str, int, float, bool or None, not " + key.typeName());
        };
    }

    private static String spell(Value.Real real) {
        if (Double.isNaN(real.value())) {
            return "NaN";
        }
        boolean computed = real.spelling().equals("inf") || real.spelling().equals("-inf");
        return computed ? (real.value() > 0 ? "Infinity" : "-Infinity") : real.spelling();
    }

    /** A string in quotes. */
    public String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\f' -> quoted.append("\\f");
                case '\b' -> quoted.append("\\b");
                default -> {
                    if (character < 0x20 || (ensureAscii && character > 0x7E)) {
                        quoted.append("\\u").append(HexFormat.of().toHexDigits(character));
                    } else {
                        quoted.append(character);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
