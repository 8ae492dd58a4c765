package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** How Python classifies, compares, searches and quotes strings where Java differs. */
public final class PythonText {
    /** Needles up to this length are searched naively: at most so many comparisons a character. */
    private static final int SHORT_NEEDLE = 16;

    private static final int CAPITAL_SIGMA = 'Σ';
    private static final int CAPITAL_I_WITH_DOT = 'İ';
    private static final String CASE_IGNORABLE_PUNCTUATION =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private PythonText() {}

    /** {@code str.isspace}: Unicode White_Space and U+001C to U+001F. */
    public static boolean isSpace(int codePoint) {
        return switch (codePoint) {
            case ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default ->
                    (codePoint >= 0x09 && codePoint <= 0x0D)
                            || (codePoint >= 0x1C && codePoint <= 0x1F)
                            || (codePoint >= 0x2000 && codePoint <= 0x200A);
        };
    }

    /** {@code str.strip()}. */
    public static String strip(String text) {
        int from = skipSpace(text, 0);
        return text.substring(from, Math.max(from, skipSpaceBackwards(text, text.length())));
    }

    /** The first position from here on that is no white space. All white space is in the BMP. */
    static int skipSpace(String text, int from) {
        int index = from;
        while (index < text.length() && isSpace(text.charAt(index))) {
            index++;
        }
        return index;
    }

    /** The end of the text before this position without the white space at its end. */
    static int skipSpaceBackwards(String text, int end) {
        int index = end;
        while (index > 0 && isSpace(text.charAt(index - 1))) {
            index--;
        }
        return index;
    }

    /** {@code str.isprintable} for one code point. */
    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
    }

    /** {@code str.isidentifier}, keywords included. */
    public static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && isIdentifierStart(text.codePointAt(0))
                && text.codePoints().skip(1).allMatch(PythonText::isIdentifierPart);
    }

    static boolean isIdentifierStart(int codePoint) {
        return codePoint == '_' || Character.isUnicodeIdentifierStart(codePoint);
    }

    static boolean isIdentifierPart(int codePoint) {
        return codePoint == '_'
                || (Character.isUnicodeIdentifierPart(codePoint)
                        && !Character.isIdentifierIgnorable(codePoint));
    }

    /** Where a line ends for {@code str.splitlines}; {@code "\r\n"} is one end. */
    static boolean isLineEnd(int character) {
        return (character >= 0x0A && character <= 0x0D)
                || (character >= 0x1C && character <= 0x1E)
                || character == 0x85
                || character == 0x2028
                || character == 0x2029;
    }

    /** By code points; Java compares UTF-16 units. */
    static int compare(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean wideA = Character.isSurrogate(a);
                boolean wideB = Character.isSurrogate(b);
                return wideA == wideB ? Character.compare(a, b) : Boolean.compare(wideA, wideB);
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** As {@link String#indexOf(String, int)}, but in linear time also for hostile texts. */
    static int indexOf(String text, String needle, int from) {
        if (needle.length() <= SHORT_NEEDLE) {
            return text.indexOf(needle, from);
        }
        int[] fallback = fallbacks(needle);
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            while (matched > 0 && needle.charAt(matched) != text.charAt(i)) {
                matched = fallback[matched - 1];
            }
            if (needle.charAt(matched) == text.charAt(i) && ++matched == needle.length()) {
                return i + 1 - matched;
            }
        }
        return -1;
    }

    /** Knuth, Morris, Pratt: the longest proper prefix that also ends at each position. */
    private static int[] fallbacks(String needle) {
        int[] fallback = new int[needle.length()];
        int matched = 0;
        for (int i = 1; i < needle.length(); i++) {
            while (matched > 0 && needle.charAt(matched) != needle.charAt(i)) {
                matched = fallback[matched - 1];
            }
            if (needle.charAt(matched) == needle.charAt(i)) {
                matched++;
            }
            fallback[i] = matched;
        }
        return fallback;
    }

    /** As {@link String#lastIndexOf(String, int)}, in linear time. */
    public static int lastIndexOf(String text, String needle, int from) {
        if (needle.length() <= SHORT_NEEDLE) {
            return text.lastIndexOf(needle, from);
        }
        int end = Math.min(text.length(), from + needle.length());
        String reversed =
                new StringBuilder(text.substring(0, Math.max(0, end))).reverse().toString();
        int found = indexOf(reversed, new StringBuilder(needle).reverse().toString(), 0);
        return found < 0 ? -1 : end - found - needle.length();
    }

    /** The parts between the occurrences of a character; at least one. */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + 1;
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** Characters that {@link #lastIndexOf} may touch besides those it skips. */
    static int costOfLastIndexOf(String needle, int from) {
        return needle.length() <= SHORT_NEEDLE ? needle.length() : from;
    }

    /**
     * {@code str.upper}. Written by code points: the JDK's own mapping takes quadratic time where
     * characters expand, like ß to SS.
     */
    static String upper(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (codePoint < 0x80) {
                mapped.append((char) Character.toUpperCase(codePoint));
            } else {
                mapped.append(Character.toString(codePoint).toUpperCase(Locale.ROOT));
            }
        }
        return mapped.toString();
    }

    /** {@code str.lower}, by code points for the same reason; only Σ looks at its neighbours. */
    static String lower(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            switch (codePoint) {
                case CAPITAL_SIGMA -> mapped.append(endsWord(text, i, next) ? 'ς' : 'σ');
                case CAPITAL_I_WITH_DOT -> mapped.append("i\u0307");
                default -> mapped.appendCodePoint(Character.toLowerCase(codePoint));
            }
            i = next;
        }
        return mapped.toString();
    }

    /** Whether a letter stands before a place and none stands after it. */
    private static boolean endsWord(String text, int start, int end) {
        int before = start;
        while (before > 0 && isCaseIgnorable(text.codePointBefore(before))) {
            before -= Character.charCount(text.codePointBefore(before));
        }
        int after = end;
        while (after < text.length() && isCaseIgnorable(text.codePointAt(after))) {
            after += Character.charCount(text.codePointAt(after));
        }
        return before > 0
                && isCased(text.codePointBefore(before))
                && (after == text.length() || !isCased(text.codePointAt(after)));
    }

    static boolean isCased(int codePoint) {
        return Character.isUpperCase(codePoint)
                || Character.isLowerCase(codePoint)
                || Character.isTitleCase(codePoint);
    }

    private static boolean isCaseIgnorable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL ->
                    true;
            default -> CASE_IGNORABLE_PUNCTUATION.indexOf(codePoint) >= 0;
        };
    }

    /** The first character in title case, the rest in lower case. */
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return title(text.codePointAt(0)) + lower(text.substring(first));
    }

    /** One code point in title case; of those that expand, like ß, one letter is a capital: Ss. */
    static String title(int codePoint) {
        String upper = upper(Character.toString(codePoint));
        if (Character.toTitleCase(codePoint) != codePoint
                || upper.codePointCount(0, upper.length()) == 1) {
            return Character.toString(Character.toTitleCase(codePoint));
        }
        int capital = 0;
        while (!isCased(upper.codePointAt(capital))) {
            capital += Character.charCount(upper.codePointAt(capital));
        }
        int rest = capital + Character.charCount(upper.codePointAt(capital));
        return upper.substring(0, rest) + lower(upper.substring(rest));
    }

    /** {@code repr} of a string. */
    static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints()
                .forEach(codePoint -> {
                    switch (codePoint) {
                        case '\n' -> quoted.append("\\n");
                        case '\r' -> quoted.append("\\r");
                        case '\t' -> quoted.append("\\t");
                        case '\\' -> quoted.append("\\\\");
                        default -> {
                            if (codePoint == quote) {
                                quoted.append('\\').append(quote);
                            } else if (isPrintable(codePoint)) {
                                quoted.appendCodePoint(codePoint);
                            } else {
                                quoted.append(escape(codePoint));
                            }
                        }
                    }
                });
        return quoted.append(quote).toString();
    }

    private static String escape(int codePoint) {
        HexFormat hex = HexFormat.of();
        if (codePoint < 0x100) {
            return "\\x" + hex.toHexDigits(codePoint, 2);
        }
        return codePoint < 0x10000
                ? "\\u" + hex.toHexDigits(codePoint, 4)
                : "\\U" + hex.toHexDigits(codePoint, 8);
    }
}
