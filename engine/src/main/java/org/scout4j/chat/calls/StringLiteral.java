package org.scout4j.chat.calls;

/**
 * Reads one string literal, from after its opening quote to its closing one, and passes on what it
 * says as it comes. Python's escapes, or JSON's; an escape that neither knows stays with its
 * backslash.
 */
final class StringLiteral {

    /** Where the characters of the string go, UTF-16 units one by one. */
    @FunctionalInterface
    interface Units {
        void put(char unit);
    }

    private enum State {
        OPENED,
        /** Opened and closed, unless a third quote makes it a string in three quotes. */
        EMPTY,
        TEXT,
        ESCAPE,
        RAW_ESCAPE,
        HEX,
        OCTAL
    }

    private final Units units;
    private final boolean json;

    private State state = State.OPENED;
    private char quote;
    private boolean raw;
    private boolean tripled;

    /** Quotes in a row inside a string in three quotes. */
    private int quotes;

    /** The escape that is being read: its letter, its digits so far, how many it takes. */
    private char letter;

    private final StringBuilder digits = new StringBuilder();
    private int digitsWanted;

    StringLiteral(Units units, boolean json) {
        this.units = units;
        this.json = json;
    }

    /** Begins a string whose opening quote has just been read. */
    void open(char openingQuote, boolean rawString) {
        quote = openingQuote;
        raw = rawString;
        tripled = false;
        quotes = 0;
        state = State.OPENED;
    }

    /** Whether the string is complete if nothing follows. */
    boolean mayEndHere() {
        return state == State.EMPTY;
    }

    /** Takes the next character: MORE, DONE or DONE_BEFORE, or MALFORMED. */
    Progress accept(char c) {
        return switch (state) {
            case OPENED -> {
                if (c != quote) {
                    state = State.TEXT;
                    yield text(c);
                }
                state = State.EMPTY;
                yield json ? Progress.DONE : Progress.MORE;
            }
            case EMPTY -> {
                if (c != quote) {
                    yield Progress.DONE_BEFORE;
                }
                tripled = true;
                state = State.TEXT;
                yield Progress.MORE;
            }
            case TEXT -> text(c);
            case ESCAPE -> escape(c);
            case RAW_ESCAPE -> {
                units.put(c);
                state = State.TEXT;
                yield Progress.MORE;
            }
            case HEX -> hex(c);
            case OCTAL -> octal(c);
        };
    }

    private Progress text(char c) {
        if (c == quote) {
            if (!tripled || ++quotes == 3) {
                return Progress.DONE;
            }
            return Progress.MORE;
        }
        for (; quotes > 0; quotes--) {
            units.put(quote);
        }
        if (c != '\\') {
            units.put(c);
        } else if (raw) {
            units.put(c);
            state = State.RAW_ESCAPE;
        } else {
            state = State.ESCAPE;
        }
        return Progress.MORE;
    }

    private Progress escape(char c) {
        state = State.TEXT;
        switch (c) {
            case '\\', '"', '\'' -> units.put(c);
            case 'n' -> units.put('\n');
            case 't' -> units.put('\t');
            case 'r' -> units.put('\r');
            case 'b' -> units.put('\b');
            case 'f' -> units.put('\f');
            case 'x' -> beginHex(c, 2);
            case 'u' -> beginHex(c, 4);
            case 'U' -> beginHex(c, 8);
            default -> {
                if (json ? c == '/' : c == 'a' || c == 'v' || c == '\n') {
                    otherEscape(c);
                } else if (!json && c >= '0' && c <= '7') {
                    digits.setLength(0);
                    digits.append(c);
                    state = State.OCTAL;
                } else {
                    units.put('\\');
                    return text(c);
                }
            }
        }
        return Progress.MORE;
    }

    private void otherEscape(char c) {
        switch (c) {
            case 'a' -> units.put('\u0007');
            case 'v' -> units.put('\u000B');
            case '\n' -> {} // the line goes on
            default -> units.put(c);
        }
    }

    private void beginHex(char escape, int count) {
        letter = escape;
        digits.setLength(0);
        digitsWanted = count;
        state = State.HEX;
    }

    private Progress hex(char c) {
        if (c >= 0x80 || Character.digit(c, 16) < 0) {
            keepEscape();
            return text(c);
        }
        digits.append(c);
        if (digits.length() < digitsWanted) {
            return Progress.MORE;
        }
        long codePoint = Long.parseLong(digits, 0, digits.length(), 16);
        if (codePoint > Character.MAX_CODE_POINT) {
            return Progress.MALFORMED;
        }
        state = State.TEXT;
        if (codePoint <= Character.MAX_VALUE) {
            units.put((char) codePoint);
        } else {
            units.put(Character.highSurrogate((int) codePoint));
            units.put(Character.lowSurrogate((int) codePoint));
        }
        return Progress.MORE;
    }

    /** An escape with too few digits is none, as in {@code C:\\users}. */
    private void keepEscape() {
        units.put('\\');
        units.put(letter);
        for (int i = 0; i < digits.length(); i++) {
            units.put(digits.charAt(i));
        }
        state = State.TEXT;
    }

    private Progress octal(char c) {
        if (c >= '0' && c <= '7' && digits.length() < 3) {
            digits.append(c);
            return Progress.MORE;
        }
        units.put((char) Integer.parseInt(digits, 0, digits.length(), 8));
        state = State.TEXT;
        return text(c);
    }
}
