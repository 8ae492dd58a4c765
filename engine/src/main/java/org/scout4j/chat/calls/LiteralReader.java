package org.scout4j.chat.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.calls.Brackets.Kind;

/**
 * Reads the arguments of a Python call, or one JSON value, character by character, and writes them
 * as compact JSON as they come. A pushdown automaton: brackets on a stack of bounded depth, no
 * character looked at twice but for the one that ends a number or a word.
 */
final class LiteralReader {
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

    private final Brackets brackets;
    private State state = State.VALUE;
    private Role role = Role.VALUE;
    private final StringBuilder token = new StringBuilder();
    private final StringBuilder keyUnits = new StringBuilder();
    private final StringLiteral string;
    private int positional;
    private boolean named;
    private boolean done;
    private boolean broken;

    private LiteralReader(ArgumentsText out, boolean json, List<String> parameters) {
        this.out = out;
        this.brackets = new Brackets(out);
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
        reader.brackets.open(Kind.CALL);
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
                yield c == '{' ? open(Kind.SPLICE) : fail();
            }
            case STRING, NUMBER, WORD -> throw new IllegalStateException(state.name());
        };
    }

    private boolean item(char c) {
        Kind innermost = brackets.innermost();
        if (c == innermost.closer) {
            return close();
        }
        return switch (innermost) {
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
                    case '[' -> open(Kind.LIST);
                    case '{' -> open(Kind.DICT);
                    case '(' -> !json && open(Kind.PAREN);
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
        brackets.beginValue();
        out.append("\"");
        string.open(quote, raw);
        state = State.STRING;
        return true;
    }

    private boolean open(Kind kind) {
        state = State.ITEM;
        return brackets.open(kind) || fail();
    }

    private boolean namePositional() {
        if (named || positional == parameters.size()) {
            return false;
        }
        brackets.key(parameters.get(positional++));
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
            brackets.key(keyUnits.toString());
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
        done = brackets.isEmpty();
    }

    private boolean endNumber() {
        String number = NumberLiteral.json(token.toString());
        return number == null ? fail() : atom(number);
    }

    private boolean atom(String text) {
        if (role == Role.KEY) {
            brackets.key(text);
            state = State.KEY_GAP;
            return false;
        }
        brackets.beginValue();
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
            brackets.key(token.toString());
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
        if (c == brackets.innermost().closer) {
            return close();
        }
        state = State.ITEM;
        if (c == ',') {
            brackets.comma();
            return true;
        }
        return fail();
    }

    private boolean close() {
        brackets.close(state == State.ITEM);
        afterValue();
        return true;
    }

    /**
     * The text ends here on purpose: adds missing brackets. False if more than those is missing.
     */
    boolean repair() {
        while (!done) {
            boolean inString = state == State.STRING && !string.mayEndHere();
            if (inString
                    || accept(brackets.isEmpty() ? ',' : brackets.innermost().closer)
                            == Progress.MALFORMED) {
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
        brackets.cut();
    }
}
