package org.scout4j.tokenizer;

import static org.scout4j.tokenizer.CharacterClass.LEAD;
import static org.scout4j.tokenizer.CharacterClass.LETTER;
import static org.scout4j.tokenizer.CharacterClass.NEWLINE;

/** The split of Llama 3, {@code llama-bpe} in GGUF (spec "Tokenizer" §7). */
final class Llama3PreTokenizer implements PreTokenizer {
    /** The expression as {@code tokenizer.json} spells it. */
    static final String EXPRESSION =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    @Override
    public int pieceEnd(int[] text, int from, int to) {
        int contraction = Scan.contraction(text, from, to, true);
        if (contraction > from) {
            return contraction;
        }
        int start = CharacterClass.is(text[from], LEAD) ? from + 1 : from;
        int word = Scan.run(text, start, to, LETTER);
        if (word > start) {
            return word;
        }
        int digits = Scan.threeDigits(text, from, to);
        if (digits > from) {
            return digits;
        }
        int symbols = Scan.symbols(text, from, to);
        if (symbols > from) {
            return Scan.run(text, symbols, to, NEWLINE);
        }
        return Scan.lines(text, from, to);
    }

    @Override
    public boolean capsSegments() {
        return true;
    }
}
