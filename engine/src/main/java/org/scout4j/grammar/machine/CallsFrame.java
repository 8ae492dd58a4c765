package org.scout4j.grammar.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of calls that is being read, {@code [f(a=1), g()]}.
 *
 * @param count finished calls
 */
record CallsFrame(Rule rule, Phase phase, int count) implements Frame {
    /** What comes next. */
    enum Phase {
        /** The bracket. */
        START,
        /** A call. */
        CALL,
        /** A call, after a comma; a blank may come first. */
        NEXT,
        /** A comma or the end. */
        AFTER
    }

    /**
     * What may be called. Compared by identity.
     *
     * @param calls sorted by name
     * @param most most calls
     */
    record Rule(List<Call> calls, int most) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /**
     * A function that may be called.
     *
     * @param name its bytes, one char each
     * @param named its arguments as {@code name=value}; empty = all at once as {@code **{…}}
     * @param whole all arguments as one dict
     * @param none whether it can be called without arguments
     */
    record Call(String name, List<ObjectRule> named, @Nullable Values whole, boolean none) {}

    @Override
    public void step(int value, Stack below, StackPool out) {
        switch (phase) {
            case START -> {
                if (value == '[') {
                    out.emit(out.of(new CallsFrame(rule, Phase.CALL, 0), below));
                }
            }
            case CALL -> call(value, below, out);
            case NEXT -> {
                if (value == ' ') {
                    out.emit(out.of(new CallsFrame(rule, Phase.CALL, count), below));
                } else {
                    call(value, below, out);
                }
            }
            case AFTER -> {
                if (value == ']') {
                    out.emit(below);
                } else if (value == ',' && count < rule.most()) {
                    out.emit(out.of(new CallsFrame(rule, Phase.NEXT, count), below));
                }
            }
        }
    }

    private void call(int value, Stack below, StackPool out) {
        Stack after = out.of(new CallsFrame(rule, Phase.AFTER, count + 1), below);
        new Name(rule, 0, rule.calls().size(), 0).step(value, after, out);
    }

    /**
     * The name of a call.
     *
     * @param from first of the functions whose names begin like this
     * @param to after the last
     * @param at how much has been read
     */
    record Name(Rule rule, int from, int to, int at) implements Frame {
        @Override
        public void step(int value, Stack below, StackPool out) {
            int first = from;
            while (first < to && byteAt(first) < value) {
                first++;
            }
            int after = first;
            while (after < to && byteAt(after) == value) {
                after++;
            }
            if (first < after) {
                out.emit(out.of(new Name(rule, first, after, at + 1), below));
            }
            Call call = rule.calls().get(from);
            if (value == '(' && call.name().length() == at) {
                opened(call, below, out);
            }
        }

        private int byteAt(int index) {
            String name = rule.calls().get(index).name();
            return at < name.length() ? name.charAt(at) : -1;
        }

        private static void opened(Call call, Stack below, StackPool out) {
            for (ObjectRule named : call.named()) {
                int levels = Values.MOST_LEVELS - below.nesting;
                if (named.height() <= levels) {
                    out.emit(out.of(named.begin(levels), below));
                }
            }
            if (call.whole() != null) {
                out.emit(out.of(new Arguments(call), below));
            }
        }
    }

    /** The arguments of a call that are given all at once. */
    record Arguments(Call call) implements Frame {
        @Override
        public void step(int value, Stack below, StackPool out) {
            Values whole = call.whole();
            if (value == ')' && call.none()) {
                out.emit(below);
            } else if (value == '*' && whole != null) {
                Stack close = out.of(new Literal(")", 0), below);
                Stack dict = out.of(new Await(whole, false, false), close);
                out.emit(out.of(new Literal("*", 0), dict));
            }
        }
    }
}
