package org.scout4j.server.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import tools.jackson.databind.JsonNode;

/**
 * A value that a client sent and where it stands. Reading it as a type gives the value, or the
 * problem that names its place, what it must be and what it is.
 *
 * @param param its path, e.g. {@code stream_options.include_usage}
 */
public record JsonValue(String param, JsonNode node) {
    private static final double INTEGERS_END = 0x1p63;

    /** A number within bounds, both included. */
    public double number(double least, double most) {
        double number = node.isNumber() ? node.numberValue().doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw invalid("must be a number from " + plain(least) + " to " + plain(most));
        }
        return number;
    }

    /** A whole number within bounds, both included; {@code 1.0} is one too. */
    public long integer(long least, long most) {
        Optional<Long> value = whole();
        if (value.isEmpty() || value.get() < least || value.get() > most) {
            throw invalid(range(least, most));
        }
        return value.get();
    }

    private Optional<Long> whole() {
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? Optional.of(node.longValue()) : Optional.empty();
        }
        double number = node.isNumber() ? node.numberValue().doubleValue() : Double.NaN;
        boolean fits = number >= -INTEGERS_END && number < INTEGERS_END;
        return fits && number == Math.rint(number) ? Optional.of((long) number) : Optional.empty();
    }

    private static String range(long least, long most) {
        if (most == Long.MAX_VALUE || most == Integer.MAX_VALUE) {
            return least == Long.MIN_VALUE
                    ? "must be a 64-bit integer"
                    : "must be an integer, at least " + least;
        }
        return "must be an integer from " + least + " to " + most;
    }

    public boolean flag() {
        if (!node.isBoolean()) {
            throw invalid("must be true or false");
        }
        return node.booleanValue();
    }

    public String string() {
        if (!node.isString()) {
            throw invalid("must be a string");
        }
        return node.stringValue();
    }

    /** One of a few strings. */
    public String oneOf(List<String> allowed) {
        if (!node.isString() || !allowed.contains(node.stringValue())) {
            throw invalid("must be one of " + String.join(", ", allowed));
        }
        return node.stringValue();
    }

    /** Itself, an object. */
    public JsonValue object() {
        if (!node.isObject()) {
            throw invalid("must be an object");
        }
        return this;
    }

    /** A field of this object; null is absent. */
    public Optional<JsonValue> field(String name) {
        @Nullable JsonNode value = object().node.get(name);
        return value == null || value.isNull()
                ? Optional.empty()
                : Optional.of(new JsonValue(param + "." + name, value));
    }

    /** A field of this object that must be there. */
    public JsonValue required(String name) {
        return field(name).orElseThrow(() -> missing(param + "." + name));
    }

    /** The items of a list. */
    public List<JsonValue> items(int least, int most) {
        if (!node.isArray() || node.size() < least || node.size() > most) {
            throw invalid("must be a list of " + least + " to " + most + " items");
        }
        List<JsonValue> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            items.add(new JsonValue(param + "[" + i + "]", node.get(i)));
        }
        return items;
    }

    /** The same value, told of under another name. */
    public JsonValue as(String otherParam) {
        return new JsonValue(otherParam, node);
    }

    /** The problem of a value that is not what it must be. */
    public ProblemException invalid(String mustBe) {
        String found = node.isContainer() ? "" : ", not " + Problems.quoted(node.toString());
        return new ProblemException(
                Problems.invalid(param, null, "'" + shown(param) + "' " + mustBe + found + "."));
    }

    /** The problem of a value that is known but not offered. */
    public ProblemException unsupported(String why) {
        return new ProblemException(
                Problems.unsupported(param, "'" + shown(param) + "' " + why + "."));
    }

    /** The problem of a field that must be there and is not. */
    public static ProblemException missing(String param) {
        return new ProblemException(
                Problems.invalid(param, null, "'" + param + "' is required and missing."));
    }

    private static String shown(String param) {
        return Problems.quoted(param);
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
