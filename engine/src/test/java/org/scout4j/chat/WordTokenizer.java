package org.scout4j.chat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.StreamingDecoder;
import org.scout4j.tokenizer.Tokenizer;

/**
 * A vocabulary for tests of formats: a UTF-16 unit is its own token, and special tokens lie above.
 * It remembers the texts that were encoded, which real vocabularies hide.
 */
final class WordTokenizer implements Tokenizer {
    private static final int UNITS = 1 << 16;

    private final SpecialTokens special;
    private final List<String> encoded = new ArrayList<>();

    WordTokenizer(Set<String> names) {
        Map<String, Integer> ids = new HashMap<>();
        new TreeSet<>(names).forEach(name -> ids.put(name, UNITS + ids.size()));
        this.special = new SpecialTokens(ids);
    }

    /** The texts encoded since the last call. */
    List<String> encoded() {
        List<String> texts = List.copyOf(encoded);
        encoded.clear();
        return texts;
    }

    @Override
    public int vocabularySize() {
        return UNITS + special.names().size();
    }

    @Override
    public int[] encode(CharSequence text) {
        encoded.add(text.toString());
        return text.chars().toArray();
    }

    @Override
    public int[] encodeWithSpecials(CharSequence text, Set<String> allowed) {
        throw new AssertionError("a chat format never reads control tokens from text");
    }

    @Override
    public byte[] bytes(int token) {
        return decode(token).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(int... tokens) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(tokens).filter(token -> token < UNITS).forEach(t -> text.append((char) t));
        return text.toString();
    }

    @Override
    public SpecialTokens special() {
        return special;
    }

    @Override
    public StreamingDecoder streamingDecoder() {
        throw new UnsupportedOperationException();
    }
}
