package org.scout4j.chat.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's operators and conversions on {@link Value}s, within a {@link Budget}. */
final class Operators {
    /** Tuples inside each other in a key: hashing them is recursive. */
    private static final int KEY_DEPTH = 16;

    private final Budget budget;

    Operators(Budget budget) {
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

    TextBuilder builder() {
        return new TextBuilder(budget);
    }

    boolean isTrue(Value value) {
        return switch (value) {
            case Value.None _, Value.Undefined _ -> false;
            case Value.Bool(boolean bit) -> bit;
            case Value.Int(BigInteger number, boolean _) -> number.signum() != 0;
            case Value.Real(double number, String _, boolean _) -> number != 0;
            case Text text -> !text.isEmpty();
            case Value.Sequence(List<Value> items, boolean _) -> !items.isEmpty();
            case Value.View(String _, List<Value> items) -> !items.isEmpty();
            case Value.Range range -> range.size() > 0;
            case Value.Mapping mapping -> mapping.size() > 0;
            case Loop loop -> loop.length() > 0;
            case Value.Stream _, Value.Namespace _, Value.Method _, Function _, Macro _ -> true;
        };
    }

    /** {@code len(value)}. */
    int length(Value value) {
        return switch (value) {
            case Value.Undefined _ -> 0;
            case Text text -> {
                budget.characters(text.length());
                yield text.chars().codePointCount(0, text.length());
            }
            case Value.Sequence(List<Value> items, boolean _) -> items.size();
            case Value.View(String _, List<Value> items) -> items.size();
            case Value.Range range -> range.size();
            case Value.Mapping mapping -> mapping.size();
            case Loop loop -> loop.length();
            default ->
                    throw TemplateException.failed(
                            "object of type '" + value.typeName() + "' has no len()");
        };
    }

    /** What a {@code for} loop walks over. */
    List<Value> iterate(Value value) {
        return switch (value) {
            case Value.Undefined _ -> List.of();
            case Value.Sequence(List<Value> items, boolean _) -> items;
            case Value.View(String _, List<Value> items) -> items;
            case Value.Mapping mapping -> {
                budget.steps(mapping.size());
                yield mapping.keys();
            }
            case Value.Stream stream -> stream.drain();
            case Text text -> characters(text);
            case Value.Range range -> {
                budget.steps(range.size());
                List<Value> items = new ArrayList<>(range.size());
                for (int i = 0; i < range.size(); i++) {
                    items.add(range.item(i));
                }
                yield items;
            }
            default ->
                    throw TemplateException.failed(
                            "'" + value.typeName() + "' object is not iterable");
        };
    }

    private List<Value> characters(Text text) {
        budget.steps(text.length());
        List<Value> characters = new ArrayList<>(text.length());
        for (int from = 0; from < text.length(); ) {
            int to = from + Character.charCount(text.chars().codePointAt(from));
            characters.add(text.substring(from, to));
            from = to;
        }
        return characters;
    }

    // Equality and order

    boolean equal(Value left, Value right) {
        budget.step();
        Value a = Numbers.number(left);
        Value b = Numbers.number(right);
        if (a != null && b != null) {
            return !Numbers.isNaN(a) && !Numbers.isNaN(b) && Numbers.compare(a, b) == 0;
        }
        return switch (left) {
            case Text text -> right instanceof Text other && equal(text, other);
            case Value.None _ -> right instanceof Value.None;
            case Value.Undefined _ -> right instanceof Value.Undefined;
            case Value.Sequence(List<Value> items, boolean tuple) ->
                    right instanceof Value.Sequence(List<Value> others, boolean otherTuple)
                            && tuple == otherTuple
                            && equal(items, others);
            case Value.Range range ->
                    right instanceof Value.Range other && equal(iterate(range), iterate(other));
            case Value.Mapping mapping ->
                    right instanceof Value.Mapping other && equal(mapping, other);
            case Value.Method(Value receiver, String name) ->
                    right instanceof Value.Method(Value other, String otherName)
                            && name.equals(otherName)
                            && same(receiver, other);
            case Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.View _,
                    Value.Stream _,
                    Value.Namespace _,
                    Function _,
                    Macro _,
                    Loop _ ->
                    same(left, right);
        };
    }

    /** Whether two values are one and the same, as Python's {@code is} asks. */
    @SuppressWarnings("ReferenceEquality")
    static boolean same(Value left, Value right) {
        return left == right;
    }

    private boolean equal(Text left, Text right) {
        budget.characters(Math.min(left.length(), right.length()));
        return left.chars().equals(right.chars());
    }

    private boolean equal(List<Value> left, List<Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        budget.enter();
        boolean equal = true;
        for (int i = 0; i < left.size() && equal; i++) {
            equal = equal(left.get(i), right.get(i));
        }
        budget.leave();
        return equal;
    }

    private boolean equal(Value.Mapping left, Value.Mapping right) {
        if (left.size() != right.size()) {
            return false;
        }
        budget.enter();
        boolean equal = true;
        for (Value.Mapping.Entry entry : left.entries()) {
            Value other = right.get(entry.key());
            equal = equal && other != null && equal(entry.value(), other);
        }
        budget.leave();
        return equal;
    }

    /**
     * @param operator one of {@code == != < <= > >=}
     */
    boolean compare(String operator, Value left, Value right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "<", "<=", ">", ">=" -> ordered(operator, left, right);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private boolean ordered(String operator, Value left, Value right) {
        Value a = Numbers.number(left);
        Value b = Numbers.number(right);
        if (a != null && b != null && (Numbers.isNaN(a) || Numbers.isNaN(b))) {
            return false;
        }
        int order = order(operator, left, right);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** The order of two values, for sorting. */
    int order(Value left, Value right) {
        return order("<", left, right);
    }

    private int order(String operator, Value left, Value right) {
        budget.step();
        Value a = Numbers.number(left);
        Value b = Numbers.number(right);
        if (a != null && b != null) {
            return Numbers.compare(a, b);
        }
        if (left instanceof Text text && right instanceof Text other) {
            budget.characters(Math.min(text.length(), other.length()));
            return PythonText.compare(text.chars(), other.chars());
        }
        if (left instanceof Value.Sequence(List<Value> items, boolean tuple)
                && right instanceof Value.Sequence(List<Value> others, boolean otherTuple)
                && tuple == otherTuple) {
            return order(operator, items, others);
        }
        requireDefined(left);
        requireDefined(right);
        throw TemplateException.failed(
                "'"
                        + operator
                        + "' not supported between instances of '"
                        + left.typeName()
                        + "' and '"
                        + right.typeName()
                        + "'");
    }

    private int order(String operator, List<Value> left, List<Value> right) {
        budget.enter();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!equal(left.get(i), right.get(i))) {
                budget.leave();
                return order(operator, left.get(i), right.get(i));
            }
        }
        budget.leave();
        return Integer.compare(left.size(), right.size());
    }

    /** {@code item in container}. */
    boolean contains(Value container, Value item) {
        return switch (container) {
            case Text text -> {
                if (!(item instanceof Text part)) {
                    requireDefined(item);
                    throw TemplateException.failed(
                            "'in <string>' requires string as left operand, not "
                                    + item.typeName());
                }
                budget.characters(text.length() + (long) part.length());
                yield PythonText.indexOf(text.chars(), part.chars(), 0) >= 0;
            }
            case Value.Mapping mapping -> mapping.get(item) != null;
            default -> {
                for (Value element : iterate(container)) {
                    if (equal(element, item)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    /** What a value is as a key: equal values have equal keys, whatever their type or trust. */
    static Object key(Value value) {
        return key(value, 0);
    }

    private static Object key(Value value, int depth) {
        Value number = Numbers.number(value);
        if (number instanceof Value.Int(BigInteger whole, boolean _)) {
            return whole;
        }
        if (number instanceof Value.Real(double real, String _, boolean _)) {
            return Double.isFinite(real) && real == Math.rint(real)
                    ? new BigDecimal(real).toBigInteger()
                    : (Object) real;
        }
        return switch (value) {
            case Text text -> text.chars();
            case Value.None none -> none;
            case Value.Undefined _ -> Value.Undefined.class;
            case Value.Sequence(List<Value> items, boolean tuple) when tuple && depth < KEY_DEPTH ->
                    items.stream().map(item -> key(item, depth + 1)).toList();
            default ->
                    throw TemplateException.failed("unhashable type: '" + value.typeName() + "'");
        };
    }

    // Arithmetic and concatenation

    /**
     * @param operator one of {@code + - * / // % **}
     */
    Value calculate(String operator, Value left, Value right) {
        Value a = Numbers.number(left);
        Value b = Numbers.number(right);
        if (a != null && b != null) {
            return Numbers.calculate(operator, a, b);
        }
        requireDefined(left);
        requireDefined(right);
        Value result =
                switch (operator) {
                    case "+" -> add(left, right);
                    case "*" -> b != null ? repeat(left, b) : a != null ? repeat(right, a) : null;
                    case "%" -> left instanceof Text text ? format(text, right) : null;
                    default -> null;
                };
        if (result == null) {
            throw TemplateException.failed(
                    "unsupported operand type(s) for "
                            + operator
                            + ": '"
                            + left.typeName()
                            + "' and '"
                            + right.typeName()
                            + "'");
        }
        return result;
    }

    private Value format(Text pattern, Value argument) {
        return new PercentFormat(this, pattern).format(argument);
    }

    private @Nullable Value add(Value left, Value right) {
        if (left instanceof Text text && right instanceof Text other) {
            return builder().append(text).append(other).text();
        }
        if (left instanceof Value.Sequence(List<Value> items, boolean tuple)
                && right instanceof Value.Sequence(List<Value> others, boolean otherTuple)
                && tuple == otherTuple) {
            budget.steps(items.size() + (long) others.size());
            List<Value> all = new ArrayList<>(items);
            all.addAll(others);
            return new Value.Sequence(List.copyOf(all), tuple);
        }
        return null;
    }

    private @Nullable Value repeat(Value value, Value times) {
        if (!(times instanceof Value.Int)) {
            return null;
        }
        if (value instanceof Text text) {
            return builder().repeat(text, index(times)).text();
        }
        if (value instanceof Value.Sequence(List<Value> items, boolean tuple)) {
            long count = items.isEmpty() ? 0 : Math.max(0, index(times));
            budget.steps(Math.multiplyExact(Math.min(count, Integer.MAX_VALUE), items.size()));
            List<Value> all = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                all.addAll(items);
            }
            return new Value.Sequence(List.copyOf(all), tuple);
        }
        return null;
    }

    /** {@code a ~ b ~ …}. */
    Text concatenate(List<Value> values) {
        TextBuilder builder = builder();
        values.forEach(value -> builder.append(text(value)));
        return builder.text();
    }

    /** A whole number as a position or count; one beyond the range of long is clamped. */
    long index(Value value) {
        Value number = Numbers.number(value);
        if (!(number instanceof Value.Int(BigInteger whole, boolean _))) {
            requireDefined(value);
            throw TemplateException.failed(
                    "'" + value.typeName() + "' object cannot be interpreted as an integer");
        }
        if (whole.bitLength() < Long.SIZE) {
            return whole.longValue();
        }
        return whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** As {@link #index}, clamped to the range of int. */
    int smallIndex(Value value) {
        return Math.clamp(index(value), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    void requireDefined(Value value) {
        if (value instanceof Value.Undefined(String message)) {
            throw TemplateException.failed(message);
        }
    }

    // Conversion to text

    /** {@code str(value)}: what {@code {{ value }}} prints. */
    Text text(Value value) {
        return switch (value) {
            case Text text -> text;
            case Value.Undefined _ -> Text.EMPTY;
            case Value.None _ -> Text.trusted("None");
            case Value.Bool(boolean bit) -> Text.trusted(bit ? "True" : "False");
            case Value.Int(BigInteger number, boolean trusted) ->
                    numeral(number.toString(), trusted);
            case Value.Real(double _, String spelling, boolean trusted) ->
                    numeral(spelling, trusted);
            default -> represent(value);
        };
    }

    private static Text numeral(String digits, boolean trusted) {
        return trusted ? Text.trusted(digits) : Text.untrusted(digits);
    }

    /** {@code repr(value)}; data, therefore untrusted. */
    Text represent(Value value) {
        TextBuilder builder = builder();
        represent(value, builder);
        return builder.text();
    }

    private void represent(Value value, TextBuilder out) {
        budget.step();
        switch (value) {
            case Text text -> out.append(PythonText.quote(text.chars()), false);
            case Value.Undefined _ -> out.append("Undefined", false);
            case Value.None _, Value.Bool _, Value.Int _, Value.Real _ ->
                    out.append(text(value).chars(), false);
            case Value.Sequence(List<Value> items, boolean tuple) ->
                    represent(
                            items,
                            tuple ? "(" : "[",
                            tuple ? items.size() == 1 ? ",)" : ")" : "]",
                            out);
            case Value.View(String type, List<Value> items) ->
                    represent(items, type + "([", "])", out);
            case Value.Mapping mapping -> represent(mapping, out);
            case Value.Range range ->
                    out.append(
                            "range("
                                    + range.start()
                                    + ", "
                                    + range.stop()
                                    + (range.step() == 1 ? "" : ", " + range.step())
                                    + ")",
                            false);
            case Value.Namespace namespace -> {
                out.append("<Namespace ", false);
                represent(Value.Mapping.of(namespace.attributes()), out);
                out.append(">", false);
            }
            case Macro macro -> out.append("<Macro " + PythonText.quote(macro.name()) + ">", false);
            case Value.Stream _, Value.Method _, Function _, Loop _ ->
                    throw TemplateException.failed(
                            "a value of type '" + value.typeName() + "' cannot be printed");
        }
    }

    private void represent(List<Value> items, String open, String close, TextBuilder out) {
        budget.enter();
        out.append(open, false);
        String separator = "";
        for (Value item : items) {
            out.append(separator, false);
            represent(item, out);
            separator = ", ";
        }
        out.append(close, false);
        budget.leave();
    }

    private void represent(Value.Mapping mapping, TextBuilder out) {
        budget.enter();
        out.append("{", false);
        String separator = "";
        for (Value.Mapping.Entry entry : mapping.entries()) {
            out.append(separator, false);
            represent(entry.key(), out);
            out.append(": ", false);
            represent(entry.value(), out);
            separator = ", ";
        }
        out.append("}", false);
        budget.leave();
    }
}
