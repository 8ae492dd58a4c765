package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Makes an automaton of a list of words. */
final class WordTrie {
    private WordTrie() {}

    static TextDfa of(Collection<String> words) {
        List<int[]> sorted = new ArrayList<>(words.size());
        for (String word : words) {
            int[] points = word.codePoints().toArray();
            if (isText(points)) {
                sorted.add(points);
            }
        }
        if (sorted.isEmpty()) {
            return TextDfa.none();
        }
        Collections.sort(sorted, Arrays::compare);
        return trie(sorted);
    }

    private static boolean isText(int[] points) {
        for (int point : points) {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return false;
            }
        }
        return true;
    }

    /** Of sorted words: each shares with the one before it all states of their common beginning. */
    private static TextDfa trie(List<int[]> sorted) {
        TextDfa.Builder builder = new TextDfa.Builder();
        int root = builder.state(sorted.getFirst().length == 0);
        Ints path = new Ints(16);
        path.add(root);
        int[] previous = {};
        for (int[] word : sorted) {
            int common = 0;
            while (common < Math.min(previous.length, word.length)
                    && previous[common] == word[common]) {
                common++;
            }
            while (path.size() > common + 1) {
                path.removeLast();
            }
            for (int at = common; at < word.length; at++) {
                int state = builder.state(at == word.length - 1);
                builder.edge(path.get(at), word[at], word[at], state);
                path.add(state);
            }
            previous = word;
        }
        return builder.build(root);
    }
}
