package org.scout4j.chat.calls;

import org.jspecify.annotations.Nullable;

/**
 * The brackets that are open in arguments, and the JSON that they become: commas, keys, brackets.
 */
final class Brackets {
    /** Levels of brackets inside each other. */
    static final int MOST_DEPTH = 64;

    /** What a bracket encloses; how that is written as JSON. */
    enum Kind {
        CALL(')', "{", "}"),
        DICT('}', "{", "}"),
        /** {@code **{…}}: its members are those of the call. */
        SPLICE('}', "", ""),
        LIST(']', "[", "]"),
        TUPLE(')', "[", "]"),
        /** A bracket that is a tuple if a comma comes. */
        PAREN(')', "", "");

        final char closer;
        private final String opening;
        private final String closing;

        Kind(char closer, String opening, String closing) {
            this.closer = closer;
            this.opening = opening;
            this.closing = closing;
        }
    }

    private final ArgumentsText out;
    private final Kind[] kinds = new Kind[MOST_DEPTH + 1];

    /** Where the content of a bracket begins. */
    private final int[] opened = new int[MOST_DEPTH + 1];

    private final boolean[] hasMember = new boolean[MOST_DEPTH + 1];
    private int depth;

    /** Brackets that may still become tuples. */
    private int undecided;

    private @Nullable String key;

    Brackets(ArgumentsText out) {
        this.out = out;
    }

    boolean isEmpty() {
        return depth == 0;
    }

    Kind innermost() {
        return kinds[depth];
    }

    /** Names the next value. */
    void key(String name) {
        key = name;
    }

    /** Opens a bracket; false if there are too many. */
    boolean open(Kind kind) {
        if (depth == MOST_DEPTH) {
            return false;
        }
        int from = out.length();
        if (kind != Kind.SPLICE) {
            beginValue();
        }
        if (kind == Kind.PAREN && undecided++ == 0) {
            out.undecidedFrom(from);
        }
        out.append(kind.opening);
        depth++;
        kinds[depth] = kind;
        opened[depth] = out.length();
        hasMember[depth] = false;
        return true;
    }

    /** Writes what stands before a value: comma and key. */
    void beginValue() {
        if (depth == 0 || kinds[depth] == Kind.PAREN) {
            return;
        }
        int container = kinds[depth] == Kind.SPLICE ? depth - 1 : depth;
        String name = key;
        if (container == 1 && name != null) {
            out.member(name);
        }
        if (hasMember[container]) {
            out.append(",");
        }
        hasMember[container] = true;
        if (name != null) {
            out.append("\"");
            for (int i = 0; i < name.length(); i++) {
                out.put(name.charAt(i));
            }
            out.endUnits();
            out.append("\":");
            key = null;
        }
    }

    /** A comma after a value. */
    void comma() {
        if (kinds[depth] == Kind.PAREN) {
            becomeTuple(depth);
        }
    }

    private void becomeTuple(int level) {
        kinds[level] = Kind.TUPLE;
        out.insert(opened[level], '[');
        hasMember[level] = true;
        decideOne();
    }

    private void decideOne() {
        if (--undecided == 0) {
            out.decided();
        }
    }

    /**
     * Closes the innermost bracket.
     *
     * @param afterOpening whether nothing, or a comma, stands before
     */
    void close(boolean afterOpening) {
        if (kinds[depth] == Kind.PAREN) {
            out.append(afterOpening ? "[]" : "");
            decideOne();
        }
        out.append(kinds[depth].closing);
        depth--;
    }

    /** Decides what is undecided, as nothing follows. */
    void cut() {
        for (int level = depth; level > 0; level--) {
            if (kinds[level] == Kind.PAREN) {
                becomeTuple(level);
            }
        }
    }
}
