package org.scout4j.grammar.machine;

/**
 * One level of what is being read: a text, an array, an object. Immutable, compared by content.
 * Frames are kept only if something can still complete them.
 */
sealed interface Frame
        permits Frame.End,
                Frame.Literal,
                Frame.Await,
                Frame.Colon,
                TextFrame,
                ArrayFrame,
                ObjectFrame,
                CallsFrame,
                CallsFrame.Name,
                CallsFrame.Arguments {

    /**
     * Hands over what the stack of this frame and those below becomes when it reads a byte;
     * nothing, if the byte cannot stand here.
     */
    void step(int value, Stack below, StackPool out);

    /** Whether white space may stand here that means nothing. */
    default boolean spaced() {
        return false;
    }

    /** Whether it may also end here without another byte, so that what lies below goes on. */
    default boolean mayLeave() {
        return false;
    }

    /** Levels of nesting that it adds. */
    default int levels() {
        return 0;
    }

    /** Below everything: the answer is complete. */
    record End() implements Frame {
        @Override
        public void step(int value, Stack below, StackPool out) {}
    }

    /**
     * A fixed text.
     *
     * @param text ASCII
     * @param at how much of it has been read; less than all
     */
    record Literal(String text, int at) implements Frame {
        @Override
        public void step(int value, Stack below, StackPool out) {
            if (text.charAt(at) == value) {
                out.emit(
                        at + 1 == text.length() ? below : out.of(new Literal(text, at + 1), below));
            }
        }
    }

    /**
     * A value comes next.
     *
     * @param spaced whether JSON's white space may come before it
     * @param blank whether a single blank may come before it
     */
    record Await(Values values, boolean spaced, boolean blank) implements Frame {
        @Override
        public void step(int value, Stack below, StackPool out) {
            if (value == ' ' && blank) {
                out.emit(out.of(new Await(values, spaced, false), below));
            } else {
                values.open(value, below, out);
            }
        }
    }

    /** A colon and a member's value come next. */
    record Colon(Values values, Syntax syntax) implements Frame {
        @Override
        public void step(int value, Stack below, StackPool out) {
            if (value == ':') {
                boolean json = syntax == Syntax.JSON;
                out.emit(out.of(new Await(values, json, !json), below));
            }
        }

        @Override
        public boolean spaced() {
            return syntax == Syntax.JSON;
        }
    }
}
