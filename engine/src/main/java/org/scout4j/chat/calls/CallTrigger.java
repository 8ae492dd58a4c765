package org.scout4j.chat.calls;

import java.util.List;

/**
 * Sees in free text where a call has been committed to (spec "Chat" §4, streaming): from there on a
 * grammar can force what follows to be well-formed. A deterministic automaton over UTF-8 bytes,
 * whose states are numbers; a step costs a few comparisons and allocates nothing. Thread-safe.
 *
 * <p>{@link OutputParser} finds the starts of calls with the same automaton. Three rare starts are
 * left to the parser alone, as nothing is certain about them before the text ends: a bare call or a
 * code fence that is the whole output, and a JSON object whose arguments come before its name. The
 * last makes the automaton {@linkplain #undecided give up}: it commits to nothing any more.
 */
public final class CallTrigger {
    /** How a call is written, and so how it must go on. */
    public enum Form {
        /** After {@code [f(}: arguments, {@code )}, further calls after commas, {@code ]}. */
        PYTHON,
        /** After {@code {"name": "f"}: {@code , "parameters": {…}} and what is open. */
        JSON,
        /** After {@code <function=f>}: a JSON object, then {@code </function>}. */
        TAG,
        /** After {@code <function=f{}: the rest of that object, then {@code </function>}. */
        TAG_OBJECT
    }

    /**
     * What has been committed to.
     *
     * @param function index among the declared functions
     * @param inList JSON only: {@code [} stands before the object, so a {@code ]} must come
     * @param nested JSON only: the name stands in the object of a key {@code function}, so there is
     *     one more {@code }} to come
     * @param singleQuotes JSON only: the name is in single quotes
     */
    public record Commit(
            Form form, int function, boolean inList, boolean nested, boolean singleQuotes) {}

    // Kinds of states: free text.
    private static final int START = 0;
    private static final int TAG = 1;
    private static final int LINE = 2;
    private static final int COLON = 3;
    private static final int MID = 4;
    private static final int QUOTE = 5;
    private static final int TICK = 6;
    private static final int CODE = 7;
    private static final int CODE_END = 8;
    private static final int FENCE_START = 9;
    private static final int FENCE = 10;
    private static final int FENCE_END = 11;
    // Text that may turn out to be part of calls.
    private static final int AFTER = 12;
    private static final int CLOSING_TAG = 13;
    private static final int LIST = 14;
    private static final int LIST_NAME = 15;
    private static final int LIST_NAME_END = 16;
    private static final int OBJECT = 17;
    private static final int KEY = 18;
    private static final int KEY_END = 19;
    private static final int VALUE = 20;
    private static final int NAME = 21;
    private static final int TYPE = 22;
    private static final int ID = 23;
    private static final int ID_ESCAPE = 24;
    private static final int MEMBER_END = 25;
    private static final int MEMBER = 26;
    private static final int HEAD = 27;
    private static final int HEAD_NAME = 28;
    private static final int HEAD_END = 29;
    // Ends.
    private static final int COMMITTED = 30;
    private static final int UNDECIDED = 31;

    private static final int KIND = 0x1F;
    private static final int SINGLE = 1 << 5;
    private static final int IN_LIST = 1 << 6;
    private static final int NESTED = 1 << 7;
    private static final int FLAGS = SINGLE | IN_LIST | NESTED;
    private static final int KEY_SHIFT = 8;
    private static final int KEY_MASK = 0x7;
    private static final int NUMBER_SHIFT = 11;

    private static final List<String> KEYS =
            List.of("name", "type", "id", "function", "parameters", "arguments");
    private static final int KEY_NAME = 0;
    private static final int KEY_TYPE = 1;
    private static final int KEY_ID = 2;
    private static final int KEY_FUNCTION = 3;
    private static final String HEAD_TEXT = "<function=";
    private static final String CLOSING_TEXT = "</function>";
    private static final String TYPE_TEXT = "function";
    private static final int MOST_INDENT = 3;

    private final NameTrie names;
    private final NameTrie keys = new NameTrie(KEYS);

    /**
     * @param functions whose calls count; the order gives their indices
     */
    public CallTrigger(List<DeclaredFunction> functions) {
        this.names = NameTrie.ofFunctions(functions);
    }

    NameTrie names() {
        return names;
    }

    /** The state before the first byte of an answer. */
    public int start() {
        return START;
    }

    /** The state after a complete call, or list of calls. */
    public int afterCall() {
        return AFTER;
    }

    /** The state after a control token that opens or closes Python code; {@code state} before. */
    public int afterPythonTag(int state) {
        return (state & KIND) < AFTER ? TAG : state;
    }

    /** Whether a call has been committed to; such a state does not change any more. */
    public boolean committed(int state) {
        return (state & KIND) == COMMITTED;
    }

    /**
     * Whether something began that only the end can tell; such a state does not change any more.
     */
    public boolean undecided(int state) {
        return (state & KIND) == UNDECIDED;
    }

    /**
     * What a committed state has committed to.
     *
     * @throws IllegalArgumentException if it has not
     */
    public Commit commit(int state) {
        if (!committed(state)) {
            throw new IllegalArgumentException("state " + state + " has not committed");
        }
        return new Commit(
                Form.values()[state >>> KEY_SHIFT & KEY_MASK],
                state >>> NUMBER_SHIFT,
                (state & IN_LIST) != 0,
                (state & NESTED) != 0,
                (state & SINGLE) != 0);
    }

    /** The state in the middle of a line of ordinary text. */
    int afterText() {
        return MID;
    }

    /** Whether the text read last may turn out to be part of calls, so that it is held back. */
    boolean pending(int state) {
        int kind = state & KIND;
        return kind >= AFTER && kind < COMMITTED;
    }

    /** Whether nothing but separators and closing tags came after a call. */
    boolean betweenCalls(int state) {
        int kind = state & KIND;
        return kind == AFTER || kind == CLOSING_TAG;
    }

    /** Whether a step completed the closing tag of a call. */
    boolean closes(int before, int after) {
        return (before & KIND) == CLOSING_TAG && (after & KIND) == AFTER;
    }

    private static int state(int kind, int number) {
        return kind | number << NUMBER_SHIFT;
    }

    private static int quoted(int c) {
        return c == '\'' ? SINGLE : 0;
    }

    /**
     * The state after one more byte.
     *
     * @param c a byte of UTF-8, 0 to 255; all that are not ASCII count alike
     */
    public int next(int state, int c) {
        int kind = state & KIND;
        if (kind < AFTER) {
            return inText(state, kind, c);
        }
        int next =
                switch (kind) {
                    case AFTER, CLOSING_TAG -> afterCall(state, kind, c);
                    case LIST, LIST_NAME, LIST_NAME_END -> inList(state, kind, c);
                    case HEAD, HEAD_NAME, HEAD_END -> inHead(state, kind, c);
                    case COMMITTED, UNDECIDED -> state;
                    default -> inObject(state, kind, c);
                };
        return next < 0 ? plain(c) : next;
    }

    private static int inText(int state, int kind, int c) {
        int number = state >>> NUMBER_SHIFT;
        return switch (kind) {
            case START, TAG -> Characters.isSpace(c) ? state : openOrPlain(c);
            case LINE -> {
                if (c == ' ') {
                    yield number < MOST_INDENT ? state(LINE, number + 1) : MID;
                }
                yield openOrPlain(c);
            }
            case COLON -> c == ' ' || c == '\t' ? state : openOrPlain(c);
            case QUOTE -> {
                if (c == ' ') {
                    yield state;
                }
                yield c == ':' ? MID : plain(c);
            }
            case TICK -> {
                if (c == '`') {
                    yield number == 0 ? state(TICK, 1) : FENCE_START;
                }
                yield c == '\n' ? LINE : CODE;
            }
            case CODE ->
                    switch (c) {
                        case '\n' -> LINE;
                        case '`' -> CODE_END;
                        default -> CODE;
                    };
            case CODE_END, FENCE_END -> c == '`' ? state : plain(c);
            case FENCE_START -> c == '`' ? state : FENCE;
            case FENCE -> {
                if (c != '`') {
                    yield FENCE;
                }
                yield number == 2 ? FENCE_END : state(FENCE, number + 1);
            }
            default -> plain(c);
        };
    }

    /** Ordinary text where no call may start. */
    private static int plain(int c) {
        return switch (c) {
            case '\n' -> LINE;
            case ':' -> COLON;
            case '`' -> TICK;
            case '"', '\'' -> QUOTE;
            default -> MID;
        };
    }

    private static int open(int c) {
        return switch (c) {
            case '[' -> LIST;
            case '{' -> OBJECT;
            case '<' -> state(HEAD, 1);
            default -> -1;
        };
    }

    private static int openOrPlain(int c) {
        int opened = open(c);
        return opened < 0 ? plain(c) : opened;
    }

    /** The number counts separators, then characters of the closing tag. */
    private static int afterCall(int state, int kind, int c) {
        int number = state >>> NUMBER_SHIFT;
        if (kind == CLOSING_TAG) {
            if (c != CLOSING_TEXT.charAt(number)) {
                return -1;
            }
            return number + 1 == CLOSING_TEXT.length() ? AFTER : state(CLOSING_TAG, number + 1);
        }
        if (Characters.isSpace(c)) {
            return state;
        }
        if ((c == ';' || c == ',') && number == 0) {
            return state(AFTER, 1);
        }
        return c == '<' ? state(HEAD, 1) | IN_LIST : open(c);
    }

    private int inList(int state, int kind, int c) {
        int node = state >>> NUMBER_SHIFT;
        if (kind == LIST) {
            if (Characters.isSpace(c)) {
                return state;
            }
            if (c == '{') {
                return OBJECT | IN_LIST;
            }
        } else {
            int function = names.name(node);
            if (function != NameTrie.NONE && c == '(') {
                return committed(Form.PYTHON, function, 0);
            }
            if (function != NameTrie.NONE && Characters.isSpace(c)) {
                return state(LIST_NAME_END, node);
            }
            if (kind == LIST_NAME_END) {
                return -1;
            }
        }
        int child = names.child(node, c);
        return child == NameTrie.NONE ? -1 : state(LIST_NAME, child);
    }

    private static int committed(Form form, int function, int flags) {
        return state(COMMITTED, function) | form.ordinal() << KEY_SHIFT | flags;
    }

    private int inHead(int state, int kind, int c) {
        int number = state >>> NUMBER_SHIFT;
        boolean single = (state & SINGLE) != 0;
        boolean doubled = (state & NESTED) != 0;
        switch (kind) {
            case HEAD -> {
                if (number < HEAD_TEXT.length()) {
                    if (number == 1 && c == '/' && (state & IN_LIST) != 0) {
                        return state(CLOSING_TAG, 2); // after a call
                    }
                    return c == HEAD_TEXT.charAt(number) ? state(HEAD, number + 1) : -1;
                }
                if (c == ' ') {
                    return state;
                }
                if (Characters.isQuote(c)) {
                    return HEAD_NAME | (c == '"' ? NESTED : SINGLE);
                }
                int child = names.child(NameTrie.ROOT, c);
                return child == NameTrie.NONE ? -1 : state(HEAD_NAME, child);
            }
            case HEAD_NAME -> {
                int function = names.name(number);
                if (function != NameTrie.NONE) {
                    if (single || doubled ? c == (single ? '\'' : '"') : c == ' ') {
                        return state(HEAD_END, number);
                    }
                    if (!single && !doubled && (c == '>' || c == '{')) {
                        return headCommitted(function, c);
                    }
                }
                int child = names.child(number, c);
                return child == NameTrie.NONE ? -1 : state(HEAD_NAME, child) | state & FLAGS;
            }
            default -> {
                if (c == ' ') {
                    return state;
                }
                return c == '>' || c == '{' ? headCommitted(names.name(number), c) : -1;
            }
        }
    }

    private static int headCommitted(int function, int c) {
        return committed(c == '>' ? Form.TAG : Form.TAG_OBJECT, function, 0);
    }

    private int inObject(int state, int kind, int c) {
        int number = state >>> NUMBER_SHIFT;
        int key = state >>> KEY_SHIFT & KEY_MASK;
        int place = state & (IN_LIST | NESTED);
        int quote = (state & SINGLE) != 0 ? '\'' : '"';
        boolean space = Characters.isSpace(c);
        switch (kind) {
            case OBJECT, MEMBER -> {
                if (space) {
                    return state;
                }
                return Characters.isQuote(c) ? KEY | place | quoted(c) : -1;
            }
            case KEY -> {
                if (c == quote) {
                    int name = keys.name(number);
                    return name < 0 ? -1 : KEY_END | place | name << KEY_SHIFT;
                }
                int child = keys.child(number, c);
                return child == NameTrie.NONE ? -1 : state(KEY, child) | state & FLAGS;
            }
            case KEY_END -> {
                if (space) {
                    return state;
                }
                if (c != ':') {
                    return -1;
                }
                return key > KEY_FUNCTION ? UNDECIDED : VALUE | place | key << KEY_SHIFT;
            }
            case VALUE -> {
                return space ? state : value(c, key, place);
            }
            case NAME -> {
                int function = names.name(number);
                if (c == quote) {
                    return function < 0 ? -1 : committed(Form.JSON, function, state & FLAGS);
                }
                int child = names.child(number, c);
                return child == NameTrie.NONE ? -1 : state(NAME, child) | state & FLAGS;
            }
            case TYPE -> {
                if (number == TYPE_TEXT.length()) {
                    return c == quote ? MEMBER_END | place : -1;
                }
                boolean fits = c == TYPE_TEXT.charAt(number);
                return fits ? state(TYPE, number + 1) | state & FLAGS : -1;
            }
            case ID -> {
                if (c == quote) {
                    return MEMBER_END | place;
                }
                return c == '\\' ? ID_ESCAPE | state & FLAGS : state;
            }
            case ID_ESCAPE -> {
                return ID | state & FLAGS;
            }
            default -> { // MEMBER_END
                if (space) {
                    return state;
                }
                return c == ',' ? MEMBER | place : -1;
            }
        }
    }

    private static int value(int c, int key, int place) {
        if (Characters.isQuote(c)) {
            int string =
                    switch (key) {
                        case KEY_TYPE -> TYPE;
                        case KEY_ID -> ID;
                        case KEY_FUNCTION -> (place & NESTED) != 0 ? -1 : NAME;
                        default -> NAME;
                    };
            return string < 0 ? -1 : string | place | quoted(c);
        }
        boolean wraps = key == KEY_FUNCTION && c == '{' && (place & NESTED) == 0;
        return wraps ? OBJECT | place | NESTED : -1;
    }
}
