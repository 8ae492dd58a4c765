package org.scout4j.tokenizer;

import static org.scout4j.tokenizer.CharacterClass.LETTER;
import static org.scout4j.tokenizer.CharacterClass.NUMBER;
import static org.scout4j.tokenizer.CharacterClass.WHITE_SPACE;

/**
 * The split of GPT-2, {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|
 * ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+} (spec "Tokenizer" §7). Isolating digits makes it the split of
 * SmolLM: every number character is a piece, and the text between two of them is split on its own,
 * so that white space before a digit is white space at the end of a text.
 */
final class Gpt2PreTokenizer implements PreTokenizer {
    private final boolean isolateDigits;

    Gpt2PreTokenizer(boolean isolateDigits) {
        this.isolateDigits = isolateDigits;
    }

    @Override
    public int pieceEnd(int[] text, int from, int to) {
        if (isolateDigits && CharacterClass.is(text[from], NUMBER)) {
            return from + 1;
        }
        int contraction = Scan.contraction(text, from, to, false);
        if (contraction > from) {
            return contraction;
        }
        int start = text[from] == ' ' ? from + 1 : from;
        int word = Scan.run(text, start, to, LETTER);
        if (word > start) {
            return word;
        }
        if (!isolateDigits) {
            int number = Scan.run(text, start, to, NUMBER);
            if (number > start) {
                return number;
            }
        }
        int symbols = Scan.symbols(text, from, to);
        if (symbols > from) {
            return symbols;
        }
        int space = Scan.run(text, from, to, WHITE_SPACE);
        boolean last = space == to || (isolateDigits && CharacterClass.is(text[space], NUMBER));
        return last ? space : Scan.withoutLast(from, space);
    }

    @Override
    public boolean capsSegments() {
        return false;
    }
}
