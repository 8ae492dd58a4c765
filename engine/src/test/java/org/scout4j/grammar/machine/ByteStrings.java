package org.scout4j.grammar.machine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;

/** A vocabulary of given byte strings, with one special token at its end. */
final class ByteStrings implements Tokenizer {
    private final List<byte[]> tokens;

    ByteStrings(List<byte[]> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /** All single bytes, pieces of JSON and random pieces of strings. */
    static TokenVocabulary vocabulary(long seed) {
        List<byte[]> tokens = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            tokens.add(new byte[] {(byte) value});
        }
        for (String piece :
                List.of(
                        "{\"",
                        "\":",
                        "\": ",
                        "\",",
                        "\", \"",
                        "\"}",
                        "\"]",
                        "[]",
                        "{}",
                        "}}",
                        "]]",
                        "],",
                        "},",
                        "[{",
                        "[[",
                        " [",
                        ": {",
                        ",\n  ",
                        "\n",
                        "\n    ",
                        "  ",
                        "        ",
                        "true",
                        "false",
                        "null",
                        "tr",
                        "ue",
                        "12",
                        "0.5",
                        "1e",
                        "-1",
                        ".0",
                        "123",
                        "1]",
                        "2,",
                        "\\n",
                        "\\u00",
                        "\\ud83d",
                        "\\ude00",
                        "\\\"",
                        "\\\\",
                        "x\\",
                        "é",
                        "ab\u00e9",
                        "日本",
                        "😀",
                        "a😀b\"",
                        "é\":",
                        "name",
                        "\"name\"",
                        "\"a\":",
                        "a\":1",
                        "ab",
                        "abc",
                        "\"ab",
                        "abc\",\"",
                        "b\"}",
                        "None",
                        "True",
                        "f(",
                        "(a=",
                        ")]",
                        "), ",
                        "=1",
                        "(**{\"",
                        "[f",
                        "f",
                        "g(",
                        "b=\"",
                        "a",
                        "a",
                        "x\":[",
                        "\":\"",
                        "\":{\"",
                        "\"\"",
                        "\"\":",
                        "\\/",
                        "\\b",
                        "z",
                        "zz",
                        "b\",\"a\":")) tokens.add(piece.getBytes(StandardCharsets.UTF_8));
        SplittableRandom random = new SplittableRandom(seed);
        for (int more = 0; more < 300; more++) {
            byte[] one = tokens.get(random.nextInt(tokens.size()));
            byte[] two = tokens.get(random.nextInt(tokens.size()));
            byte[] joined = new byte[one.length + two.length];
            System.arraycopy(one, 0, joined, 0, one.length);
            System.arraycopy(two, 0, joined, one.length, two.length);
            tokens.add(joined);
        }
        return TokenVocabulary.of(new ByteStrings(tokens), Set.of(3));
    }

    @Override
    public int vocabularySize() {
        return tokens.size() + 1;
    }

    @Override
    public int[] encode(CharSequence text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int[] encodeWithSpecials(CharSequence text, Set<String> allowed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] bytes(int token) {
        return token == tokens.size()
                ? "<|end|>".getBytes(StandardCharsets.UTF_8)
                : tokens.get(token).clone();
    }

    @Override
    public String decode(int... ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SpecialTokens special() {
        return new SpecialTokens(Map.of("<|end|>", tokens.size()));
    }
}
