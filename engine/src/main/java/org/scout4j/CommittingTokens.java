package org.scout4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.scout4j.tokenizer.Tokenizer;

/**
 * The tokens that can end the beginning of a tool call: those with an opening bracket or brace, a
 * quote or {@code >} in them. One of them may also hold the first bytes of the arguments.
 */
final class CommittingTokens {
    private final int[] ids;
    private final byte[][] bytes;

    private CommittingTokens(int[] ids, byte[][] bytes) {
        this.ids = ids;
        this.bytes = bytes;
    }

    static CommittingTokens of(Tokenizer tokenizer, Set<Integer> neverChosen) {
        List<Integer> ids = new ArrayList<>();
        List<byte[]> texts = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            if (tokenizer.special().contains(id) || neverChosen.contains(id)) {
                continue;
            }
            byte[] text = tokenizer.bytes(id);
            if (commits(text)) {
                ids.add(id);
                texts.add(text);
            }
        }
        return new CommittingTokens(
                ids.stream().mapToInt(Integer::intValue).toArray(), texts.toArray(byte[][]::new));
    }

    private static boolean commits(byte[] text) {
        for (byte b : text) {
            if (b == '(' || b == '"' || b == '\'' || b == '>' || b == '{') {
                return true;
            }
        }
        return false;
    }

    int count() {
        return ids.length;
    }

    int id(int index) {
        return ids[index];
    }

    byte[] bytes(int index) {
        return bytes[index];
    }
}
