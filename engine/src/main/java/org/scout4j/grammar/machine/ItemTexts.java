package org.scout4j.grammar.machine;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.grammar.regex.TextDfa;

/** Strings or numbers that are none of an array's earlier items. States are texts. */
final class ItemTexts implements Texts {
    /** Spellings that are looked through for one whose number was not taken. */
    private static final int MOST_SPELLINGS = 500;

    private final TextDfa dfa;
    private final boolean numbers;
    private final int max;
    private final List<String> taken;
    private final List<String> texts = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final Map<String, Integer> known = new HashMap<>();
    private final int start;

    /**
     * @param numbers whether texts with the same number are the same
     * @param max most code points
     * @param taken the earlier items' {@linkplain #value values}
     */
    ItemTexts(TextDfa dfa, boolean numbers, int max, List<String> taken) {
        this.dfa = dfa;
        this.numbers = numbers;
        this.max = max;
        this.taken = taken;
        this.start = state(dfa.start(), "");
    }

    /** What makes a value equal to others: its kind and, for numbers, not its spelling. */
    static String value(boolean number, String text) {
        if (!number) {
            return "s" + text;
        }
        try {
            BigDecimal exact = new BigDecimal(text).stripTrailingZeros();
            return "n" + exact.unscaledValue() + "e" + -(long) exact.scale();
        } catch (NumberFormatException e) {
            return "n" + text;
        }
    }

    private int state(int place, String text) {
        if (place == DEAD || !lives(place, text)) {
            return DEAD;
        }
        Integer number = known.get(text);
        if (number == null) {
            number = texts.size();
            known.put(text, number);
            texts.add(text);
            places.add(place);
        }
        return number;
    }

    /** Whether some text that begins so was not taken. */
    private boolean lives(int place, String text) {
        if (!numbers && text.codePointCount(0, text.length()) == max) {
            return !taken.contains(value(false, text));
        }
        if (taken.isEmpty() || !numbers && dfa.universal(place)) {
            return true;
        }
        if (numbers) {
            return !NameSets.values(dfa, place, text, true, taken, 1, MOST_SPELLINGS).isEmpty();
        }
        int used = 0;
        for (String value : taken) {
            used += value.startsWith("s" + text) && dfa.contains(value.substring(1)) ? 1 : 0;
        }
        return used == 0 || NameSets.count(dfa, place, used + 1) > used;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int next(int state, int codePoint) {
        return state(
                dfa.next(places.get(state), codePoint),
                texts.get(state) + Character.toString(codePoint));
    }

    @Override
    public int sameUpTo(int state, int codePoint) {
        return dfa.next(places.get(state), codePoint) == DEAD
                ? DfaTexts.sameUpTo(dfa, places.get(state), codePoint)
                : codePoint;
    }

    @Override
    public boolean accepts(int state) {
        return dfa.accepts(places.get(state)) && !taken.contains(value(numbers, texts.get(state)));
    }

    @Override
    public boolean open(int state) {
        return dfa.universal(places.get(state));
    }

    @Override
    public boolean universal(int state) {
        return false;
    }

    @Override
    public void leave(int state, Stack below, StackPool out) {
        Stack left = left(state, below, out);
        ArrayFrame array = (ArrayFrame) left.frame;
        if (array.mayStand()) {
            out.emit(left);
        }
    }

    @Override
    public Stack left(int state, Stack below, StackPool out) {
        ArrayFrame array = (ArrayFrame) below.frame;
        return out.of(array.taking(value(numbers, texts.get(state))), below.below());
    }
}
