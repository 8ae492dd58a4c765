package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods of strings, dictionaries and lists that change nothing. */
final class Methods {
    private static final Set<String> OF_TEXT =
            Set.of(
                    "capitalize",
                    "casefold",
                    "center",
                    "count",
                    "endswith",
                    "find",
                    "format",
                    "index",
                    "isalnum",
                    "isalpha",
                    "isascii",
                    "isdigit",
                    "islower",
                    "isnumeric",
                    "isspace",
                    "isupper",
                    "join",
                    "ljust",
                    "lower",
                    "lstrip",
                    "partition",
                    "removeprefix",
                    "removesuffix",
                    "replace",
                    "rfind",
                    "rindex",
                    "rjust",
                    "rpartition",
                    "rsplit",
                    "rstrip",
                    "split",
                    "splitlines",
                    "startswith",
                    "strip",
                    "title",
                    "upper",
                    "zfill");
    private static final Set<String> OF_MAPPING = Set.of("copy", "get", "items", "keys", "values");
    private static final Set<String> OF_LIST = Set.of("copy", "count", "index");

    private Methods() {}

    static boolean exists(Value receiver, String name) {
        return switch (receiver) {
            case Text _ -> OF_TEXT.contains(name);
            case Value.Mapping _ -> OF_MAPPING.contains(name);
            case Value.Sequence(List<Value> _, boolean tuple) ->
                    OF_LIST.contains(name) && !(tuple && name.equals("copy"));
            default -> false;
        };
    }

    static Value call(Value receiver, String name, Arguments arguments, Operators operators) {
        return switch (receiver) {
            case Text text -> {
                operators.budget().characters(text.length());
                yield onText(text, name, arguments, operators);
            }
            case Value.Mapping mapping -> onMapping(mapping, name, arguments, operators);
            case Value.Sequence list -> onList(list, name, arguments, operators);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Value onMapping(
            Value.Mapping mapping, String name, Arguments arguments, Operators operators) {
        if (name.equals("get")) {
            @Nullable Value[] given = arguments.bind("get", 1, "key", "default");
            Value found = mapping.get(Objects.requireNonNull(given[0]));
            return found != null ? found : given[1] != null ? given[1] : Value.NONE;
        }
        arguments.bind(name, 0);
        operators.budget().steps(mapping.size());
        return switch (name) {
            case "keys" -> new Value.View("dict_keys", mapping.keys());
            case "values" -> new Value.View("dict_values", mapping.values());
            case "items" -> new Value.View("dict_items", mapping.items());
            case "copy" -> mapping;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Value onList(
            Value.Sequence list, String name, Arguments arguments, Operators operators) {
        if (name.equals("copy")) {
            arguments.bind(name, 0);
            return list;
        }
        Value wanted = Objects.requireNonNull(arguments.bind(name, 1, "value")[0]);
        int count = 0;
        for (int i = 0; i < list.items().size(); i++) {
            if (operators.equal(list.items().get(i), wanted)) {
                if (name.equals("index")) {
                    return Value.of(i);
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw TemplateException.failed("the value is not in the list");
        }
        return Value.of(count);
    }

    private static Value onText(Text text, String name, Arguments arguments, Operators operators) {
        return switch (name) {
            case "capitalize", "casefold", "lower", "title", "upper" -> {
                arguments.bind(name, 0);
                yield inCase(text, name, operators.budget());
            }
            case "isalnum",
                    "isalpha",
                    "isascii",
                    "isdigit",
                    "islower",
                    "isnumeric",
                    "isspace",
                    "isupper" -> {
                arguments.bind(name, 0);
                yield Value.of(is(text.chars(), name));
            }
            case "strip", "lstrip", "rstrip" -> {
                Value characters = arguments.bind(name, 0, "chars")[0];
                yield strip(text, characters, !name.equals("rstrip"), !name.equals("lstrip"));
            }
            case "startswith", "endswith" -> affix(text, name, arguments, operators);
            case "removeprefix" -> {
                Text prefix = text(arguments.bind(name, 1, "prefix")[0], operators);
                yield text.chars().startsWith(prefix.chars())
                        ? text.substring(prefix.length(), text.length())
                        : text;
            }
            case "removesuffix" -> {
                Text suffix = text(arguments.bind(name, 1, "suffix")[0], operators);
                yield text.chars().endsWith(suffix.chars())
                        ? text.substring(0, text.length() - suffix.length())
                        : text;
            }
            case "find", "rfind", "index", "rindex", "count" ->
                    search(text, name, arguments, operators);
            case "replace" -> {
                @Nullable Value[] given = arguments.bind(name, 2, "old", "new", "count");
                yield replace(
                        text,
                        text(given[0], operators),
                        text(given[1], operators),
                        given[2] == null ? -1 : operators.index(given[2]),
                        operators);
            }
            case "split", "rsplit" -> {
                @Nullable Value[] given = arguments.bind(name, 0, "sep", "maxsplit");
                Value separator = given[0] == null ? Value.NONE : given[0];
                long limit = given[1] == null ? -1 : operators.index(given[1]);
                yield Value.list(
                        new TextSplitter(text, operators)
                                .split(separator, limit, name.equals("rsplit")));
            }
            case "splitlines" -> {
                Value keep = arguments.bind(name, 0, "keepends")[0];
                boolean keepEnds = keep != null && operators.isTrue(keep);
                yield Value.list(new TextSplitter(text, operators).lines(keepEnds));
            }
            case "partition", "rpartition" ->
                    partition(
                            text,
                            text(arguments.bind(name, 1, "sep")[0], operators),
                            name.equals("rpartition"),
                            operators);
            case "join" -> {
                Value items = Objects.requireNonNull(arguments.bind(name, 1, "iterable")[0]);
                List<Text> texts = new ArrayList<>();
                operators.iterate(items).forEach(item -> texts.add(text(item, operators)));
                yield join(texts, text, operators);
            }
            case "center", "ljust", "rjust", "zfill" -> pad(text, name, arguments, operators);
            case "format" -> new BraceFormat(operators, text, arguments).format();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** An argument that must be a string. */
    static Text text(@Nullable Value value, Operators operators) {
        if (value instanceof Text text) {
            return text;
        }
        Value other = Objects.requireNonNull(value);
        operators.requireDefined(other);
        throw TemplateException.failed("expected a string, found '" + other.typeName() + "'");
    }

    static Text inCase(Text text, String name, Budget budget) {
        return switch (name) {
            case "capitalize" -> {
                int first = text.isEmpty() ? 0 : text.chars().offsetByCodePoints(0, 1);
                Text head = text.substring(0, first).mapRuns(PythonText::capitalize, budget);
                Text tail = text.substring(first, text.length()).mapRuns(PythonText::lower, budget);
                yield new TextBuilder(budget).append(head).append(tail).text();
            }
            case "title" -> title(text, budget);
            case "upper" -> text.mapRuns(PythonText::upper, budget);
            case "casefold" -> text.mapRuns(run -> PythonText.lower(PythonText.upper(run)), budget);
            default -> text.mapRuns(PythonText::lower, budget);
        };
    }

    /** {@code str.title}: the first letter after every character that is no letter. */
    private static Text title(Text text, Budget budget) {
        TextBuilder builder = new TextBuilder(budget);
        boolean inWord = false;
        for (int from = 0; from < text.length(); ) {
            int codePoint = text.chars().codePointAt(from);
            String character = Character.toString(codePoint);
            builder.append(
                    inWord ? PythonText.lower(character) : PythonText.title(codePoint),
                    text.isTrusted(from));
            inWord = PythonText.isCased(codePoint);
            from += Character.charCount(codePoint);
        }
        return builder.text();
    }

    private static boolean is(String chars, String name) {
        IntPredicate kind =
                switch (name) {
                    case "isalnum" -> c -> Character.isLetter(c) || isNumeric(c);
                    case "isalpha" -> Character::isLetter;
                    case "isascii" -> c -> c < 0x80;
                    case "isdigit" -> Character::isDigit;
                    case "isnumeric" -> Methods::isNumeric;
                    case "isspace" -> PythonText::isSpace;
                    case "islower" -> c -> !Character.isUpperCase(c) && !Character.isTitleCase(c);
                    default -> c -> !Character.isLowerCase(c) && !Character.isTitleCase(c);
                };
        boolean needsCase = name.equals("islower") || name.equals("isupper");
        boolean any =
                needsCase ? chars.codePoints().anyMatch(PythonText::isCased) : !chars.isEmpty();
        return (any || name.equals("isascii")) && chars.codePoints().allMatch(kind);
    }

    private static boolean isNumeric(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                    true;
            default -> false;
        };
    }

    /**
     * @param characters which to remove: a string, or null or {@code None} for white space
     */
    static Text strip(Text text, @Nullable Value characters, boolean left, boolean right) {
        IntPredicate removed = PythonText::isSpace;
        if (characters instanceof Text set) {
            Set<Integer> members = set.chars().codePoints().boxed().collect(Collectors.toSet());
            removed = members::contains;
        } else if (characters != null && !(characters instanceof Value.None)) {
            throw TemplateException.failed("strip arg must be None or str");
        }
        String chars = text.chars();
        int from = 0;
        int to = chars.length();
        while (left && from < to && removed.test(chars.codePointAt(from))) {
            from += Character.charCount(chars.codePointAt(from));
        }
        while (right && from < to && removed.test(chars.codePointBefore(to))) {
            to -= Character.charCount(chars.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static Value affix(Text text, String name, Arguments arguments, Operators operators) {
        @Nullable Value[] given = arguments.bind(name, 1, "affix", "start", "end");
        Value affixes = Objects.requireNonNull(given[0]);
        Text range = (Text) Attributes.slice(text, given[1], given[2], null, operators);
        List<Value> candidates =
                affixes instanceof Value.Sequence(List<Value> items, boolean tuple) && tuple
                        ? items
                        : List.of(affixes);
        for (Value candidate : candidates) {
            String affix = text(candidate, operators).chars();
            if (name.equals("startswith")
                    ? range.chars().startsWith(affix)
                    : range.chars().endsWith(affix)) {
                return Value.TRUE;
            }
        }
        return Value.FALSE;
    }

    private static Value search(Text text, String name, Arguments arguments, Operators operators) {
        @Nullable Value[] given = arguments.bind(name, 1, "sub", "start", "end");
        String wanted = text(given[0], operators).chars();
        Text range = (Text) Attributes.slice(text, given[1], given[2], null, operators);
        String chars = range.chars();
        if (name.equals("count")) {
            return Value.of(count(chars, wanted));
        }
        int length = operators.length(text);
        long start = given[1] == null ? 0 : operators.index(given[1]);
        start = start < 0 ? Math.max(0, start + length) : start;
        boolean last = name.startsWith("r");
        int found =
                last
                        ? PythonText.lastIndexOf(chars, wanted, chars.length())
                        : PythonText.indexOf(chars, wanted, 0);
        if (found < 0 || start > length) {
            if (name.endsWith("index")) {
                throw TemplateException.failed("substring not found");
            }
            return Value.of(-1);
        }
        return Value.of(start + chars.codePointCount(0, found));
    }

    private static long count(String chars, String wanted) {
        if (wanted.isEmpty()) {
            return chars.codePointCount(0, chars.length()) + 1L;
        }
        long count = 0;
        for (int at = PythonText.indexOf(chars, wanted, 0);
                at >= 0;
                at = PythonText.indexOf(chars, wanted, at + wanted.length())) {
            count++;
        }
        return count;
    }

    /**
     * @param limit how many to replace; negative for all
     */
    static Text replace(Text text, Text old, Text by, long limit, Operators operators) {
        TextBuilder builder = operators.builder();
        String chars = text.chars();
        long left = limit < 0 ? Long.MAX_VALUE : limit;
        int from = 0;
        if (old.isEmpty()) {
            for (; left > 0 && from <= chars.length(); left--) {
                builder.append(by);
                int to = from < chars.length() ? chars.offsetByCodePoints(from, 1) : from + 1;
                builder.append(text, from, Math.min(to, chars.length()));
                from = to;
            }
        } else {
            int at = PythonText.indexOf(chars, old.chars(), 0);
            for (; left > 0 && at >= 0; left--) {
                builder.append(text, from, at).append(by);
                from = at + old.length();
                at = PythonText.indexOf(chars, old.chars(), from);
            }
        }
        return builder.append(text, Math.min(from, chars.length()), chars.length()).text();
    }

    private static Value partition(Text text, Text separator, boolean last, Operators operators) {
        if (separator.isEmpty()) {
            throw TemplateException.failed("empty separator");
        }
        operators.budget().step();
        int at =
                last
                        ? PythonText.lastIndexOf(text.chars(), separator.chars(), text.length())
                        : PythonText.indexOf(text.chars(), separator.chars(), 0);
        if (at < 0) {
            return last
                    ? Value.tuple(Text.EMPTY, Text.EMPTY, text)
                    : Value.tuple(text, Text.EMPTY, Text.EMPTY);
        }
        int end = at + separator.length();
        return Value.tuple(text.substring(0, at), separator, text.substring(end, text.length()));
    }

    static Text join(List<Text> texts, Text separator, Operators operators) {
        TextBuilder builder = operators.builder();
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                builder.append(separator);
            }
            builder.append(texts.get(i));
        }
        return builder.text();
    }

    private static Value pad(Text text, String name, Arguments arguments, Operators operators) {
        @Nullable Value[] given = arguments.bind(name, 1, "width", "fillchar");
        long missing = operators.index(Objects.requireNonNull(given[0])) - operators.length(text);
        Text fill = given[1] == null ? Text.trusted(" ") : text(given[1], operators);
        return switch (name) {
            case "zfill" -> {
                boolean signed = text.chars().startsWith("-") || text.chars().startsWith("+");
                int sign = signed ? 1 : 0;
                yield operators
                        .builder()
                        .append(text, 0, sign)
                        .repeat(Text.trusted("0"), missing)
                        .append(text, sign, text.length())
                        .text();
            }
            case "center" -> center(text, operators.length(text) + missing, fill, operators);
            case "ljust" -> operators.builder().append(text).repeat(fill, missing).text();
            default -> operators.builder().repeat(fill, missing).append(text).text();
        };
    }

    static Text center(Text text, long width, Text fill, Operators operators) {
        long missing = Math.max(0, width - operators.length(text));
        long left = missing / 2 + (missing & width & 1);
        return operators
                .builder()
                .repeat(fill, left)
                .append(text)
                .repeat(fill, missing - left)
                .text();
    }
}
