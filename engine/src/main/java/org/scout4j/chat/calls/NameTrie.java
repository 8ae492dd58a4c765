package org.scout4j.chat.calls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Names as a tree of their characters: which names still fit, one character at a time. */
final class NameTrie {
    static final int ROOT = 0;
    static final int NONE = -1;

    private int[] firstChild = new int[64];
    private int[] nextSibling = new int[64];
    private char[] character = new char[64];
    private int[] name = new int[64];
    private int size;

    NameTrie(List<String> names) {
        node('\0');
        for (int i = 0; i < names.size(); i++) {
            add(names.get(i), i);
        }
    }

    /**
     * The names of functions, also with what models put before them. A function that is really
     * called so comes first.
     */
    static NameTrie ofFunctions(List<DeclaredFunction> functions) {
        List<String> names = new ArrayList<>();
        functions.forEach(function -> names.add(function.name()));
        NameTrie trie = new NameTrie(names);
        for (String prefix : List.of("functions.", "default_api.")) {
            for (int i = 0; i < names.size(); i++) {
                trie.add(prefix + names.get(i), i);
            }
        }
        return trie;
    }

    private int node(char c) {
        if (size == name.length) {
            firstChild = Arrays.copyOf(firstChild, 2 * size);
            nextSibling = Arrays.copyOf(nextSibling, 2 * size);
            character = Arrays.copyOf(character, 2 * size);
            name = Arrays.copyOf(name, 2 * size);
        }
        firstChild[size] = NONE;
        nextSibling[size] = NONE;
        character[size] = c;
        name[size] = NONE;
        return size++;
    }

    private void add(String text, int index) {
        int node = ROOT;
        for (int i = 0; i < text.length(); i++) {
            int child = child(node, text.charAt(i));
            if (child == NONE) {
                child = node(text.charAt(i));
                nextSibling[child] = firstChild[node];
                firstChild[node] = child;
            }
            node = child;
        }
        if (name[node] == NONE) {
            name[node] = index;
        }
    }

    /** The node one character further, or {@link #NONE}. */
    int child(int node, int c) {
        int child = firstChild[node];
        while (child != NONE && character[child] != c) {
            child = nextSibling[child];
        }
        return child;
    }

    /** The index of the name that ends here, or {@link #NONE}. */
    int name(int node) {
        return name[node];
    }

    /** The index of a whole name, or {@link #NONE}. */
    int find(CharSequence text) {
        int node = ROOT;
        for (int i = 0; i < text.length() && node != NONE; i++) {
            node = child(node, text.charAt(i));
        }
        return node == NONE ? NONE : name[node];
    }
}
