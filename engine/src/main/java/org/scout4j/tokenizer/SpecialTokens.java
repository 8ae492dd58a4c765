package org.scout4j.tokenizer;

import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * The control tokens of a vocabulary, by name and by id, in the order of their ids. Ids come from
 * the data, never from arithmetic. Which of them begin or end a text is the checkpoint's to say.
 */
public final class SpecialTokens {
    public static final String BEGIN_OF_TEXT = "<|begin_of_text|>";
    public static final String END_OF_TEXT = "<|end_of_text|>";
    public static final String HEADER_START = "<|header_start|>";
    public static final String HEADER_END = "<|header_end|>";
    public static final String END_OF_MESSAGE = "<|eom|>";
    public static final String END_OF_TURN = "<|eot|>";
    public static final String IMAGE_START = "<|image_start|>";
    public static final String IMAGE_END = "<|image_end|>";
    public static final String IMAGE = "<|image|>";
    public static final String PATCH = "<|patch|>";
    public static final String TILE_X_SEPARATOR = "<|tile_x_separator|>";
    public static final String TILE_Y_SEPARATOR = "<|tile_y_separator|>";
    public static final String PYTHON_START = "<|python_start|>";
    public static final String PYTHON_END = "<|python_end|>";

    private final Map<String, Integer> ids;
    private final Map<Integer, String> names;
    private final BitSet members = new BitSet();

    /**
     * @throws IllegalArgumentException if two names share an id
     */
    public SpecialTokens(Map<String, Integer> ids) {
        Map<Integer, String> sorted = new TreeMap<>();
        ids.forEach((name, id) -> {
            String other = sorted.put(id, name);
            if (other != null) {
                throw new IllegalArgumentException(
                        "token " + id + " is both " + other + " and " + name);
            }
            members.set(id);
        });
        Map<String, Integer> byName = new LinkedHashMap<>();
        sorted.forEach((id, name) -> byName.put(name, id));
        this.ids = Collections.unmodifiableMap(byName);
        this.names = Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
    }

    /** The id of a special token, empty when this vocabulary has none of that name. */
    public OptionalInt id(String name) {
        Integer id = ids.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /**
     * The id of a special token that there must be.
     *
     * @throws IllegalStateException if this vocabulary has no such token
     */
    public int require(String name) {
        return id(name).orElseThrow(
                        () -> new IllegalStateException("the vocabulary has no token " + name));
    }

    /** Whether a token is special. */
    public boolean contains(int token) {
        return token >= 0 && members.get(token);
    }

    /** The name of a special token, empty for any other. */
    public Optional<String> name(int token) {
        return Optional.ofNullable(names.get(token));
    }

    /** All names. */
    public Set<String> names() {
        return ids.keySet();
    }

    /** Name by id. */
    public Map<Integer, String> byId() {
        return names;
    }
}
