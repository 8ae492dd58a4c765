package org.scout4j.grammar.machine;

/**
 * A text that is being read: the automaton's state, the code points so far and what has been read
 * of a character that is not complete. A character counts from its first byte on.
 *
 * <p>Incomplete characters that can only lead to one state are kept as that state and the number of
 * bytes to come, so that what cannot differ any more is equal.
 *
 * <p>Printable ASCII from {@code 0} on is not written in hexadecimal: no JSON writer does that, but
 * a model held to a name it would not write finds that way around it.
 */
final class TextFrame implements Frame {
    /** Bytes of UTF-8 to come, whichever; the state is that after the character. */
    private static final int SKIP = 1;

    /** Bytes of UTF-8 to come; the bits so far matter. */
    private static final int UTF8 = 2;

    /** After a backslash. */
    private static final int ESCAPE = 3;

    /** Hexadecimal digits to come. */
    private static final int HEX = 4;

    /** Hexadecimal digits to come, whichever; the state is that after the character. */
    private static final int SKIP_HEX = 5;

    /** After a high surrogate, before the next backslash. */
    private static final int HIGH = 6;

    /** After a high surrogate and a backslash. */
    private static final int HIGH_ESCAPE = 7;

    /** Digits of the low surrogate to come. */
    private static final int LOW = 8;

    /** Code points that no hexadecimal escape stands for: those from here to the end of ASCII. */
    private static final int FIRST_UNESCAPED = 0x30;

    private static final int END_OF_ASCII = 0x80;

    private final TextKind kind;
    private final int state;
    private final int length;

    /** 0 between characters; otherwise what is read, pieces to come, bits so far. */
    private final int part;

    TextFrame(TextKind kind, int state, int length, int part) {
        this.kind = kind;
        this.state = state;
        this.length = length;
        this.part = part;
    }

    TextKind kind() {
        return kind;
    }

    int state() {
        return state;
    }

    /** Code points so far; not above the least if there is no bound. */
    int length() {
        return length;
    }

    /** Whether it stands between characters. */
    boolean whole() {
        return part == 0;
    }

    @Override
    public boolean mayLeave() {
        return kind.form() == TextKind.Form.RAW && part == 0 && kind.texts().accepts(state);
    }

    /** What goes on if it ends without a quote. */
    Stack left(Stack below, StackPool out) {
        return kind.texts().left(state, below, out);
    }

    @Override
    public void step(int value, Stack below, StackPool out) {
        if (part == 0) {
            begin(value, below, out);
            return;
        }
        int left = part >>> 4 & 15;
        int bits = part >>> 8;
        switch (part & 15) {
            case SKIP -> {
                if ((value & 0xC0) == 0x80) {
                    push(state, left == 1 ? 0 : part(SKIP, left - 1, 0), below, out);
                }
            }
            case UTF8 -> {
                if ((value & 0xC0) == 0x80) {
                    utf8(bits << 6 | value & 0x3F, left - 1, overlong(bits, left), below, out);
                }
            }
            case ESCAPE -> escaped(value, below, out);
            case SKIP_HEX -> {
                if (Character.digit(value, 16) >= 0) {
                    push(state, left == 1 ? 0 : part(SKIP_HEX, left - 1, 0), below, out);
                }
            }
            case HEX -> {
                int digit = Character.digit(value, 16);
                if (digit >= 0) {
                    hex(bits << 4 | digit, left - 1, below, out);
                }
            }
            case HIGH -> {
                if (value == '\\') {
                    push(state, part(HIGH_ESCAPE, 0, bits), below, out);
                }
            }
            case HIGH_ESCAPE -> {
                if (value == 'u') {
                    push(state, part(LOW, 4, bits << 12), below, out);
                }
            }
            case LOW -> {
                int digit = Character.digit(value, 16);
                if (digit >= 0) {
                    low(bits >>> 12, (bits & 0xFFF) << 4 | digit, left - 1, below, out);
                }
            }
            default -> throw new IllegalStateException("unknown part " + part);
        }
    }

    private static int part(int what, int left, int bits) {
        return what | left << 4 | bits << 8;
    }

    private void push(int to, int newPart, Stack below, StackPool out) {
        out.emit(out.of(new TextFrame(kind, to, length, newPart), below));
    }

    /** The same after the first byte of another character. */
    private TextFrame longer() {
        int longer = kind.unbounded() ? Math.min(length + 1, kind.min()) : length + 1;
        return longer == length ? this : new TextFrame(kind, state, longer, part);
    }

    private void begin(int value, Stack below, StackPool out) {
        TextKind.Form form = kind.form();
        if (form == TextKind.Form.RAW && kind.texts().accepts(state)) {
            Stack left = left(below, out);
            left.frame.step(value, left.below(), out);
        }
        if (form == TextKind.Form.NAME && value == '=' || form.quoted() && value == '"') {
            if (length >= kind.min() && kind.texts().accepts(state)) {
                kind.texts().leave(state, below, out);
            }
        } else if (length < kind.max()) {
            longer().character(value, below, out);
        }
    }

    private void character(int value, Stack below, StackPool out) {
        TextKind.Form form = kind.form();
        if (form.quoted() && value == '\\') {
            if (livesEscaped(mostEscaped()) || kind.texts().next(state, '\\') != Texts.DEAD) {
                push(state, part(ESCAPE, 0, 0), below, out);
            }
        } else if (value < 0x80) {
            if (value >= 0x20 || !form.quoted()) {
                whole(value, below, out);
            }
        } else if (value >= 0xC2 && value < 0xE0) {
            utf8(value & 0x1F, 1, 0, below, out);
        } else if (value >= 0xE0 && value < 0xF0) {
            utf8(value & 0xF, 2, overlong(value & 0xF, 2), below, out);
        } else if (value >= 0xF0 && value < 0xF5) {
            utf8(value & 7, 3, overlong(value & 7, 3), below, out);
        }
    }

    private int mostEscaped() {
        return kind.form() == TextKind.Form.JSON ? Character.MAX_CODE_POINT : 0xFFFF;
    }

    private void whole(int codePoint, Stack below, StackPool out) {
        int to = kind.texts().next(state, codePoint);
        if (to != Texts.DEAD) {
            push(to, 0, below, out);
        }
    }

    /** The least code point that needs as many bytes as a sequence that goes on like this. */
    private static int overlong(int bits, int left) {
        if (bits != 0) {
            return 0;
        }
        return left == 2 ? 0x800 : left == 3 ? 0x10000 : 0;
    }

    /** After some bytes of UTF-8: goes on if they can become a character that is allowed. */
    private void utf8(int bits, int left, int least, Stack below, StackPool out) {
        int lowest = bits << 6 * left;
        int highest = lowest | (1 << 6 * left) - 1;
        int low = Math.max(lowest, least);
        int high = Math.min(highest, Character.MAX_CODE_POINT);
        if (low > high) {
            return;
        }
        if (left == 0) {
            if (!surrogates(low, high)) {
                whole(bits, below, out);
            }
            return;
        }
        int only =
                low > lowest || high < highest || surrogates(low, high)
                        ? Texts.DEAD
                        : kind.texts().only(state, low, high);
        if (only != Texts.DEAD) {
            push(only, part(SKIP, left, 0), below, out);
        } else if (kind.texts().livesIn(state, low, high)) {
            push(state, part(UTF8, left, bits), below, out);
        }
    }

    private static boolean surrogates(int low, int high) {
        return low <= Character.MAX_SURROGATE && high >= Character.MIN_SURROGATE;
    }

    private void escaped(int value, Stack below, StackPool out) {
        switch (value) {
            case '"', '\\' -> whole(value, below, out);
            case '/' -> {
                if (kind.form() == TextKind.Form.JSON) {
                    whole('/', below, out);
                }
            }
            case 'b' -> whole('\b', below, out);
            case 'f' -> whole('\f', below, out);
            case 'n' -> whole('\n', below, out);
            case 'r' -> whole('\r', below, out);
            case 't' -> whole('\t', below, out);
            case 'u' -> hex(0, 4, below, out);
            default -> {}
        }
    }

    /** Whether a hexadecimal escape of a code point up to some is allowed. */
    private boolean livesEscaped(int most) {
        return kind.texts().livesIn(state, 0, FIRST_UNESCAPED - 1)
                || kind.texts().livesIn(state, END_OF_ASCII, most);
    }

    /** After some of four hexadecimal digits. */
    private void hex(int bits, int left, Stack below, StackPool out) {
        int low = bits << 4 * left;
        int high = low | (1 << 4 * left) - 1;
        if (low < END_OF_ASCII && high >= FIRST_UNESCAPED) {
            boolean pairs = left == 4 && livesInSupplementary();
            if (left > 1 && (pairs || livesEscaped(high))) {
                push(state, part(HEX, left, bits), below, out);
            }
            return;
        }
        if (!surrogates(low, high)) {
            int only = left == 0 ? Texts.DEAD : kind.texts().only(state, low, high);
            if (left == 0) {
                whole(bits, below, out);
            } else if (only != Texts.DEAD) {
                push(only, part(SKIP_HEX, left, 0), below, out);
            } else if (kind.texts().livesIn(state, low, high)) {
                push(state, part(HEX, left, bits), below, out);
            }
            return;
        }
        boolean pairs = kind.form() == TextKind.Form.JSON && livesInPairs(low, high);
        if (left == 0) {
            if (pairs) {
                push(state, part(HIGH, 0, bits - Character.MIN_HIGH_SURROGATE), below, out);
            }
        } else if (pairs || kind.texts().livesIn(state, low, high)) {
            push(state, part(HEX, left, bits), below, out);
        }
    }

    private boolean livesInSupplementary() {
        return kind.form() == TextKind.Form.JSON
                && livesInPairs(Character.MIN_HIGH_SURROGATE, Character.MAX_HIGH_SURROGATE);
    }

    /** Whether a pair whose high surrogate is in a range can be allowed. */
    private boolean livesInPairs(int low, int high) {
        int first = Math.max(low, Character.MIN_HIGH_SURROGATE);
        int last = Math.min(high, Character.MAX_HIGH_SURROGATE);
        return first <= last
                && kind.texts()
                        .livesIn(
                                state,
                                Character.toCodePoint((char) first, Character.MIN_LOW_SURROGATE),
                                Character.toCodePoint((char) last, Character.MAX_LOW_SURROGATE));
    }

    /** After some digits of a low surrogate. */
    private void low(int high, int bits, int left, Stack below, StackPool out) {
        int first = Math.max(bits << 4 * left, Character.MIN_LOW_SURROGATE);
        int last = Math.min((bits << 4 * left) | (1 << 4 * left) - 1, Character.MAX_LOW_SURROGATE);
        if (first > last) {
            return;
        }
        char highSurrogate = (char) (high + Character.MIN_HIGH_SURROGATE);
        int from = Character.toCodePoint(highSurrogate, (char) first);
        if (left == 0) {
            whole(from, below, out);
        } else if (kind.texts()
                .livesIn(state, from, Character.toCodePoint(highSurrogate, (char) last))) {
            push(state, part(LOW, left, high << 12 | bits), below, out);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextFrame text
                && text.state == state
                && text.part == part
                && text.length == length
                && text.kind == kind;
    }

    @Override
    public int hashCode() {
        return ((System.identityHashCode(kind) * 31 + state) * 31 + length) * 31 + part;
    }
}
