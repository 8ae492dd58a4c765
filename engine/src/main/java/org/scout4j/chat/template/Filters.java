package org.scout4j.chat.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The filters after {@code |}. */
final class Filters {
    /** A filter applied to its input. */
    @FunctionalInterface
    private interface Filter {
        Value apply(Renderer renderer, Value input, Arguments arguments);
    }

    /** A filter that takes no arguments. */
    @FunctionalInterface
    private interface Plain {
        Value apply(Operators operators, Value input);
    }

    private static final Set<String> ESCAPES = Set.of("e", "escape", "forceescape");

    private static final Map<String, Filter> FILTERS =
            Map.ofEntries(
                    plain("abs", Filters::absolute),
                    Map.entry("batch", Filters::batch),
                    plain(
                            "capitalize",
                            (operators, input) -> inCase(operators, input, "capitalize")),
                    Map.entry("center", Filters::center),
                    plain("count", (operators, input) -> Value.of(operators.length(input))),
                    Map.entry("d", Filters::orDefault),
                    Map.entry("default", Filters::orDefault),
                    Map.entry("dictsort", Filters::sortMapping),
                    plain("e", Filters::escape),
                    plain("escape", Filters::escape),
                    plain("first", Filters::first),
                    Map.entry("float", Filters::toFloat),
                    plain("forceescape", Filters::escape),
                    Map.entry("format", Filters::format),
                    Map.entry("indent", Filters::indent),
                    Map.entry("int", Filters::toInt),
                    plain("items", Filters::items),
                    Map.entry("join", Filters::join),
                    plain("last", Filters::last),
                    plain("length", (operators, input) -> Value.of(operators.length(input))),
                    plain("list", Filters::list),
                    plain("lower", (operators, input) -> inCase(operators, input, "lower")),
                    Map.entry("map", Filters::map),
                    Map.entry(
                            "max", (renderer, input, given) -> extreme(renderer, input, given, 1)),
                    Map.entry(
                            "min", (renderer, input, given) -> extreme(renderer, input, given, -1)),
                    Map.entry(
                            "reject",
                            (renderer, input, given) -> select(renderer, input, given, false)),
                    Map.entry(
                            "rejectattr",
                            (renderer, input, given) ->
                                    selectByAttribute(renderer, input, given, false)),
                    Map.entry("replace", Filters::replace),
                    plain("reverse", Filters::reverse),
                    Map.entry("round", Filters::round),
                    plain("safe", Operators::text),
                    Map.entry(
                            "select",
                            (renderer, input, given) -> select(renderer, input, given, true)),
                    Map.entry(
                            "selectattr",
                            (renderer, input, given) ->
                                    selectByAttribute(renderer, input, given, true)),
                    Map.entry("sort", Filters::sort),
                    plain("string", Operators::text),
                    Map.entry("sum", Filters::sum),
                    plain("title", Filters::title),
                    Map.entry("tojson", Filters::toJson),
                    Map.entry("trim", Filters::trim),
                    Map.entry("unique", Filters::unique),
                    plain("upper", (operators, input) -> inCase(operators, input, "upper")));

    private Filters() {}

    private static Map.Entry<String, Filter> plain(String name, Plain filter) {
        return Map.entry(
                name,
                (renderer, input, arguments) -> {
                    arguments.bind(name, 0);
                    return filter.apply(renderer.operators(), input);
                });
    }

    static boolean exists(String name) {
        return FILTERS.containsKey(name);
    }

    /**
     * Whether a filter escapes text for HTML. Jinja gives such a text a type of its own, which
     * escapes whatever it is joined with; that is not imitated, so these filters may only end an
     * output. The mark that {@code safe} sets has the same type; templates join it with {@code ~},
     * which ignores the mark, and print it.
     */
    static boolean isEscape(String name) {
        return ESCAPES.contains(name);
    }

    static Value apply(Renderer renderer, String name, Value input, Arguments arguments) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw TemplateException.failed("unknown filter '" + name + "'");
        }
        if (input instanceof Text text) {
            renderer.operators().budget().characters(text.length());
        }
        return filter.apply(renderer, input, arguments);
    }

    // Texts

    private static Value inCase(Operators operators, Value input, String name) {
        return Methods.inCase(operators.text(input), name, operators.budget());
    }

    /** The first letter after white space, {@code -} and opening brackets; the rest small. */
    private static Value title(Operators operators, Value input) {
        Text text = operators.text(input);
        TextBuilder builder = operators.builder();
        int from = 0;
        while (from < text.length()) {
            int to = from;
            boolean separator = separatesWords(text.chars().charAt(from));
            while (to < text.length() && separatesWords(text.chars().charAt(to)) == separator) {
                to++;
            }
            Text part = text.substring(from, to);
            if (separator) {
                builder.append(part);
            } else {
                int first = part.chars().offsetByCodePoints(0, 1);
                builder.append(
                        Methods.inCase(part.substring(0, first), "upper", operators.budget()));
                Text rest = part.substring(first, part.length());
                builder.append(Methods.inCase(rest, "lower", operators.budget()));
            }
            from = to;
        }
        return builder.text();
    }

    private static boolean separatesWords(char character) {
        return "-({[<".indexOf(character) >= 0 || PythonText.isSpace(character);
    }

    private static Value trim(Renderer renderer, Value input, Arguments arguments) {
        Value characters = arguments.bind("trim", 0, "chars")[0];
        return Methods.strip(renderer.operators().text(input), characters, true, true);
    }

    private static Value replace(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("replace", 2, "old", "new", "count");
        Value limit = given[2] == null ? Value.NONE : given[2];
        return Methods.replace(
                operators.text(input),
                operators.text(Objects.requireNonNull(given[0])),
                operators.text(Objects.requireNonNull(given[1])),
                limit instanceof Value.None ? -1 : operators.index(limit),
                operators);
    }

    private static Value center(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        Value width = arguments.bind("center", 0, "width")[0];
        return Methods.center(
                Methods.text(input, operators),
                width == null ? 80 : operators.index(width),
                Text.trusted(" "),
                operators);
    }

    private static Value format(Renderer renderer, Value input, Arguments arguments) {
        if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
            throw TemplateException.failed(
                    "format takes either positional or keyword arguments, not both");
        }
        Operators operators = renderer.operators();
        Value values =
                arguments.named().isEmpty()
                        ? new Value.Sequence(List.copyOf(arguments.positional()), true)
                        : Value.Mapping.of(arguments.named());
        return new PercentFormat(operators, operators.text(input)).format(values);
    }

    private static Value indent(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("indent", 0, "width", "first", "blank");
        Text indentation =
                given[0] instanceof Text text
                        ? text
                        : operators
                                .builder()
                                .repeat(
                                        Text.trusted(" "),
                                        given[0] == null ? 4 : operators.index(given[0]))
                                .text();
        boolean first = given[1] != null && operators.isTrue(given[1]);
        boolean blank = given[2] != null && operators.isTrue(given[2]);
        Text text = Methods.text(input, operators);
        // A line break at the end begins one more, empty, line.
        Text terminated = operators.builder().append(text).append("\n", true).text();
        TextBuilder builder = operators.builder();
        boolean head = true;
        for (Value line : new TextSplitter(terminated, operators).lines(false)) {
            Text content = (Text) line;
            if (!head) {
                builder.append("\n", true);
            }
            if (head ? first : blank || !content.isEmpty()) {
                builder.append(indentation);
            }
            builder.append(content);
            head = false;
        }
        return builder.text();
    }

    private static Value join(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("join", 0, "d", "attribute");
        Text separator = given[0] == null ? Text.EMPTY : operators.text(given[0]);
        List<Text> texts = new ArrayList<>();
        for (Value item : operators.iterate(input)) {
            Value part = given[1] == null ? item : path(item, given[1], operators);
            texts.add(operators.text(part));
        }
        return Methods.join(texts, separator, operators);
    }

    private static Value escape(Operators operators, Value input) {
        TextBuilder builder = operators.builder();
        Text text = operators.text(input);
        for (int i = 0; i < text.length(); i++) {
            char character = text.chars().charAt(i);
            String entity =
                    switch (character) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '\'' -> "&#39;";
                        case '"' -> "&#34;";
                        default -> "";
                    };
            if (entity.isEmpty()) {
                builder.append(text, i, i + 1);
            } else {
                builder.append(entity, text.isTrusted(i));
            }
        }
        return builder.text();
    }

    private static Value toJson(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given =
                arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = indentation(given[1], operators);
        String itemSeparator = indent == null ? ", " : ",";
        String keySeparator = ": ";
        if (given[2] != null && !(given[2] instanceof Value.None)) {
            List<Value> separators = operators.iterate(given[2]);
            if (separators.size() != 2) {
                throw TemplateException.failed("tojson: separators must be a pair");
            }
            itemSeparator = Methods.text(separators.get(0), operators).chars();
            keySeparator = Methods.text(separators.get(1), operators).chars();
        }
        boolean ensureAscii = given[0] != null && operators.isTrue(given[0]);
        boolean sortKeys = given[3] != null && operators.isTrue(given[3]);
        return new JsonWriter(indent, ensureAscii, itemSeparator, keySeparator, sortKeys)
                .write(input, operators.budget());
    }

    private static @Nullable String indentation(@Nullable Value given, Operators operators) {
        if (given == null || given instanceof Value.None) {
            return null;
        }
        if (given instanceof Text text) {
            return text.chars();
        }
        long width = Math.max(0, operators.index(given));
        operators.budget().room(0, 1, width);
        return " ".repeat(Math.toIntExact(width));
    }

    // Numbers

    private static Value absolute(Operators operators, Value input) {
        Value number = Numbers.number(input);
        if (number == null) {
            operators.requireDefined(input);
            throw TemplateException.failed(
                    "bad operand type for abs(): '" + input.typeName() + "'");
        }
        return Numbers.absolute(number);
    }

    private static Value toInt(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("int", 0, "default", "base");
        int base = given[1] == null ? 10 : operators.smallIndex(given[1]);
        if (base < 2 || base > 36) {
            throw TemplateException.failed("int: base must be between 2 and 36");
        }
        Value byDefault = given[0] == null ? Value.of(0) : given[0];
        Value number = Numbers.number(input);
        if (number instanceof Value.Int) {
            return number;
        }
        if (input instanceof Text text) {
            Value whole = Numbers.parseInt(text.chars(), base, text.isTrusted());
            if (whole != null) {
                return whole;
            }
            Double real = Numbers.parseFloat(text.chars());
            number = real == null ? null : Value.Real.of(real, text.isTrusted());
        }
        operators.requireDefined(input);
        return number == null || !Double.isFinite(Numbers.toDouble(number))
                ? byDefault
                : Numbers.whole(
                        new BigDecimal(Numbers.toDouble(number)).toBigInteger(),
                        Numbers.trusted(number));
    }

    private static Value toFloat(Renderer renderer, Value input, Arguments arguments) {
        @Nullable Value[] given = arguments.bind("float", 0, "default");
        renderer.operators().requireDefined(input);
        Value number = Numbers.number(input);
        if (number != null) {
            return Value.Real.of(Numbers.toDouble(number), Numbers.trusted(number));
        }
        Double real = input instanceof Text text ? Numbers.parseFloat(text.chars()) : null;
        if (real != null) {
            return Value.Real.of(real, ((Text) input).isTrusted());
        }
        return given[0] == null ? Value.Real.of(0, true) : given[0];
    }

    private static Value round(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("round", 0, "precision", "method");
        int digits = given[0] == null ? 0 : operators.smallIndex(given[0]);
        String method = given[1] == null ? "common" : operators.text(given[1]).chars();
        Value number = Numbers.number(input);
        if (number == null) {
            operators.requireDefined(input);
            throw TemplateException.failed("type " + input.typeName() + " cannot be rounded");
        }
        return switch (method) {
            case "common" -> Numbers.round(number, digits, RoundingMode.HALF_EVEN);
            case "ceil", "floor" -> {
                Value scale = Numbers.calculate("**", Value.of(10), Value.of(digits));
                Value scaled = Numbers.calculate("*", number, scale);
                boolean up = method.equals("ceil");
                Value whole =
                        Numbers.round(scaled, 0, up ? RoundingMode.CEILING : RoundingMode.FLOOR);
                yield Numbers.calculate("/", whole, scale);
            }
            default -> throw TemplateException.failed("method must be common, ceil or floor");
        };
    }

    private static Value sum(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("sum", 0, "attribute", "start");
        Value sum = given[1] == null ? Value.of(0) : given[1];
        for (Value item : operators.iterate(input)) {
            operators.budget().step();
            Value part = given[0] == null ? item : path(item, given[0], operators);
            sum = operators.calculate("+", sum, part);
        }
        return sum;
    }

    // Collections

    private static Value orDefault(Renderer renderer, Value input, Arguments arguments) {
        @Nullable Value[] given = arguments.bind("default", 0, "default_value", "boolean");
        boolean alsoFalse = given[1] != null && renderer.operators().isTrue(given[1]);
        boolean missing =
                input instanceof Value.Undefined
                        || (alsoFalse && !renderer.operators().isTrue(input));
        return missing ? given[0] == null ? Text.EMPTY : given[0] : input;
    }

    private static Value list(Operators operators, Value input) {
        List<Value> items = operators.iterate(input);
        operators.budget().steps(items.size());
        return Value.list(items);
    }

    private static Value first(Operators operators, Value input) {
        if (input instanceof Text text && !text.isEmpty()) {
            return text.substring(0, text.chars().offsetByCodePoints(0, 1));
        }
        List<Value> items = operators.iterate(input);
        return items.isEmpty()
                ? new Value.Undefined("no first item, the sequence was empty")
                : items.getFirst();
    }

    private static Value last(Operators operators, Value input) {
        if (input instanceof Value.Stream) {
            throw TemplateException.failed("'generator' object is not reversible");
        }
        if (input instanceof Text text && !text.isEmpty()) {
            int from = text.chars().offsetByCodePoints(text.length(), -1);
            return text.substring(from, text.length());
        }
        List<Value> items = operators.iterate(input);
        return items.isEmpty()
                ? new Value.Undefined("no last item, the sequence was empty")
                : items.getLast();
    }

    private static Value items(Operators operators, Value input) {
        return switch (input) {
            case Value.Undefined _ -> new Value.Stream(List.of());
            case Value.Mapping mapping -> {
                operators.budget().steps(mapping.size());
                yield new Value.Stream(mapping.items());
            }
            default -> throw TemplateException.failed("can only get item pairs from a mapping");
        };
    }

    private static Value reverse(Operators operators, Value input) {
        List<Value> items = new ArrayList<>(operators.iterate(input));
        operators.budget().steps(items.size());
        Collections.reverse(items);
        if (input instanceof Text) {
            return operators.concatenate(items);
        }
        return new Value.Stream(items);
    }

    private static Value batch(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("batch", 1, "linecount", "fill_with");
        long size = operators.index(Objects.requireNonNull(given[0]));
        List<Value> batches = new ArrayList<>();
        List<Value> batch = new ArrayList<>();
        for (Value item : operators.iterate(input)) {
            operators.budget().step();
            if (batch.size() == size) {
                batches.add(Value.list(batch));
                batch.clear();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            if (given[1] != null && !(given[1] instanceof Value.None)) {
                operators.budget().steps(Math.max(0, size - batch.size()));
                while (batch.size() < size) {
                    batch.add(given[1]);
                }
            }
            batches.add(Value.list(batch));
        }
        return new Value.Stream(batches);
    }

    private static Value map(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        List<Value> mapped = new ArrayList<>();
        Value attribute = arguments.named().get("attribute");
        if (arguments.positional().isEmpty() && attribute != null) {
            @Nullable Value[] given = arguments.bind("map", 1, "attribute", "default");
            for (Value item : operators.iterate(input)) {
                mapped.add(path(item, attribute, given[1], operators));
            }
        } else if (operators.isTrue(input)) {
            String filter = named("map", arguments);
            for (Value item : operators.iterate(input)) {
                operators.budget().step();
                mapped.add(renderer.filter(filter, item, arguments.rest()));
            }
        }
        return new Value.Stream(mapped);
    }

    /** The filter or test that the first argument names. */
    private static String named(String filter, Arguments arguments) {
        if (arguments.positional().isEmpty()
                || !(arguments.positional().getFirst() instanceof Text name)) {
            throw TemplateException.failed(filter + " needs a name as its first argument");
        }
        if (isEscape(name.chars())) {
            throw TemplateException.failed(
                    "filter '" + name.chars() + "' is supported only at the end of an output");
        }
        return name.chars();
    }

    private static Value select(
            Renderer renderer, Value input, Arguments arguments, boolean wanted) {
        List<Value> chosen = new ArrayList<>();
        if (renderer.operators().isTrue(input)) {
            for (Value item : renderer.operators().iterate(input)) {
                if (passes(renderer, item, arguments) == wanted) {
                    chosen.add(item);
                }
            }
        }
        return new Value.Stream(chosen);
    }

    private static Value selectByAttribute(
            Renderer renderer, Value input, Arguments arguments, boolean wanted) {
        if (arguments.positional().isEmpty()) {
            throw TemplateException.failed("missing parameter for attribute name");
        }
        List<Value> chosen = new ArrayList<>();
        if (renderer.operators().isTrue(input)) {
            Value attribute = arguments.positional().getFirst();
            for (Value item : renderer.operators().iterate(input)) {
                Value value = path(item, attribute, renderer.operators());
                if (passes(renderer, value, arguments.rest()) == wanted) {
                    chosen.add(item);
                }
            }
        }
        return new Value.Stream(chosen);
    }

    /** Whether a value passes the test that the first argument names, or is true without one. */
    private static boolean passes(Renderer renderer, Value value, Arguments arguments) {
        renderer.operators().budget().step();
        return arguments.positional().isEmpty()
                ? renderer.operators().isTrue(value)
                : renderer.test(named("select", arguments), value, arguments.rest());
    }

    /** The element at a path like {@code function.name} or {@code 0.content}. */
    private static Value path(Value item, Value path, Operators operators) {
        return path(item, path, null, operators);
    }

    private static Value path(
            Value item, Value path, @Nullable Value byDefault, Operators operators) {
        operators.budget().step();
        if (!(path instanceof Text text)) {
            return Attributes.item(item, path, operators);
        }
        operators.budget().steps(text.length());
        Value value = item;
        for (String step : PythonText.split(text.chars(), '.')) {
            Value index = Numbers.parseInt(step, 10, true);
            value =
                    Attributes.item(
                            value,
                            index == null || !Character.isDigit(step.charAt(0))
                                    ? Text.trusted(step)
                                    : index,
                            operators);
            if (value instanceof Value.Undefined && byDefault != null) {
                value = byDefault;
            }
        }
        return value;
    }

    /** What a value is compared by: texts without regard to case unless it matters. */
    private static Value folded(Value value, boolean caseSensitive, Operators operators) {
        return caseSensitive || !(value instanceof Text text)
                ? value
                : Methods.inCase(text, "lower", operators.budget());
    }

    /** A value with what it is ordered by. */
    private record Keyed(Value value, List<Value> keys) {}

    private static List<Value> sorted(List<Keyed> items, boolean descending, Operators operators) {
        Comparator<Keyed> order =
                (a, b) -> operators.order(Value.list(a.keys()), Value.list(b.keys()));
        items.sort(descending ? order.reversed() : order);
        return items.stream().map(Keyed::value).toList();
    }

    private static Value sort(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given =
                arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
        boolean descending = given[0] != null && operators.isTrue(given[0]);
        boolean sensitive = given[1] != null && operators.isTrue(given[1]);
        List<Value> attributes = attributes(given[2], operators);
        List<Keyed> items = new ArrayList<>();
        for (Value item : operators.iterate(input)) {
            List<Value> keys = new ArrayList<>();
            for (Value attribute : attributes) {
                Value key = attribute.equals(Value.NONE) ? item : path(item, attribute, operators);
                keys.add(folded(key, sensitive, operators));
            }
            items.add(new Keyed(item, keys));
        }
        return Value.list(sorted(items, descending, operators));
    }

    /** {@code "a,b"} is two attributes; {@code None} is the item itself. */
    private static List<Value> attributes(@Nullable Value given, Operators operators) {
        if (given instanceof Text text) {
            operators.budget().steps(text.length());
            List<Value> attributes = new ArrayList<>();
            for (String attribute : PythonText.split(text.chars(), ',')) {
                attributes.add(Text.trusted(attribute));
            }
            return attributes;
        }
        return List.of(given == null ? Value.NONE : given);
    }

    private static Value sortMapping(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
        boolean sensitive = given[0] != null && operators.isTrue(given[0]);
        String by = given[1] == null ? "key" : operators.text(given[1]).chars();
        boolean descending = given[2] != null && operators.isTrue(given[2]);
        if (!by.equals("key") && !by.equals("value")) {
            throw TemplateException.failed("can only sort by either 'key' or 'value'");
        }
        operators.requireDefined(input);
        if (!(input instanceof Value.Mapping mapping)) {
            throw TemplateException.failed("dictsort needs a mapping");
        }
        List<Keyed> items = new ArrayList<>();
        for (Value.Mapping.Entry entry : mapping.entries()) {
            operators.budget().step();
            Value key = by.equals("key") ? entry.key() : entry.value();
            items.add(
                    new Keyed(
                            Value.tuple(entry.key(), entry.value()),
                            List.of(folded(key, sensitive, operators))));
        }
        return Value.list(sorted(items, descending, operators));
    }

    private static Value unique(Renderer renderer, Value input, Arguments arguments) {
        Operators operators = renderer.operators();
        @Nullable Value[] given = arguments.bind("unique", 0, "case_sensitive", "attribute");
        boolean sensitive = given[0] != null && operators.isTrue(given[0]);
        Set<Object> seen = new HashSet<>();
        List<Value> chosen = new ArrayList<>();
        for (Value item : operators.iterate(input)) {
            operators.budget().step();
            Value key = given[1] == null ? item : path(item, given[1], operators);
            if (seen.add(Operators.key(folded(key, sensitive, operators)))) {
                chosen.add(item);
            }
        }
        return new Value.Stream(chosen);
    }

    /**
     * @param sign 1 for the largest, -1 for the smallest
     */
    private static Value extreme(Renderer renderer, Value input, Arguments arguments, int sign) {
        Operators operators = renderer.operators();
        @Nullable Value[] given =
                arguments.bind(sign > 0 ? "max" : "min", 0, "case_sensitive", "attribute");
        boolean sensitive = given[0] != null && operators.isTrue(given[0]);
        Value best = new Value.Undefined("no aggregated item, the sequence was empty");
        Value bestKey = null;
        for (Value item : operators.iterate(input)) {
            Value raw = given[1] == null ? item : path(item, given[1], operators);
            Value key = folded(raw, sensitive, operators);
            if (bestKey == null || operators.order(key, bestKey) * sign > 0) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }
}
