package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code value.name}, {@code value[index]} and {@code value[start:stop:step]}. */
final class Attributes {
    private static final Set<String> CHANGING =
            Set.of(
                    "append",
                    "clear",
                    "extend",
                    "insert",
                    "pop",
                    "popitem",
                    "remove",
                    "reverse",
                    "setdefault",
                    "sort",
                    "update");

    private Attributes() {}

    /** {@code of.name}: a method first, then an element of that name. */
    static Value attribute(Value of, String name, Operators operators) {
        operators.requireDefined(of);
        Value own = own(of, name);
        if (own != null) {
            return own;
        }
        Value element = of instanceof Value.Mapping mapping ? mapping.get(name) : null;
        return element == null ? Value.Undefined.attribute(of, name) : element;
    }

    /** {@code of[index]}: an element first, then an attribute of that name. */
    static Value item(Value of, Value index, Operators operators) {
        operators.requireDefined(of);
        Value element = element(of, index, operators);
        if (element == null && index instanceof Text name) {
            element = own(of, name.chars());
        }
        return element == null
                ? new Value.Undefined(
                        of.typeName()
                                + " object has no element "
                                + operators.represent(index).chars())
                : element;
    }

    /** What a value has besides elements: methods and the attributes of special values. */
    private static @Nullable Value own(Value of, String name) {
        return switch (of) {
            case Value.Namespace namespace -> namespace.get(name);
            case Loop loop -> loop.attribute(name);
            case Macro macro when name.equals("name") -> Text.trusted(macro.name());
            case Value.Mapping _, Value.Sequence _ when changes(of, name) ->
                    new Value.Undefined(
                            "access to attribute '"
                                    + name
                                    + "' of '"
                                    + of.typeName()
                                    + "' object is unsafe");
            case Text _, Value.Mapping _, Value.Sequence _ ->
                    Methods.exists(of, name) ? new Value.Method(of, name) : null;
            default -> null;
        };
    }

    private static boolean changes(Value of, String name) {
        boolean listOnly =
                name.equals("append")
                        || name.equals("extend")
                        || name.equals("insert")
                        || name.equals("remove")
                        || name.equals("reverse")
                        || name.equals("sort");
        boolean mappingOnly =
                name.equals("popitem") || name.equals("setdefault") || name.equals("update");
        return CHANGING.contains(name)
                && switch (of) {
                    case Value.Mapping _ -> !listOnly;
                    case Value.Sequence(List<Value> _, boolean tuple) -> !tuple && !mappingOnly;
                    default -> false;
                };
    }

    private static @Nullable Value element(Value of, Value index, Operators operators) {
        if (of instanceof Value.Mapping mapping) {
            return mapping.get(index);
        }
        if (!(Numbers.number(index) instanceof Value.Int)) {
            return null;
        }
        long place = operators.index(index);
        return switch (of) {
            case Value.Sequence(List<Value> items, boolean _) -> {
                int at = place(place, items.size());
                yield at < 0 ? null : items.get(at);
            }
            case Value.Range range -> {
                int at = place(place, range.size());
                yield at < 0 ? null : range.item(at);
            }
            case Text text -> {
                int at = place(place, operators.length(text));
                if (at < 0) {
                    yield null;
                }
                int from = text.chars().offsetByCodePoints(0, at);
                yield text.substring(from, text.chars().offsetByCodePoints(from, 1));
            }
            default -> null;
        };
    }

    /** The place of an index that may count from the end, or -1. */
    private static int place(long index, int size) {
        long place = index < 0 ? index + size : index;
        return place >= 0 && place < size ? (int) place : -1;
    }

    /** {@code of[start:stop:step]}; a bound that was left out is null. */
    static Value slice(
            Value of,
            @Nullable Value start,
            @Nullable Value stop,
            @Nullable Value step,
            Operators operators) {
        operators.requireDefined(of);
        long stride = step == null ? 1 : operators.index(step);
        if (stride == 0) {
            throw TemplateException.failed("slice step cannot be zero");
        }
        return switch (of) {
            case Text text -> slice(text, start, stop, stride, operators);
            case Value.Sequence(List<Value> items, boolean tuple) -> {
                int[] places = places(items.size(), start, stop, stride, operators);
                List<Value> chosen = new ArrayList<>(places.length);
                for (int place : places) {
                    chosen.add(items.get(place));
                }
                yield new Value.Sequence(List.copyOf(chosen), tuple);
            }
            case Value.Range range -> {
                int[] places = places(range.size(), start, stop, stride, operators);
                List<Value> chosen = new ArrayList<>(places.length);
                for (int place : places) {
                    chosen.add(range.item(place));
                }
                yield Value.list(chosen);
            }
            default -> new Value.Undefined(of.typeName() + " object has no slices");
        };
    }

    private static Value slice(
            Text text,
            @Nullable Value start,
            @Nullable Value stop,
            long stride,
            Operators operators) {
        int length = operators.length(text);
        if (stride == 1) {
            int from = bound(start, 0, length, length, operators);
            int to = Math.max(from, bound(stop, length, length, length, operators));
            int begin = text.chars().offsetByCodePoints(0, from);
            return text.substring(begin, text.chars().offsetByCodePoints(begin, to - from));
        }
        List<Value> characters = operators.iterate(text);
        TextBuilder builder = operators.builder();
        for (int place : places(length, start, stop, stride, operators)) {
            builder.append((Text) characters.get(place));
        }
        return builder.text();
    }

    private static int[] places(
            int size,
            @Nullable Value start,
            @Nullable Value stop,
            long stride,
            Operators operators) {
        boolean forward = stride > 0;
        int first =
                bound(start, forward ? 0 : size - 1, size, forward ? size : size - 1, operators);
        int end = bound(stop, forward ? size : -1, size, forward ? size : size - 1, operators);
        long distance = forward ? (long) end - first : (long) first - end;
        if (distance <= 0) {
            return new int[0];
        }
        long magnitude = stride == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(stride);
        int count = Math.toIntExact((distance - 1) / magnitude + 1);
        operators.budget().steps(count);
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = (int) (first + i * stride);
        }
        return places;
    }

    /** A bound that may count from the end, between where a walk begins and ends at the most. */
    private static int bound(
            @Nullable Value given, int absent, int size, int last, Operators operators) {
        if (given == null) {
            return absent;
        }
        long place = operators.index(given);
        place = place < 0 ? Math.max(place, -size - 1L) + size : place;
        return Math.clamp(place, last == size ? 0 : -1, last);
    }
}
