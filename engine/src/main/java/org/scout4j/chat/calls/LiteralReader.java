package org.scout4j.chat.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a Python call, or one JSON value, character by character, and writes them
 * as compact JSON as they come. A pushdown automaton: brackets on a stack of bounded depth, no
 * character looked at twice but for the one that ends a number or a word.
 */
final class LiteralReader {
    /** Levels of brackets inside each other. */
    static final int MOST_DEPTH = 64;

    private enum Frame {
        CALL(')'),
        DICT('}'),
        /** {@code **{…}}: its members are those of the call. */
        SPLICE('}'),
        LIST(']'),
        TUPLE(')'),
        /** A bracket that is a tuple if a comma comes. */
        PAREN(')');

        final char closer;

        Frame(char closer) {
            this.closer = closer;
        }
    }

    private enum State {
        /** A value, key or argument, or the closing bracket. */
        ITEM,
        /** A value and nothing else. */
        VALUE,
        STRING,
        /** After a string, which another may continue. */
        GAP,
        NUMBER,
        WORD,
        WORD_GAP,
        KEY_GAP,
        AFTER,
        STAR,
        SPLICE_OPEN
    }

    /** What the string, number or word that is being read is. */
    private enum Role {
        VALUE,
        KEY,
        ARGUMENT
    }

    private final ArgumentsText out;
    private final boolean json;
    private final List<String> parameters;

    private final Frame[] frames = new Frame[MOST_DEPTH + 1];

    /** Where the text of an undecided bracket begins. */
    private final int[] opened = new int[MOST_DEPTH + 1];

    private final boolean[] hasMember = new boolean[MOST_DEPTH + 1];
    private int depth;
    private int undecided;

    private State state = State.VALUE;
    private Role role = Role.VALUE;
    private final StringBuilder token = new StringBuilder();
    private final StringBuilder keyUnits = new StringBuilder();
    private final StringLiteral string;
    private @Nullable String key;
    private int positional;
    private boolean named;
    private boolean done;
    private boolean broken;

    private LiteralReader(ArgumentsText out, boolean json, List<String> parameters) {
        this.out = out;
        this.json = json;
        this.parameters = parameters;
        this.string = new StringLiteral(this::unit, json);
    }

    /** Reads one value in JSON, also with single quotes and Python's names of constants. */
    static LiteralReader ofJson(ArgumentsText out) {
        return new LiteralReader(out, true, List.of());
    }

    /**
     * Reads arguments from after the opening bracket to the closing one.
     *
     * @param parameters names for arguments that have none
     */
    static LiteralReader ofCall(ArgumentsText out, List<String> parameters) {
        LiteralReader reader = new LiteralReader(out, false, parameters);
        reader.push(Frame.CALL);
        out.append("{");
        reader.state = State.ITEM;
        return reader;
    }

    private void unit(char unit) {
        if (role == Role.KEY) {
            keyUnits.append(unit);
        } else {
            out.put(unit);
        }
    }

    /** Takes the next character; never NO_CALL. */
    Progress accept(char c) {
        while (true) {
            State before = state;
            boolean taken = step(c);
            if (broken) {
                return Progress.MALFORMED;
            }
            if (done) {
                return taken ? Progress.DONE : Progress.DONE_BEFORE;
            }
            if (taken) {
                return Progress.MORE;
            }
            if (before == state) {
                return Progress.MALFORMED; // it fits nowhere
            }
        }
    }

    private boolean fail() {
        broken = true;
        return true;
    }

    /** Returns whether the character is taken; if not, the state has changed. */
    private boolean step(char c) {
        switch (state) {
            case STRING -> {
                return string(c);
            }
            case NUMBER -> {
                if (NumberLiteral.isPart(token, c)) {
                    token.append(c);
                    return true;
                }
                return endNumber();
            }
            case WORD -> {
                if (Characters.isWordPart(c)) {
                    token.append(c);
                    return true;
                }
                return endWord(c);
            }
            default -> {}
        }
        if (Characters.isSpace(c)) {
            return true;
        }
        return switch (state) {
            case ITEM -> item(c);
            case VALUE -> value(c);
            case GAP -> gap(c);
            case WORD_GAP -> wordGap(c);
            case KEY_GAP -> {
                state = State.VALUE;
                yield c == ':' || fail();
            }
            case AFTER -> after(c);
            case STAR -> {
                state = State.SPLICE_OPEN;
                yield c == '*' || fail();
            }
            case SPLICE_OPEN -> {
                state = State.ITEM;
                named = true;
                yield c == '{' ? push(Frame.SPLICE) : fail();
            }
            case STRING, NUMBER, WORD -> throw new IllegalStateException(state.name());
        };
    }

    private boolean item(char c) {
        Frame frame = frames[depth];
        if (c == frame.closer) {
            return close();
        }
        return switch (frame) {
            case DICT, SPLICE -> key(c);
            case LIST, TUPLE, PAREN -> value(c);
            case CALL -> {
                if (c == '*') {
                    state = State.STAR;
                    yield true;
                }
                if (Characters.isWordStart(c)) {
                    begin(State.WORD, Role.ARGUMENT, c);
                    yield true;
                }
                yield namePositional() && value(c) || fail();
            }
        };
    }

    private boolean key(char c) {
        if (Characters.isQuote(c)) {
            role = Role.KEY;
            keyUnits.setLength(0);
            string.open(c, false);
            state = State.STRING;
            return true;
        }
        if (json) {
            return fail();
        }
        if (Characters.isWordStart(c)) {
            begin(State.WORD, Role.KEY, c);
            return true;
        }
        return startsNumber(c) ? begin(State.NUMBER, Role.KEY, c) : fail();
    }

    private boolean value(char c) {
        if (Characters.isQuote(c)) {
            return beginString(c, false);
        }
        if (Characters.isWordStart(c)) {
            return begin(State.WORD, Role.VALUE, c);
        }
        if (startsNumber(c)) {
            return begin(State.NUMBER, Role.VALUE, c);
        }
        return switch (c) {
                    case '[' -> openContainer(Frame.LIST, "[");
                    case '{' -> openContainer(Frame.DICT, "{");
                    case '(' -> !json && openParen();
                    default -> false;
                }
                || fail();
    }

    private static boolean startsNumber(char c) {
        return Characters.isDigit(c) || c == '-' || c == '+' || c == '.';
    }

    private boolean begin(State next, Role nextRole, char c) {
        token.setLength(0);
        token.append(c);
        role = nextRole;
        state = next;
        return true;
    }

    private boolean beginString(char quote, boolean raw) {
        role = Role.VALUE;
        beginValue();
        out.append("\"");
        string.open(quote, raw);
        state = State.STRING;
        return true;
    }

    private boolean openContainer(Frame frame, String bracket) {
        beginValue();
        out.append(bracket);
        state = State.ITEM;
        return push(frame);
    }

    private boolean openParen() {
        int from = out.length();
        beginValue();
        if (undecided++ == 0) {
            out.undecidedFrom(from);
        }
        state = State.ITEM;
        return push(Frame.PAREN);
    }

    private boolean push(Frame frame) {
        if (depth == MOST_DEPTH) {
            return fail();
        }
        depth++;
        frames[depth] = frame;
        opened[depth] = out.length();
        hasMember[depth] = false;
        return true;
    }

    /** Writes what stands before a value: comma and key. */
    private void beginValue() {
        if (depth == 0 || frames[depth] == Frame.PAREN) {
            return;
        }
        int container = frames[depth] == Frame.SPLICE ? depth - 1 : depth;
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

    private boolean namePositional() {
        if (named || positional == parameters.size()) {
            return false;
        }
        key = parameters.get(positional++);
        return true;
    }

    private boolean string(char c) {
        Progress progress = string.accept(c);
        return switch (progress) {
            case MORE -> true;
            case DONE, DONE_BEFORE -> {
                endString();
                yield progress == Progress.DONE;
            }
            case NO_CALL, MALFORMED -> fail();
        };
    }

    private void endString() {
        if (role == Role.KEY) {
            key = keyUnits.toString();
            state = State.KEY_GAP;
        } else if (json) {
            closeString();
        } else {
            state = State.GAP;
        }
    }

    private boolean gap(char c) {
        if (Characters.isQuote(c)) {
            string.open(c, false);
            state = State.STRING;
            return true;
        }
        closeString();
        return false;
    }

    private void closeString() {
        out.endUnits();
        out.append("\"");
        afterValue();
    }

    private void afterValue() {
        state = State.AFTER;
        done = depth == 0;
    }

    private boolean endNumber() {
        String number = NumberLiteral.json(token.toString());
        return number == null ? fail() : atom(number);
    }

    private boolean atom(String text) {
        if (role == Role.KEY) {
            key = text;
            state = State.KEY_GAP;
            return false;
        }
        beginValue();
        out.append(text);
        afterValue();
        return false;
    }

    private boolean endWord(char c) {
        boolean prefix = token.length() == 1 && "rRuU".indexOf(token.charAt(0)) >= 0;
        if (prefix && Characters.isQuote(c) && !json && role != Role.KEY) {
            boolean raw = token.charAt(0) == 'r' || token.charAt(0) == 'R';
            boolean hasPlace = role == Role.VALUE || namePositional();
            return hasPlace ? beginString(c, raw) : fail();
        }
        state = State.WORD_GAP;
        return false;
    }

    private boolean wordGap(char c) {
        if (c == '=' && role != Role.VALUE) {
            key = token.toString();
            named = true;
            state = State.VALUE;
            return true;
        }
        String constant = constant();
        if (constant == null || (role == Role.ARGUMENT && !namePositional())) {
            return fail();
        }
        return atom(constant);
    }

    private @Nullable String constant() {
        return switch (token.toString()) {
            case "True", "true" -> "true";
            case "False", "false" -> "false";
            case "None", "null" -> "null";
            default -> null;
        };
    }

    private boolean after(char c) {
        if (c == frames[depth].closer) {
            return close();
        }
        if (c != ',') {
            return fail();
        }
        if (frames[depth] == Frame.PAREN) {
            becomeTuple(depth);
        }
        state = State.ITEM;
        return true;
    }

    private void becomeTuple(int frame) {
        frames[frame] = Frame.TUPLE;
        out.insert(opened[frame], '[');
        hasMember[frame] = true;
        decideOne();
    }

    private void decideOne() {
        if (--undecided == 0) {
            out.decided();
        }
    }

    private boolean close() {
        Frame frame = frames[depth];
        switch (frame) {
            case CALL, DICT -> out.append("}");
            case LIST, TUPLE -> out.append("]");
            case SPLICE -> {}
            case PAREN -> {
                if (state == State.ITEM) {
                    out.append("[]");
                }
                decideOne();
            }
        }
        depth--;
        afterValue();
        return true;
    }

    /**
     * The text ends here on purpose: adds missing brackets. False if more than those is missing.
     */
    boolean repair() {
        while (!done) {
            boolean inString = state == State.STRING && !string.mayEndHere();
            if (inString || accept(depth == 0 ? ',' : frames[depth].closer) == Progress.MALFORMED) {
                return false;
            }
        }
        return true;
    }

    /** The text was cut here: completes only what cannot go on otherwise. */
    void cut() {
        if (state == State.GAP || (state == State.STRING && string.mayEndHere())) {
            if (role == Role.VALUE) {
                closeString();
            }
        } else if ((state == State.WORD || state == State.WORD_GAP) && role == Role.VALUE) {
            String constant = constant();
            if (constant != null) {
                atom(constant);
            }
        }
        for (int frame = depth; frame > 0; frame--) {
            if (frames[frame] == Frame.PAREN) {
                becomeTuple(frame);
            }
        }
    }
}
