package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code pattern.format(…)}: fields by order, number or name with attributes and subscripts, the
 * conversions {@code !s} and {@code !r}, and the specifications {@code d}, {@code s} and {@code
 * .2f}.
 */
final class BraceFormat {
    private final Operators operators;
    private final Text pattern;
    private final Arguments arguments;
    private int automatic;

    BraceFormat(Operators operators, Text pattern, Arguments arguments) {
        this.operators = operators;
        this.pattern = pattern;
        this.arguments = arguments;
    }

    Text format() {
        TextBuilder out = operators.builder();
        String chars = pattern.chars();
        for (int i = 0; i < chars.length(); ) {
            char character = chars.charAt(i);
            if (character != '{' && character != '}') {
                int end = i;
                while (end < chars.length()
                        && chars.charAt(end) != '{'
                        && chars.charAt(end) != '}') {
                    end++;
                }
                out.append(pattern, i, end);
                i = end;
            } else if (i + 1 < chars.length() && chars.charAt(i + 1) == character) {
                out.append(pattern, i, i + 1);
                i += 2;
            } else {
                int close = chars.indexOf('}', i);
                if (character == '}' || close < 0) {
                    throw TemplateException.failed("single '" + character + "' in a format string");
                }
                out.append(field(chars.substring(i + 1, close)));
                i = close + 1;
            }
        }
        return out.text();
    }

    private Text field(String field) {
        int colon = field.indexOf(':');
        String specification = colon < 0 ? "" : field.substring(colon + 1);
        String name = colon < 0 ? field : field.substring(0, colon);
        int mark = name.indexOf('!');
        String conversion = mark < 0 ? "" : name.substring(mark + 1);
        Value value = value(mark < 0 ? name : name.substring(0, mark));
        value =
                switch (conversion) {
                    case "" -> value;
                    case "s" -> operators.text(value);
                    case "r" -> operators.represent(value);
                    default -> throw unsupported("!" + conversion);
                };
        return specified(value, specification);
    }

    private Text specified(Value value, String specification) {
        Value number = Numbers.number(value);
        if (specification.isEmpty()
                || (specification.equals("s") && value instanceof Text)
                || (specification.equals("d") && number instanceof Value.Int)) {
            return operators.text(value);
        }
        if (specification.startsWith(".")
                && specification.endsWith("f")
                && specification.length() <= 4
                && number != null) {
            return new PercentFormat(operators, Text.trusted("%" + specification)).format(number);
        }
        throw unsupported(":" + specification);
    }

    private static TemplateException unsupported(String what) {
        return TemplateException.failed("unsupported '" + what + "' in a format string");
    }

    /** {@code name.attribute[index]…}. */
    private Value value(String path) {
        List<String> steps = steps(path);
        Value value = start(steps.getFirst());
        for (String step : steps.subList(1, steps.size())) {
            String name = step.substring(1);
            value =
                    step.charAt(0) == '.'
                            ? Attributes.attribute(value, name, operators)
                            : Attributes.item(value, index(name), operators);
        }
        return value;
    }

    /** The name, then {@code .attribute} or {@code [index}. */
    private List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '.' || path.charAt(i) == '[') {
                operators.budget().step();
                String step = path.substring(from, i);
                boolean subscript = step.startsWith("[");
                if (subscript && !step.endsWith("]")) {
                    throw TemplateException.failed("missing ']' in a format string");
                }
                steps.add(subscript ? step.substring(0, step.length() - 1) : step);
                from = i;
            }
        }
        return steps;
    }

    private static Value index(String name) {
        Value number = Numbers.parseInt(name, 10, true);
        return number == null ? Text.trusted(name) : number;
    }

    private Value start(String name) {
        Value number = name.isEmpty() ? Value.of(automatic++) : index(name);
        if (number instanceof Value.Int) {
            long place = operators.index(number);
            if (place >= arguments.positional().size()) {
                throw TemplateException.failed("no argument " + place + " for a format string");
            }
            return arguments.positional().get((int) place);
        }
        @Nullable Value named = arguments.named().get(name);
        if (named == null) {
            throw TemplateException.failed("no argument '" + name + "' for a format string");
        }
        return named;
    }
}
