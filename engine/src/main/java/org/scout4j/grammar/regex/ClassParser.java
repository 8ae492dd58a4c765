package org.scout4j.grammar.regex;

import java.util.HashMap;
import java.util.Map;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/** Reads what stands for a set of code points: escapes and classes in brackets. */
final class ClassParser {
    private final PatternText text;

    /** Properties of this pattern: some take milliseconds to make. */
    private final Map<String, CodePoints> properties = new HashMap<>();

    /** Whether the escape read last stood for a set rather than one code point. */
    private boolean set;

    ClassParser(PatternText text) {
        this.text = text;
    }

    /** A class, after its opening bracket. */
    CodePoints parse() {
        boolean negated = text.take('^');
        CodePoints.Builder members = new CodePoints.Builder();
        while (!text.take(']')) {
            CodePoints low = member();
            boolean lowIsSet = set;
            if (text.peek() != '-' || text.peek(1) == ']' || text.peek(1) == -1) {
                members.add(low);
                continue;
            }
            text.next();
            CodePoints high = member();
            if (lowIsSet || set) {
                members.add(low);
                members.add('-', '-');
                members.add(high);
            } else if (low.low(0) > high.low(0)) {
                throw text.invalid("a range in brackets is out of order");
            } else {
                members.add(low.low(0), high.low(0));
            }
        }
        CodePoints all = members.build();
        return negated ? all.not() : all;
    }

    private CodePoints member() {
        int point = text.next();
        if (point == -1) {
            throw text.invalid("a \"]\" is missing");
        }
        if (point == '\\') {
            return escape(true);
        }
        set = false;
        return CodePoints.of(point, point);
    }

    /** An escape, after its backslash. */
    CodePoints escape(boolean inClass) {
        int letter = text.next();
        set = true;
        switch (letter) {
            case 'd':
                return CodePoints.DIGITS;
            case 'D':
                return CodePoints.DIGITS.not();
            case 'w':
                return CodePoints.WORD;
            case 'W':
                return CodePoints.WORD.not();
            case 's':
                return CodePoints.SPACE;
            case 'S':
                return CodePoints.SPACE.not();
            case 'p':
                return property();
            case 'P':
                return property().not();
            default:
                set = false;
                int point = character(letter, inClass);
                return CodePoints.of(point, point);
        }
    }

    private CodePoints property() {
        if (!text.take('{')) {
            throw text.invalid("\\p is not followed by a name in braces");
        }
        String name = text.upTo('}');
        CodePoints known = properties.get(name);
        if (known == null) {
            known = UnicodeProperties.named(name).orElseThrow(this::unknown);
            properties.put(name, known);
        }
        return known;
    }

    private GrammarRefused unknown() {
        return text.refused(Reason.UNSUPPORTED, "no property of that name is known");
    }

    private int character(int letter, boolean inClass) {
        return switch (letter) {
            case -1 -> throw text.invalid("it ends with a backslash");
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'v' -> 0x0B;
            case 'f' -> '\f';
            case 'r' -> '\r';
            case 'c' -> control(inClass);
            case 'x' -> hexadecimal();
            case 'u' -> unicode();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(letter - '0');
            default -> itself(letter, inClass);
        };
    }

    private int control(boolean inClass) {
        int letter = text.peek();
        boolean ascii = letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z';
        boolean inBrackets = inClass && (PatternText.isDigit(letter) || letter == '_');
        if (!ascii && !inBrackets) {
            throw text.invalid("\\c is not followed by a letter");
        }
        return text.next() % 32;
    }

    private int hexadecimal() {
        int point = text.hex(2);
        if (point < 0) {
            throw text.invalid("\\x is not followed by two hexadecimal digits");
        }
        return point;
    }

    private int unicode() {
        if (text.take('{')) {
            return codePoint(text.upTo('}'));
        }
        int unit = text.hex(4);
        if (unit < 0) {
            throw text.invalid("\\u is not followed by four hexadecimal digits");
        }
        if (Character.isHighSurrogate((char) unit) && text.peek() == '\\' && text.peek(1) == 'u') {
            text.skip(2);
            int low = text.hex(4);
            if (low >= 0 && Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) unit, (char) low);
            }
            text.skip(low < 0 ? -2 : -6);
        }
        return unit;
    }

    private int codePoint(String digits) {
        int point = digits.isEmpty() ? TextDfa.MAX_CODE_POINT + 1 : 0;
        for (int at = 0; at < digits.length() && point <= TextDfa.MAX_CODE_POINT; at++) {
            int digit = PatternText.hexDigit(digits.charAt(at));
            point = digit < 0 ? TextDfa.MAX_CODE_POINT + 1 : 16 * point + digit;
        }
        if (point > TextDfa.MAX_CODE_POINT) {
            throw text.invalid("\\u{…} holds no code point");
        }
        return point;
    }

    /** Up to three octal digits, at most 255 (Annex B). */
    private int octal(int first) {
        int value = first;
        while (text.peek() >= '0' && text.peek() <= '7' && 8 * value + text.peek() - '0' <= 255) {
            value = 8 * value + text.next() - '0';
        }
        return value;
    }

    /** Letters and digits without a meaning are refused: other languages give them one. */
    private int itself(int letter, boolean inClass) {
        if (letter == 'b' && inClass) {
            return '\b';
        }
        if (letter < 128 && Character.isLetterOrDigit(letter)) {
            throw text.invalid("\\" + (char) letter + " has no meaning");
        }
        return letter;
    }
}
