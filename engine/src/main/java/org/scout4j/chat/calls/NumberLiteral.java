package org.scout4j.chat.calls;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Numbers as Python and JSON write them. */
final class NumberLiteral {
    /** Most digits in another base than ten; reading these takes quadratic time. */
    private static final int MOST_BASE_DIGITS = 1024;

    private NumberLiteral() {}

    /** Whether a character can belong to a number that begins with {@code before}. */
    static boolean isPart(CharSequence before, char c) {
        if (Characters.isDigit(c) || Characters.isLetter(c) || c == '.' || c == '_') {
            return true;
        }
        if (c != '+' && c != '-') {
            return false;
        }
        if (before.isEmpty()) {
            return true;
        }
        char last = before.charAt(before.length() - 1);
        return (last == 'e' || last == 'E') && !isOtherBase(before);
    }

    private static boolean isOtherBase(CharSequence text) {
        int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        return text.length() > at + 1
                && text.charAt(at) == '0'
                && "xXoObB".indexOf(text.charAt(at + 1)) >= 0;
    }

    /** The number as JSON, spelled as it was if that is valid JSON; null if it is no number. */
    static @Nullable String json(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String minus = text.startsWith("-") ? "-" : "";
        String digits = text.substring(signed ? 1 : 0);
        if (digits.isEmpty()) {
            return null;
        }
        if (isOtherBase(digits)) {
            String whole = otherBase(digits);
            return whole == null ? null : minus + whole;
        }
        String plain = withoutUnderscores(digits);
        String decimal = plain == null ? null : decimal(plain);
        return decimal == null ? null : minus + decimal;
    }

    private static @Nullable String otherBase(String text) {
        int base =
                switch (text.charAt(1)) {
                    case 'x', 'X' -> 16;
                    case 'o', 'O' -> 8;
                    default -> 2;
                };
        String digits = text.substring(text.startsWith("_", 2) ? 3 : 2);
        String plain = withoutUnderscores(digits);
        if (plain == null || plain.isEmpty() || plain.length() > MOST_BASE_DIGITS) {
            return null;
        }
        for (int i = 0; i < plain.length(); i++) {
            if (Character.digit(plain.charAt(i), base) < 0) {
                return null;
            }
        }
        return new BigInteger(plain, base).toString();
    }

    /** Python allows one underscore between two digits. */
    private static @Nullable String withoutUnderscores(String text) {
        if (text.indexOf('_') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '_') {
                plain.append(c);
            } else if (i == 0
                    || i == text.length() - 1
                    || Character.digit(text.charAt(i - 1), 16) < 0
                    || Character.digit(text.charAt(i + 1), 16) < 0) {
                return null;
            }
        }
        return plain.toString();
    }

    private static @Nullable String decimal(String text) {
        int point = skipDigits(text, 0);
        int at = point;
        String fraction = "";
        if (at < text.length() && text.charAt(at) == '.') {
            int end = skipDigits(text, at + 1);
            fraction = "." + (end > at + 1 ? text.substring(at + 1, end) : "0");
            if (point == 0 && end == at + 1) {
                return null;
            }
            at = end;
        } else if (point == 0) {
            return null;
        }
        String exponent = text.substring(at);
        if (!exponent.isEmpty() && !isExponent(exponent)) {
            return null;
        }
        String whole = text.substring(0, point);
        if (whole.length() > 1 && whole.charAt(0) == '0') {
            if (!whole.chars().allMatch(c -> c == '0') || !fraction.isEmpty()) {
                return null;
            }
            whole = "0";
        }
        return (whole.isEmpty() ? "0" : whole) + fraction + exponent;
    }

    private static boolean isExponent(String text) {
        if (text.charAt(0) != 'e' && text.charAt(0) != 'E') {
            return false;
        }
        boolean signed = text.length() > 1 && (text.charAt(1) == '+' || text.charAt(1) == '-');
        int from = signed ? 2 : 1;
        return from < text.length() && skipDigits(text, from) == text.length();
    }

    private static int skipDigits(String text, int from) {
        int at = from;
        while (at < text.length() && Characters.isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
