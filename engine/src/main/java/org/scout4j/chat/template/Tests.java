package org.scout4j.chat.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** The tests after {@code is}. */
final class Tests {
    /** A test of a value. */
    @FunctionalInterface
    private interface Test {
        boolean holds(Operators operators, Value value, Arguments arguments);
    }

    private static final Map<String, Test> TESTS =
            Map.ofEntries(
                    Map.entry("defined", plain(value -> !(value instanceof Value.Undefined))),
                    Map.entry("undefined", plain(value -> value instanceof Value.Undefined)),
                    Map.entry("none", plain(value -> value instanceof Value.None)),
                    Map.entry("boolean", plain(value -> value instanceof Value.Bool)),
                    Map.entry("true", plain(value -> value.equals(Value.TRUE))),
                    Map.entry("false", plain(value -> value.equals(Value.FALSE))),
                    Map.entry("integer", plain(value -> value instanceof Value.Int)),
                    Map.entry("float", plain(value -> value instanceof Value.Real)),
                    Map.entry("number", plain(value -> Numbers.number(value) != null)),
                    Map.entry("string", plain(value -> value instanceof Text)),
                    Map.entry("mapping", plain(value -> value instanceof Value.Mapping)),
                    Map.entry("sequence", plain(Tests::isSequence)),
                    Map.entry("iterable", plain(Tests::isIterable)),
                    Map.entry("callable", plain(Tests::isCallable)),
                    Map.entry("odd", (operators, value, _) -> remainder(operators, value, 2) == 1),
                    Map.entry("even", (operators, value, _) -> remainder(operators, value, 2) == 0),
                    Map.entry("divisibleby", Tests::isDivisible),
                    Map.entry(
                            "lower", (operators, value, _) -> isCase(operators, value, "islower")),
                    Map.entry(
                            "upper", (operators, value, _) -> isCase(operators, value, "isupper")),
                    Map.entry("in", Tests::isIn),
                    Map.entry("sameas", Tests::isSame),
                    Map.entry(
                            "filter",
                            plain(value -> isName(value) && Filters.exists(value.toString()))),
                    Map.entry("test", plain(value -> isName(value) && exists(value.toString()))),
                    Map.entry("eq", comparison("==")),
                    Map.entry("equalto", comparison("==")),
                    Map.entry("==", comparison("==")),
                    Map.entry("ne", comparison("!=")),
                    Map.entry("!=", comparison("!=")),
                    Map.entry("lt", comparison("<")),
                    Map.entry("lessthan", comparison("<")),
                    Map.entry("<", comparison("<")),
                    Map.entry("le", comparison("<=")),
                    Map.entry("<=", comparison("<=")),
                    Map.entry("gt", comparison(">")),
                    Map.entry("greaterthan", comparison(">")),
                    Map.entry(">", comparison(">")),
                    Map.entry("ge", comparison(">=")),
                    Map.entry(">=", comparison(">=")));

    private Tests() {}

    static boolean exists(String name) {
        return TESTS.containsKey(name);
    }

    static boolean apply(Operators operators, String name, Value value, Arguments arguments) {
        Test test = TESTS.get(name);
        if (test == null) {
            throw TemplateException.failed("unknown test '" + name + "'");
        }
        return test.holds(operators, value, arguments);
    }

    private static Test plain(java.util.function.Predicate<Value> predicate) {
        return (_, value, arguments) -> {
            arguments.bind("test", 0);
            return predicate.test(value);
        };
    }

    private static Test comparison(String operator) {
        return (operators, value, arguments) ->
                operators.compare(operator, value, argument(arguments, operator));
    }

    private static Value argument(Arguments arguments, String test) {
        Value argument = arguments.bind(test, 1, "other")[0];
        return argument == null ? Value.NONE : argument;
    }

    private static boolean isName(Value value) {
        return value instanceof Text;
    }

    private static boolean isSequence(Value value) {
        return switch (value) {
            case Text _, Value.Sequence _, Value.Mapping _, Value.Range _, Value.Undefined _ ->
                    true;
            default -> false;
        };
    }

    private static boolean isIterable(Value value) {
        return switch (value) {
            case Text _,
                    Value.Sequence _,
                    Value.Mapping _,
                    Value.Range _,
                    Value.View _,
                    Value.Stream _,
                    Value.Undefined _,
                    Loop _ ->
                    true;
            default -> false;
        };
    }

    private static boolean isCallable(Value value) {
        return switch (value) {
            case Macro _, Function _, Value.Method _, Value.Undefined _ -> true;
            default -> false;
        };
    }

    private static long remainder(Operators operators, Value value, long divisor) {
        Value rest = operators.calculate("%", value, Value.of(divisor));
        return switch (rest) {
            case Value.Int(BigInteger whole, boolean _) -> whole.longValue();
            case Value.Real(double real, String _, boolean _) ->
                    real == Math.rint(real) ? (long) real : -1;
            default -> -1;
        };
    }

    private static boolean isDivisible(Operators operators, Value value, Arguments arguments) {
        Value rest = operators.calculate("%", value, argument(arguments, "divisibleby"));
        return operators.equal(rest, Value.of(0));
    }

    private static boolean isCase(Operators operators, Value value, String method) {
        return Methods.call(operators.text(value), method, Arguments.NONE, operators)
                .equals(Value.TRUE);
    }

    private static boolean isIn(Operators operators, Value value, Arguments arguments) {
        return operators.contains(argument(arguments, "in"), value);
    }

    /** Identity, which is equality for what has no identity that a template could rely on. */
    private static boolean isSame(Operators operators, Value value, Arguments arguments) {
        Value other = argument(arguments, "sameas");
        return switch (value) {
            case Text _, Value.Int _, Value.Real _, Value.Bool _ ->
                    value.getClass() == other.getClass() && operators.equal(value, other);
            case Value.Sequence(List<Value> items, boolean _) when items.isEmpty() -> false;
            default -> Operators.same(value, other);
        };
    }
}
