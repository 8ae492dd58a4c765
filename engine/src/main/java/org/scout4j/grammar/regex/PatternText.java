package org.scout4j.grammar.regex;

import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/** The text of a pattern and a place in it. */
final class PatternText {
    private final int[] points;
    private int at;

    PatternText(String pattern) {
        this.points = pattern.codePoints().toArray();
    }

    boolean atEnd() {
        return at == points.length;
    }

    /** The code point at the place; −1 at the end. */
    int peek() {
        return peek(0);
    }

    int peek(int ahead) {
        return at + ahead < points.length ? points[at + ahead] : -1;
    }

    /** The code point at the place, which moves on; −1 at the end. */
    int next() {
        return at < points.length ? points[at++] : -1;
    }

    void back() {
        at--;
    }

    void skip(int count) {
        at += count;
    }

    /** Goes on if the next is this one. */
    boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /**
     * Reads {@code {n}}, {@code {n,}} or {@code {n,m}}; null, and does not move, if none is here.
     */
    int @Nullable [] quantifier() {
        int before = at;
        if (take('{')) {
            int min = number();
            int max = min;
            if (min >= 0 && take(',')) {
                max = peek() == '}' ? Integer.MAX_VALUE : number();
            }
            if (min >= 0 && max >= 0 && take('}')) {
                return new int[] {min, max};
            }
        }
        at = before;
        return null;
    }

    /**
     * Digits, as many as there are; −1 if there is none, a very large number if it is too large.
     */
    private int number() {
        if (!isDigit(peek())) {
            return -1;
        }
        long value = 0;
        while (isDigit(peek())) {
            value = Math.min(Integer.MAX_VALUE - 1, 10 * value + next() - '0');
        }
        return (int) value;
    }

    /** The decimal number at the place, which does not move. */
    int decimalAhead() {
        int before = at;
        int value = number();
        at = before;
        return value;
    }

    /** So many hexadecimal digits; −1, and does not move, if they are not there. */
    int hex(int digits) {
        int value = 0;
        for (int place = 0; place < digits; place++) {
            int digit = hexDigit(peek(place));
            if (digit < 0) {
                return -1;
            }
            value = 16 * value + digit;
        }
        at += digits;
        return value;
    }

    static int hexDigit(int point) {
        return point < 128 ? Character.digit(point, 16) : -1;
    }

    static boolean isDigit(int point) {
        return point >= '0' && point <= '9';
    }

    /** What stands up to a closing bracket, which is read too. */
    String upTo(char close) {
        StringBuilder inside = new StringBuilder();
        while (!atEnd() && peek() != close) {
            inside.appendCodePoint(next());
        }
        if (!take(close)) {
            throw invalid("a \"" + close + "\" is missing");
        }
        return inside.toString();
    }

    /** A group's name and the bracket that ends it. */
    void groupName() {
        String name = upTo('>');
        boolean valid = !name.isEmpty() && !isDigit(name.charAt(0));
        for (int point : name.codePoints().toArray()) {
            valid &= Character.isUnicodeIdentifierPart(point) || point == '$';
        }
        if (!valid) {
            throw invalid("a group has no valid name");
        }
    }

    /** Capturing groups in the whole pattern. */
    int groups() {
        return count(false);
    }

    boolean hasNamedGroups() {
        return count(true) > 0;
    }

    private int count(boolean named) {
        int found = 0;
        boolean inClass = false;
        for (int place = 0; place < points.length; place++) {
            int point = points[place];
            if (point == '\\') {
                place++;
            } else if (inClass) {
                inClass = point != ']';
            } else if (point == '[') {
                inClass = true;
            } else if (point == '(') {
                boolean special = place + 1 < points.length && points[place + 1] == '?';
                boolean name =
                        special
                                && place + 3 < points.length
                                && points[place + 2] == '<'
                                && points[place + 3] != '='
                                && points[place + 3] != '!';
                found += name || !special && !named ? 1 : 0;
            }
        }
        return found;
    }

    GrammarRefused invalid(String why) {
        return refused(Reason.INVALID, why);
    }

    GrammarRefused refused(Reason reason, String why) {
        return new GrammarRefused(
                reason, "", "", "This pattern is refused at character " + at + ": " + why + ".");
    }
}
