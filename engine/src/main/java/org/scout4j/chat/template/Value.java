package org.scout4j.chat.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template computes with: Python's values, as far as templates need them, and nothing else.
 * No value leads to a Java object, so a template cannot reach the host.
 *
 * <p>Strings and numbers remember whether the template wrote them ("trusted") or whether they came
 * from a request; see {@link Text}.
 */
public sealed interface Value
        permits Text,
                Value.None,
                Value.Bool,
                Value.Int,
                Value.Real,
                Value.Undefined,
                Value.Sequence,
                Value.View,
                Value.Range,
                Value.Stream,
                Value.Mapping,
                Value.Namespace,
                Value.Method,
                Function,
                Macro,
                Loop {

    Value NONE = new None();
    Value TRUE = new Bool(true);
    Value FALSE = new Bool(false);

    static Value of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** A number that the template computed. */
    static Value of(long value) {
        return new Int(BigInteger.valueOf(value), true);
    }

    static Sequence list(List<? extends Value> items) {
        return new Sequence(List.copyOf(items), false);
    }

    static Sequence tuple(Value... items) {
        return new Sequence(List.of(items), true);
    }

    /** The name of the type in Python, for messages. */
    String typeName();

    /** {@code None}, and {@code null} in JSON. */
    record None() implements Value {
        @Override
        public String typeName() {
            return "NoneType";
        }
    }

    /** {@code True} or {@code False}. */
    record Bool(boolean value) implements Value {
        @Override
        public String typeName() {
            return "bool";
        }
    }

    /**
     * A whole number of any size.
     *
     * @param trusted whether the template computed it from its own numbers
     */
    record Int(BigInteger value, boolean trusted) implements Value {
        @Override
        public String typeName() {
            return "int";
        }
    }

    /**
     * A floating-point number.
     *
     * @param spelling how it prints: as Python would, or as the request spelled it
     * @param trusted whether the template computed it from its own numbers
     */
    record Real(double value, String spelling, boolean trusted) implements Value {
        static Real of(double value, boolean trusted) {
            return new Real(value, Numbers.spell(value), trusted);
        }

        @Override
        public String typeName() {
            return "float";
        }
    }

    /**
     * What a missing name, key or element gives: prints as nothing, is false and empty; anything
     * else that is done with it fails.
     *
     * @param message what is missing
     */
    record Undefined(String message) implements Value {
        static Undefined name(String name) {
            return new Undefined("'" + name + "' is undefined");
        }

        static Undefined attribute(Value of, String name) {
            return new Undefined("'" + of.typeName() + " object' has no attribute '" + name + "'");
        }

        @Override
        public String typeName() {
            return "Undefined";
        }
    }

    /** A list or a tuple; lists cannot be changed either, as in the sandbox of Hugging Face. */
    record Sequence(List<Value> items, boolean tuple) implements Value {
        @Override
        public String typeName() {
            return tuple ? "tuple" : "list";
        }
    }

    /** {@code dict.keys()}, {@code .values()}, {@code .items()}: sized, but without subscripts. */
    record View(String typeName, List<Value> items) implements Value {}

    /** {@code range(start, stop, step)}. */
    record Range(long start, long stop, long step) implements Value {
        long length() {
            boolean empty = step > 0 ? start >= stop : start <= stop;
            return empty ? 0 : (Math.abs(stop - start) - 1) / Math.abs(step) + 1;
        }

        int size() {
            return Math.toIntExact(length());
        }

        Value item(int index) {
            return Value.of(start + index * step);
        }

        @Override
        public String typeName() {
            return "range";
        }
    }

    /**
     * What {@code map}, {@code select} and their like give: it can be walked once, is true even
     * when it holds nothing, and has neither length nor subscripts.
     */
    final class Stream implements Value {
        private @Nullable List<Value> items;

        Stream(List<Value> items) {
            this.items = items;
        }

        /** The items; nothing at the second call. */
        List<Value> drain() {
            List<Value> rest = items == null ? List.of() : items;
            items = null;
            return rest;
        }

        @Override
        public String typeName() {
            return "generator";
        }
    }

    /** A dictionary in order of insertion; cannot be changed after it was built. */
    final class Mapping implements Value {
        /** By {@link Operators#key}. */
        private final Map<Object, Entry> entries = new LinkedHashMap<>();

        /** One key with its value. */
        public record Entry(Value key, Value value) {}

        /** A dictionary whose keys the caller chose, not a request. */
        public static Mapping of(Map<String, Value> values) {
            Mapping mapping = new Mapping();
            values.forEach((key, value) -> mapping.put(Text.trusted(key), value));
            return mapping;
        }

        /** Only for those who build it. As in Python a repeated key keeps its first place. */
        void put(Value key, Value value) {
            Object hash = Operators.key(key);
            Entry old = entries.get(hash);
            entries.put(hash, new Entry(old == null ? key : old.key, value));
        }

        @Nullable Value get(Value key) {
            return value(entries.get(Operators.key(key)));
        }

        /** The value of a key, or null. */
        public @Nullable Value get(String key) {
            return value(entries.get(key));
        }

        private static @Nullable Value value(@Nullable Entry entry) {
            return entry == null ? null : entry.value;
        }

        public int size() {
            return entries.size();
        }

        /** Keys with their values, in order. */
        public Iterable<Entry> entries() {
            return entries.values();
        }

        List<Value> keys() {
            List<Value> keys = new ArrayList<>(entries.size());
            entries.values().forEach(entry -> keys.add(entry.key));
            return keys;
        }

        List<Value> values() {
            List<Value> values = new ArrayList<>(entries.size());
            entries.values().forEach(entry -> values.add(entry.value));
            return values;
        }

        List<Value> items() {
            List<Value> items = new ArrayList<>(entries.size());
            entries.values().forEach(entry -> items.add(Value.tuple(entry.key, entry.value)));
            return items;
        }

        @Override
        public String typeName() {
            return "dict";
        }
    }

    /** {@code namespace(…)}: the only thing whose contents a template may change. */
    final class Namespace implements Value {
        private final Map<String, Value> attributes = new LinkedHashMap<>();

        void set(String name, Value value) {
            attributes.put(name, value);
        }

        @Nullable Value get(String name) {
            return attributes.get(name);
        }

        Map<String, Value> attributes() {
            return attributes;
        }

        @Override
        public String typeName() {
            return "Namespace";
        }
    }

    /** A method that was looked up and not yet called. */
    record Method(Value receiver, String name) implements Value {
        @Override
        public String typeName() {
            return "builtin_function_or_method";
        }
    }
}
