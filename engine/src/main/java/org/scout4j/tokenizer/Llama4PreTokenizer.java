package org.scout4j.tokenizer;

import static org.scout4j.tokenizer.CharacterClass.CASELESS;
import static org.scout4j.tokenizer.CharacterClass.LEAD;
import static org.scout4j.tokenizer.CharacterClass.LOWER;
import static org.scout4j.tokenizer.CharacterClass.MARK;
import static org.scout4j.tokenizer.CharacterClass.UPPER;

/** The split of Llama 4 (spec "Tokenizer" §2.4). */
final class Llama4PreTokenizer implements PreTokenizer {
    /** The expression as {@code tokenizer.json} spells it. */
    static final String EXPRESSION =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final int UPPER_PART = UPPER | CASELESS | MARK;
    private static final int LOWER_PART = LOWER | CASELESS | MARK;

    @Override
    public int pieceEnd(int[] text, int from, int to) {
        int word = word(text, from, to);
        if (word > from) {
            return Scan.contraction(text, word, to, true);
        }
        int digits = Scan.threeDigits(text, from, to);
        if (digits > from) {
            return digits;
        }
        int symbols = Scan.symbols(text, from, to);
        if (symbols > from) {
            return linesAndSlashes(text, symbols, to);
        }
        return Scan.lines(text, from, to);
    }

    @Override
    public boolean capsSegments() {
        return true;
    }

    /**
     * The first two alternatives without their contraction: {@code lead? upper* lower+} and {@code
     * lead? upper+ lower*}. Letters without case and marks belong to both parts.
     */
    private static int word(int[] text, int from, int to) {
        int first = CharacterClass.of(text[from]);
        int start = (first & LEAD) != 0 ? from + 1 : from;
        int at = start;
        int lowerEnd = start;
        for (; at < to; at++) {
            int each = CharacterClass.of(text[at]);
            if ((each & UPPER_PART) == 0) {
                break;
            }
            if ((each & LOWER_PART) != 0) {
                lowerEnd = at + 1;
            }
        }
        if (at < to && CharacterClass.is(text[at], LOWER)) {
            return Scan.run(text, at, to, LOWER_PART);
        }
        // No lower case follows: upper* gives back up to the last character that lower+ can take.
        if (lowerEnd > start) {
            return lowerEnd;
        }
        // Then the lead is given back: a mark is a word of its own before capitals.
        if ((first & MARK) != 0) {
            return from + 1;
        }
        return at > start ? at : from;
    }

    /** {@code [\r\n/]*} */
    private static int linesAndSlashes(int[] text, int from, int to) {
        int at = from;
        while (at < to && (text[at] == '\r' || text[at] == '\n' || text[at] == '/')) {
            at++;
        }
        return at;
    }
}
