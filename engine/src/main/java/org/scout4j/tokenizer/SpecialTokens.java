package org.scout4j.tokenizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The control tokens of a vocabulary, by name. Ids come from the data, never from arithmetic. */
public final class SpecialTokens {
    public static final String BEGIN_OF_TEXT = "<|begin_of_text|>";
    public static final String END_OF_TEXT = "<|end_of_text|>";
    public static final String HEADER_START = "<|header_start|>";
    public static final String HEADER_END = "<|header_end|>";
    public static final String END_OF_MESSAGE = "<|eom|>";
    public static final String END_OF_TURN = "<|eot|>";
    public static final String PYTHON_START = "<|python_start|>";
    public static final String PYTHON_END = "<|python_end|>";

    private final Map<String, Integer> ids;
    private final Map<Integer, String> names = new LinkedHashMap<>();

    public SpecialTokens(Map<String, Integer> ids) {
        this.ids = Map.copyOf(ids);
        ids.forEach((name, id) -> names.put(id, name));
    }

    /** The id of a special token, empty when this vocabulary has none of that name. */
    public OptionalInt id(String name) {
        Integer id = ids.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /**
     * @throws IllegalStateException if this vocabulary has no such token
     */
    public int require(String name) {
        return id(name).orElseThrow(
                        () -> new IllegalStateException("the vocabulary has no token " + name));
    }

    public boolean contains(int token) {
        return names.containsKey(token);
    }

    /** All names. */
    public Set<String> names() {
        return ids.keySet();
    }

    /** Name by id. */
    public Map<Integer, String> byId() {
        return java.util.Collections.unmodifiableMap(names);
    }
}
