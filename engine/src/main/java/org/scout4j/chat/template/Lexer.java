package org.scout4j.chat.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.scout4j.chat.template.TemplateException.Kind;

/**
 * Cuts a template into tokens, with the white space rules that Hugging Face sets for chat
 * templates: the line break after a tag and the indentation before it belong to the tag ({@code
 * trim_blocks}, {@code lstrip_blocks}), and one line break at the end of the template is dropped.
 */
final class Lexer {
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;

    /** Up to where {@link #line} has been counted. */
    private int counted;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        lexer.scan();
        return lexer.tokens;
    }

    private void scan() {
        while (position < source.length()) {
            int open = nextOpening(position);
            if (open < 0) {
                data(position, source.length());
                position = source.length();
                break;
            }
            char kind = source.charAt(open + 1);
            char sign = signAt(open + 2);
            data(position, endOfData(position, open, sign, kind != '{'));
            position = open + (sign == 0 ? 2 : 3);
            switch (kind) {
                case '#' -> comment(open);
                case '{' -> inside(Token.Kind.OUTPUT_BEGIN, Token.Kind.OUTPUT_END, "}}", open);
                default -> {
                    if (!raw(open)) {
                        inside(Token.Kind.TAG_BEGIN, Token.Kind.TAG_END, "%}", open);
                    }
                }
            }
        }
        tokens.add(new Token(Token.Kind.END, lineAt(source.length()), ""));
    }

    private int nextOpening(int from) {
        for (int open = source.indexOf('{', from);
                open >= 0 && open + 1 < source.length();
                open = source.indexOf('{', open + 1)) {
            char kind = source.charAt(open + 1);
            if (kind == '{' || kind == '%' || kind == '#') {
                return open;
            }
        }
        return -1;
    }

    private char signAt(int index) {
        char character = index < source.length() ? source.charAt(index) : 0;
        return character == '-' || character == '+' ? character : 0;
    }

    private int lineAt(int index) {
        for (; counted < index; counted++) {
            if (source.charAt(counted) == '\n') {
                line++;
            }
        }
        return line;
    }

    private void data(int from, int to) {
        if (from < to) {
            tokens.add(new Token(Token.Kind.DATA, lineAt(from), source.substring(from, to)));
        }
    }

    /** Where the text before a tag ends, after what the tag takes from it. */
    private int endOfData(int from, int open, char sign, boolean takesIndentation) {
        if (sign == '-') {
            return Math.max(from, PythonText.skipSpaceBackwards(source, open));
        }
        if (sign == 0 && takesIndentation) {
            int indentation = open;
            while (indentation > from
                    && source.charAt(indentation - 1) != '\n'
                    && PythonText.isSpace(source.charAt(indentation - 1))) {
                indentation--;
            }
            if (indentation == 0 || source.charAt(indentation - 1) == '\n') {
                return indentation;
            }
        }
        return open;
    }

    /** If a tag ends here, where the template goes on after it and what it takes; otherwise -1. */
    private int endOfTag(int index, String closing) {
        char sign = signAt(index);
        int end = sign == 0 ? index : index + 1;
        if (!source.startsWith(closing, end) || (sign == '+' && closing.equals("}}"))) {
            return -1;
        }
        end += closing.length();
        if (sign == '-') {
            return PythonText.skipSpace(source, end);
        }
        boolean takesLineBreak = sign == 0 && !closing.equals("}}");
        return takesLineBreak && source.startsWith("\n", end) ? end + 1 : end;
    }

    private void comment(int open) {
        int from = position;
        int close = source.indexOf("#}", from);
        if (close < 0) {
            throw error(open, "a comment is not closed");
        }
        boolean signed = close > from && signAt(close - 1) != 0;
        position = endOfTag(signed ? close - 1 : close, "#}");
    }

    /** {@code {% raw %}} … {@code {% endraw %}}; false if another tag begins here. */
    private boolean raw(int open) {
        int from = endOfKeyword(position, "raw", false);
        if (from < 0) {
            return false;
        }
        for (int tag = source.indexOf("{%", from); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
            char sign = signAt(tag + 2);
            int end = endOfKeyword(sign == 0 ? tag + 2 : tag + 3, "endraw", true);
            if (end >= 0) {
                data(from, endOfData(from, tag, sign, true));
                position = end;
                return true;
            }
        }
        throw error(open, "'raw' is not closed by 'endraw'");
    }

    /** The end of a tag that consists of one keyword, or -1. */
    private int endOfKeyword(int index, String keyword, boolean takesLineBreak) {
        int name = PythonText.skipSpace(source, index);
        if (!source.startsWith(keyword, name)) {
            return -1;
        }
        int closing = PythonText.skipSpace(source, name + keyword.length());
        if (!takesLineBreak) {
            boolean minus = signAt(closing) == '-';
            int end = minus ? closing + 1 : closing;
            if (!source.startsWith("%}", end)) {
                return -1;
            }
            return minus ? PythonText.skipSpace(source, end + 2) : end + 2;
        }
        return endOfTag(closing, "%}");
    }

    /** The tokens of a tag. Its end is not looked for inside brackets. */
    private void inside(Token.Kind begin, Token.Kind end, String closing, int open) {
        tokens.add(new Token(begin, lineAt(open), source.substring(open, open + 2)));
        Deque<Character> brackets = new ArrayDeque<>();
        while (true) {
            int next = brackets.isEmpty() ? endOfTag(position, closing) : -1;
            if (next >= 0) {
                tokens.add(new Token(end, lineAt(position), closing));
                position = next;
                return;
            }
            if (position >= source.length()) {
                throw error(open, "a tag is not closed by '" + closing + "'");
            }
            if (PythonText.isSpace(source.charAt(position))) {
                position++;
            } else {
                token(brackets);
            }
        }
    }

    private void token(Deque<Character> brackets) {
        int start = position;
        int codePoint = source.codePointAt(start);
        if (codePoint >= '0' && codePoint <= '9') {
            number();
        } else if (PythonText.isIdentifierStart(codePoint)) {
            while (position < source.length()
                    && PythonText.isIdentifierPart(source.codePointAt(position))) {
                position += Character.charCount(source.codePointAt(position));
            }
            add(Token.Kind.NAME, start, source.substring(start, position));
        } else if (codePoint == '\'' || codePoint == '"') {
            string((char) codePoint);
        } else {
            operator(brackets);
        }
    }

    private void add(Token.Kind kind, int start, String text) {
        tokens.add(new Token(kind, lineAt(start), text));
    }

    private void number() {
        int start = position;
        char second = start + 1 < source.length() ? source.charAt(start + 1) : 0;
        int base =
                source.charAt(start) != '0'
                        ? 10
                        : switch (second) {
                            case 'b', 'B' -> 2;
                            case 'o', 'O' -> 8;
                            case 'x', 'X' -> 16;
                            default -> 10;
                        };
        if (base != 10 && digits(start + 2, base) > start + 2) {
            position = digits(start + 2, base);
            add(Token.Kind.INTEGER, start, source.substring(start, position));
            return;
        }
        int whole = digits(start, 10);
        int end = fractionAndExponent(start, whole);
        position = end;
        String text = source.substring(start, end).replace("_", "");
        if (end == whole && text.startsWith("0") && text.chars().anyMatch(c -> c != '0')) {
            throw error(start, "a decimal number does not begin with 0");
        }
        add(end == whole ? Token.Kind.INTEGER : Token.Kind.FLOAT, start, text);
    }

    /** The end of a run of digits with single underscores between them. */
    private int digits(int from, int base) {
        int index = from;
        while (index < source.length()) {
            boolean underscore = source.charAt(index) == '_' && (base != 10 || index > from);
            int digit = underscore ? index + 1 : index;
            if (digit >= source.length()
                    || source.charAt(digit) >= 0x80
                    || Character.digit(source.charAt(digit), base) < 0) {
                break;
            }
            index = digit + 1;
        }
        return index;
    }

    private int fractionAndExponent(int start, int whole) {
        if (start > 0 && source.charAt(start - 1) == '.') {
            return whole;
        }
        int end = whole;
        if (source.startsWith(".", end)) {
            int fraction = digits(end + 1, 10);
            end = fraction > end + 1 ? fraction : end;
        }
        if (source.startsWith("e", end) || source.startsWith("E", end)) {
            int power = end + (signAt(end + 1) == 0 ? 1 : 2);
            int exponent = digits(power, 10);
            end = exponent > power ? exponent : end;
        }
        return end;
    }

    private void string(char quote) {
        int start = position;
        int index = start + 1;
        while (index < source.length() && source.charAt(index) != quote) {
            index += source.charAt(index) == '\\' ? 2 : 1;
        }
        if (index >= source.length()) {
            throw error(start, "a string is not closed");
        }
        position = index + 1;
        add(Token.Kind.STRING, start, unescape(start, source.substring(start + 1, index)));
    }

    private String unescape(int start, String body) {
        StringBuilder text = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char character = body.charAt(i);
            if (character != '\\') {
                text.append(character);
                continue;
            }
            char escape = body.charAt(++i);
            switch (escape) {
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(escape);
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'v' -> text.append('\u000B');
                case 'x' -> i = hexadecimal(start, body, i, 2, text);
                case 'u' -> i = hexadecimal(start, body, i, 4, text);
                case 'U' -> i = hexadecimal(start, body, i, 8, text);
                case 'N' -> throw error(start, "character names in strings are not supported");
                case '0', '1', '2', '3', '4', '5', '6', '7' -> i = octal(body, i, text);
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private int hexadecimal(int start, String body, int at, int digits, StringBuilder text) {
        int end = at + 1 + digits;
        String number = body.substring(at + 1, Math.min(end, body.length()));
        if (number.length() < digits || number.chars().anyMatch(c -> Character.digit(c, 16) < 0)) {
            throw error(start, "'\\" + body.charAt(at) + "' needs " + digits + " hex digits");
        }
        long codePoint = Long.parseLong(number, 16);
        if (codePoint > Character.MAX_CODE_POINT) {
            throw error(start, "there is no character U+" + number);
        }
        text.appendCodePoint((int) codePoint);
        return end - 1;
    }

    private static int octal(String body, int at, StringBuilder text) {
        int value = 0;
        int index = at;
        while (index < Math.min(at + 3, body.length())
                && Character.digit(body.charAt(index), 8) >= 0) {
            value = value * 8 + Character.digit(body.charAt(index++), 8);
        }
        text.append((char) value);
        return index - 1;
    }

    private void operator(Deque<Character> brackets) {
        int start = position;
        for (String operator : LONG_OPERATORS) {
            if (source.startsWith(operator, start)) {
                position += 2;
                add(Token.Kind.OPERATOR, start, operator);
                return;
            }
        }
        char operator = source.charAt(start);
        if (OPERATORS.indexOf(operator) < 0) {
            throw error(
                    start,
                    "unexpected character "
                            + PythonText.quote(Character.toString(source.codePointAt(start))));
        }
        switch (operator) {
            case '(' -> brackets.push(')');
            case '[' -> brackets.push(']');
            case '{' -> brackets.push('}');
            case ')', ']', '}' -> {
                if (brackets.isEmpty() || brackets.pop() != operator) {
                    throw error(start, "unexpected '" + operator + "'");
                }
            }
            default -> {}
        }
        position++;
        add(Token.Kind.OPERATOR, start, String.valueOf(operator));
    }

    private TemplateException error(int index, String reason) {
        // The line of an earlier place than the last one counted is counted afresh.
        int breaks = (int) source.substring(0, index).chars().filter(c -> c == '\n').count();
        return new TemplateException(Kind.SYNTAX, breaks + 1, reason);
    }
}
