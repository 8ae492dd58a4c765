package org.scout4j.tokenizer;

import static org.scout4j.tokenizer.CharacterClass.NEWLINE;
import static org.scout4j.tokenizer.CharacterClass.SYMBOL;
import static org.scout4j.tokenizer.CharacterClass.WHITE_SPACE;

/**
 * The alternatives that several pre-tokenizers share. Each answers where its match ends, or {@code
 * from} when it does not match.
 */
final class Scan {
    private static final int LONG_S = 0x17F;

    private Scan() {}

    /** {@code [mask]*} */
    static int run(int[] text, int from, int to, int mask) {
        int at = from;
        while (at < to && CharacterClass.is(text[at], mask)) {
            at++;
        }
        return at;
    }

    /** {@code \p{N}{1,3}} */
    static int threeDigits(int[] text, int from, int to) {
        return run(text, from, Math.min(to, from + 3), CharacterClass.NUMBER);
    }

    /** {@code 's|'t|'re|'ve|'m|'ll|'d} */
    static int contraction(int[] text, int from, int to, boolean ignoreCase) {
        if (to - from < 2 || text[from] != '\'') {
            return from;
        }
        int first = fold(text[from + 1], ignoreCase);
        int second = to - from > 2 ? fold(text[from + 2], ignoreCase) : -1;
        return switch (first) {
            case 's', 't', 'm', 'd' -> from + 2;
            case 'r', 'v' -> second == 'e' ? from + 3 : from;
            case 'l' -> second == 'l' ? from + 3 : from;
            default -> from;
        };
    }

    // Simple case folding of Unicode, as far as the letters of contractions are concerned.
    private static int fold(int codePoint, boolean ignoreCase) {
        if (!ignoreCase) {
            return codePoint;
        }
        if (codePoint >= 'A' && codePoint <= 'Z') {
            return codePoint + ('a' - 'A');
        }
        return codePoint == LONG_S ? 's' : codePoint;
    }

    /** {@code ?[^\s\p{L}\p{N}]+} */
    static int symbols(int[] text, int from, int to) {
        int start = text[from] == ' ' ? from + 1 : from;
        int end = run(text, start, to, SYMBOL);
        return end > start ? end : from;
    }

    /** {@code \s*[\r\n]+|\s+(?!\S)|\s+} */
    static int lines(int[] text, int from, int to) {
        int end = run(text, from, to, WHITE_SPACE);
        for (int at = end; at > from; at--) {
            if (CharacterClass.is(text[at - 1], NEWLINE)) {
                return at;
            }
        }
        return end == to ? end : withoutLast(from, end);
    }

    /**
     * {@code \s+} before more text: all but the last, which may lead a word, unless it is alone.
     */
    static int withoutLast(int from, int end) {
        return end - from > 1 ? end - 1 : end;
    }
}
