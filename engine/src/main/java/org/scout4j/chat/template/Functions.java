package org.scout4j.chat.template;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.scout4j.chat.template.TemplateException.Kind;

/** What every template can call: Jinja's own functions and those that Hugging Face adds. */
final class Functions {
    /** The same as in Jinja's sandbox. */
    private static final int LONGEST_RANGE = 100_000;

    private Functions() {}

    /**
     * @param now what {@code strftime_now} tells
     */
    static Scope scope(LocalDateTime now) {
        Scope scope = new Scope(null);
        define(scope, "range", Functions::range);
        define(scope, "dict", (operators, arguments) -> mapping("dict", operators, arguments));
        define(scope, "namespace", Functions::namespace);
        define(scope, "raise_exception", Functions::raise);
        define(
                scope,
                "strftime_now",
                (operators, arguments) ->
                        Text.trusted(
                                DateFormat.format(
                                        now,
                                        Methods.text(
                                                        arguments
                                                                .bind("strftime_now", 1, "format")[
                                                                0],
                                                        operators)
                                                .chars())));
        return scope;
    }

    private static void define(Scope scope, String name, Function.Body body) {
        scope.set(name, new Function(name, body));
    }

    private static Value range(Operators operators, Arguments arguments) {
        List<Value> bounds = arguments.positional();
        if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
            throw TemplateException.failed("range() takes from 1 to 3 arguments");
        }
        long start = bounds.size() == 1 ? 0 : bound(operators, bounds.get(0));
        long stop = bound(operators, bounds.get(bounds.size() == 1 ? 0 : 1));
        long step = bounds.size() < 3 ? 1 : bound(operators, bounds.get(2));
        if (step == 0) {
            throw TemplateException.failed("range() arg 3 must not be zero");
        }
        Value.Range range = new Value.Range(start, stop, step);
        if (range.length() > LONGEST_RANGE) {
            throw new TemplateException(
                    Kind.LIMIT, "the template makes a range of more than " + LONGEST_RANGE);
        }
        return range;
    }

    /** Bounds are far enough from the ends of long that differences cannot overflow. */
    private static long bound(Operators operators, Value value) {
        return Math.clamp(operators.index(value), Long.MIN_VALUE / 4, Long.MAX_VALUE / 4);
    }

    private static Value.Mapping mapping(String callee, Operators operators, Arguments arguments) {
        Value.Mapping mapping = new Value.Mapping();
        if (arguments.positional().size() > 1) {
            throw TemplateException.failed(callee + "() takes no more than 1 positional argument");
        }
        for (Value source : arguments.positional()) {
            if (source instanceof Value.Mapping other) {
                other.entries().forEach(entry -> mapping.put(entry.key(), entry.value()));
                continue;
            }
            for (Value item : operators.iterate(source)) {
                List<Value> pair = operators.iterate(item);
                if (pair.size() != 2) {
                    throw TemplateException.failed(callee + "() needs pairs of key and value");
                }
                mapping.put(pair.get(0), pair.get(1));
            }
        }
        arguments.named().forEach((name, value) -> mapping.put(Text.trusted(name), value));
        return mapping;
    }

    private static Value namespace(Operators operators, Arguments arguments) {
        Value.Namespace namespace = new Value.Namespace();
        for (Value.Mapping.Entry entry : mapping("namespace", operators, arguments).entries()) {
            namespace.set(operators.text(entry.key()).chars(), entry.value());
        }
        return namespace;
    }

    private static Value raise(Operators operators, Arguments arguments) {
        Value message = arguments.bind("raise_exception", 1, "message")[0];
        throw new TemplateException(
                Kind.REFUSED, operators.text(Objects.requireNonNull(message)).chars());
    }

    /** Names that a template can use without anyone having set them. */
    static Scope variables(Map<String, Value> variables, LocalDateTime now) {
        Scope scope = new Scope(scope(now));
        variables.forEach(scope::set);
        return scope;
    }
}
