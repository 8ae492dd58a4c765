package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

/** Whether the items that an array still needs can all be different. */
final class DistinctItems {
    private static final int MOST_TEXTS = 2000;

    /** By item: values that it may have, no more than are ever needed. */
    private final List<List<String>> choices = new ArrayList<>();

    private final String[] values;
    private final int[] holder;

    /**
     * @param count items so far
     * @param min least items in the end
     * @param taken the values so far
     */
    DistinctItems(ArrayRule rule, int count, int min, List<String> taken) {
        List<String> all = new ArrayList<>();
        int needed = min - count;
        for (int item = count; item < min; item++) {
            List<String> values =
                    item > count && rule.place(item).equals(rule.place(item - 1))
                            ? choices.getLast()
                            : values(rule.place(item), taken, needed);
            choices.add(values);
            for (String value : values) {
                if (!all.contains(value)) {
                    all.add(value);
                }
            }
        }
        this.values = all.toArray(String[]::new);
        this.holder = new int[values.length];
        Arrays.fill(holder, -1);
    }

    /** Whether each item finds a value of its own. */
    boolean fit() {
        for (int item = 0; item < choices.size(); item++) {
            // As many choices as there are items: whatever the others take, one is left.
            if (choices.get(item).size() < choices.size()
                    && !place(item, new boolean[values.length])) {
                return false;
            }
        }
        return true;
    }

    private boolean place(int item, boolean[] tried) {
        for (int value = 0; value < values.length; value++) {
            if (!tried[value] && choices.get(item).contains(values[value])) {
                tried[value] = true;
                if (holder[value] < 0 || place(holder[value], tried)) {
                    holder[value] = item;
                    return true;
                }
            }
        }
        return false;
    }

    /** Values that an item at a place may have and that were not taken; at most {@code most}. */
    static List<String> values(ArrayRule.Place place, List<String> taken, int most) {
        List<String> found = new ArrayList<>();
        add(place.other(), taken, most, found);
        add(place.matching(), taken, most, found);
        return found;
    }

    private static void add(
            @Nullable Values values, List<String> taken, int most, List<String> found) {
        if (values == null) {
            return;
        }
        for (Values.Kind kind : values.kinds()) {
            int wanted = most - found.size();
            if (wanted <= 0) {
                return;
            }
            List<String> except = new ArrayList<>(taken);
            except.addAll(found);
            switch (kind) {
                case Values.Words(List<String> words) -> {
                    for (String word : words) {
                        if (!except.contains(word)) {
                            found.add(word);
                        }
                    }
                }
                case Values.Number(TextKind spelling) ->
                        found.addAll(texts(spelling, true, except, wanted));
                case Values.Text(TextKind content) ->
                        found.addAll(texts(content, false, except, wanted));
                case ArrayRule _, ObjectRule _ -> {}
            }
        }
    }

    private static List<String> texts(
            TextKind kind, boolean numbers, List<String> except, int wanted) {
        TextDfa dfa = ((DfaTexts) kind.texts()).dfa();
        if (!numbers && dfa.universal(dfa.start())) {
            return anyTexts(kind, except, wanted);
        }
        int tries = MOST_TEXTS + wanted + except.size();
        return NameSets.values(dfa, dfa.start(), "", numbers, except, wanted, tries);
    }

    /** Texts of one length within the bounds; there are more than any array has items. */
    private static List<String> anyTexts(TextKind kind, List<String> except, int wanted) {
        List<String> found = new ArrayList<>();
        String before = "a".repeat(Math.max(0, kind.min() - 1));
        int most = kind.max() == 0 ? 0 : Character.MIN_SURROGATE - 1;
        for (int last = 0; last <= most && found.size() < wanted; last++) {
            String value = "s" + (most == 0 ? "" : before + (char) last);
            if (!except.contains(value)) {
                found.add(value);
            }
        }
        return found;
    }

    /**
     * Different items are told apart while they are single texts.
     *
     * @throws GrammarRefused if they may be arrays or objects
     */
    static void check(Alternative.Arrays arrays) {
        if (!arrays.unique() || arrays.max() < 2) {
            return;
        }
        for (Alternative.Slot slot : arrays.prefix()) {
            check(slot.any());
        }
        if (arrays.rest() != null) {
            check(arrays.rest().any());
        }
    }

    private static void check(ValueNode items) {
        for (Alternative alternative : items.alternatives()) {
            if (alternative instanceof Alternative.Arrays
                    || alternative instanceof Alternative.Objects) {
                throw new GrammarRefused(
                        GrammarRefused.Reason.UNSUPPORTED,
                        "",
                        "uniqueItems",
                        "Items that are arrays or objects cannot be told apart while they are"
                                + " written.");
            }
            if (alternative instanceof Alternative.Strings strings && strings.bounded()) {
                throw new GrammarRefused(
                        GrammarRefused.Reason.TOO_COMPLEX,
                        "",
                        "uniqueItems",
                        "Different strings of this pattern up to "
                                + strings.maxLength()
                                + " characters need too many automaton states.");
            }
        }
    }
}
