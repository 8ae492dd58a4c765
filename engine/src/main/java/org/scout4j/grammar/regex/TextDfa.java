package org.scout4j.grammar.regex;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic automaton over Unicode code points: a regular set of texts. Immutable. Every
 * state lies on a way from the start to an accepting state, so what has not failed can still
 * succeed; the empty set has no states at all.
 *
 * <p>Edges of a state are sorted, disjoint ranges of code points. Surrogates are not code points
 * here: ranges may cover them, but no text has them, and no range has nothing else.
 */
public final class TextDfa {
    /** The state from which nothing is accepted. */
    public static final int DEAD = -1;

    /** The largest code point. */
    public static final int MAX_CODE_POINT = Character.MAX_CODE_POINT;

    private static final TextDfa ANY = everything();

    /** Edges of state s are those from {@code firstEdge[s]} up to {@code firstEdge[s + 1]}. */
    private final int[] firstEdge;

    private final int[] low;
    private final int[] high;
    private final int[] target;
    private final boolean[] accepting;
    private final int start;

    /** Found when first asked for; the same whoever finds it. */
    private @Nullable TextDfaSizes sizes;

    /** The same. */
    private boolean @Nullable [] total;

    private TextDfa(
            int[] firstEdge, int[] low, int[] high, int[] target, boolean[] accepting, int start) {
        this.firstEdge = firstEdge;
        this.low = low;
        this.high = high;
        this.target = target;
        this.accepting = accepting;
        this.start = start;
    }

    /** All texts: one state, universal. */
    public static TextDfa any() {
        return ANY;
    }

    private static TextDfa everything() {
        Builder builder = new Builder();
        int only = builder.state(true);
        builder.edge(only, 0, MAX_CODE_POINT, only);
        return builder.build(only);
    }

    /** No text. */
    public static TextDfa none() {
        Builder builder = new Builder();
        return builder.build(builder.state(false));
    }

    /** Exactly these texts, as a trie. Unpaired surrogates are no text: such words are left out. */
    public static TextDfa ofWords(Collection<String> words) {
        return WordTrie.of(words);
    }

    /** The start state; {@link #DEAD} if the set is empty. */
    public int start() {
        return start;
    }

    public boolean isEmpty() {
        return start == DEAD;
    }

    /** Number of states. */
    public int states() {
        return accepting.length;
    }

    /** Whether the text may end in this state. */
    public boolean accepts(int state) {
        return accepting[state];
    }

    /** The state after a code point; {@link #DEAD} if nothing goes on with it. */
    public int next(int state, int codePoint) {
        int from = firstEdge[state];
        int to = firstEdge[state + 1] - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (codePoint < low[middle]) {
                to = middle - 1;
            } else if (codePoint > high[middle]) {
                from = middle + 1;
            } else {
                return target[middle];
            }
        }
        return DEAD;
    }

    /** Number of the state's first edge; its edges are numbered on up to the next state's first. */
    public int firstEdge(int state) {
        return firstEdge[state];
    }

    public int low(int edge) {
        return low[edge];
    }

    public int high(int edge) {
        return high[edge];
    }

    public int target(int edge) {
        return target[edge];
    }

    /** Whether everything that could follow is accepted, for ever. */
    public boolean universal(int state) {
        return accepting[state]
                && firstEdge[state + 1] - firstEdge[state] == 1
                && low[firstEdge[state]] == 0
                && high[firstEdge[state]] == MAX_CODE_POINT
                && target[firstEdge[state]] == state;
    }

    /** Whether any text can go on to one of the set; all texts that follow, for ever. */
    public boolean total(int state) {
        boolean[] known = total;
        if (known == null) {
            known = TotalStates.of(this);
            total = known;
        }
        return known[state];
    }

    /** Whether the text is in the set. */
    public boolean contains(String text) {
        int state = start;
        for (int index = 0; index < text.length() && state != DEAD; ) {
            int codePoint = text.codePointAt(index);
            state = next(state, codePoint);
            index += Character.charCount(codePoint);
        }
        return state != DEAD && accepting[state];
    }

    /**
     * How many texts lead from this state to an end; {@link Long#MAX_VALUE} if no long holds it.
     */
    public long words(int state) {
        return sizes().words(state);
    }

    /** Whether the set has a finite number of texts. */
    public boolean isFinite() {
        return isEmpty() || sizes().longest(start) != Integer.MAX_VALUE;
    }

    /**
     * Texts of a finite set, in order of code points.
     *
     * @param limit no more than these
     * @throws IllegalStateException if the set is infinite
     */
    public List<String> list(int limit) {
        return DfaTexts.list(this, limit);
    }

    /** Fewest code points of a text; 0 if there is none. */
    public int shortestLength() {
        return isEmpty() ? 0 : sizes().shortest(start);
    }

    /** Most code points of a text, {@link Integer#MAX_VALUE} = unbounded; 0 if there is none. */
    public int longestLength() {
        return isEmpty() ? 0 : sizes().longest(start);
    }

    /**
     * A shortest text, of letters and digits where it can.
     *
     * @throws IllegalStateException if the set is empty
     */
    public String example() {
        return DfaTexts.example(this);
    }

    /** Fewest code points from this state to an end. */
    public int shortestFrom(int state) {
        return sizes().shortest(state);
    }

    private TextDfaSizes sizes() {
        TextDfaSizes known = sizes;
        if (known == null) {
            known = new TextDfaSizes(this);
            sizes = known;
        }
        return known;
    }

    /** Collects states and edges in any order. */
    public static final class Builder {
        private final Ints accepting = new Ints(16);
        private final Ints from = new Ints(32);
        private final Ints low = new Ints(32);
        private final Ints high = new Ints(32);
        private final Ints target = new Ints(32);

        /** Adds a state and gives its number. */
        public int state(boolean accepts) {
            accepting.add(accepts ? 1 : 0);
            return accepting.size() - 1;
        }

        /** Adds an edge; ranges of one state must not overlap. */
        public void edge(int from, int low, int high, int to) {
            if (low < Character.MIN_SURROGATE || high > Character.MAX_SURROGATE) {
                this.from.add(from);
                this.low.add(low);
                this.high.add(high);
                this.target.add(to);
            }
        }

        /** The automaton, without states that lead nowhere or cannot be reached. */
        public TextDfa build(int start) {
            int[] sorted = sorted();
            int[] first = firsts(sorted);
            int[] number = liveNumbers(sorted);
            Ints old = new Ints(accepting.size());
            order(start, sorted, first, number, old);
            int states = old.size();
            int[] firstEdge = new int[states + 1];
            boolean[] accepts = new boolean[states];
            Ints lows = new Ints(low.size());
            Ints highs = new Ints(low.size());
            Ints targets = new Ints(low.size());
            for (int state = 0; state < states; state++) {
                int was = old.get(state);
                accepts[state] = accepting.get(was) != 0;
                merge(sorted, first[was], first[was + 1], number, lows, highs, targets);
                firstEdge[state + 1] = lows.size();
            }
            int begin = states == 0 ? DEAD : 0;
            return new TextDfa(
                    firstEdge, lows.toArray(), highs.toArray(), targets.toArray(), accepts, begin);
        }

        /** Edge numbers by state and range. */
        private int[] sorted() {
            int edges = from.size();
            int[] at = new int[accepting.size() + 1];
            for (int edge = 0; edge < edges; edge++) {
                at[from.get(edge) + 1]++;
            }
            for (int state = 0; state < accepting.size(); state++) {
                at[state + 1] += at[state];
            }
            int[] begin = at.clone();
            int[] sorted = new int[edges];
            for (int edge = 0; edge < edges; edge++) {
                int state = from.get(edge);
                int place = at[state]++;
                while (place > begin[state] && low.get(sorted[place - 1]) > low.get(edge)) {
                    sorted[place] = sorted[place - 1];
                    place--;
                }
                sorted[place] = edge;
            }
            return sorted;
        }

        private int[] firsts(int[] sorted) {
            int[] first = new int[accepting.size() + 1];
            int at = 0;
            for (int state = 0; state <= accepting.size(); state++) {
                while (at < sorted.length && from.get(sorted[at]) < state) {
                    at++;
                }
                first[state] = at;
            }
            return first;
        }

        /** Adds edges to live states, sorted, neighbours with one target as one. */
        private void merge(
                int[] sorted, int edge, int end, int[] number, Ints lows, Ints highs, Ints to) {
            int begin = lows.size();
            for (int at = edge; at < end; at++) {
                int one = sorted[at];
                int goal = number[target.get(one)];
                if (goal < 0) {
                    continue;
                }
                int last = lows.size() - 1;
                if (last >= begin && highs.get(last) >= low.get(one)) {
                    throw new IllegalArgumentException("ranges of a state overlap");
                }
                if (last >= begin && to.get(last) == goal && touch(highs.get(last), low.get(one))) {
                    highs.set(last, high.get(one));
                } else {
                    lows.add(low.get(one));
                    highs.add(high.get(one));
                    to.add(goal);
                }
            }
        }

        /** Whether no code point but surrogates lies between. */
        private static boolean touch(int high, int low) {
            return high + 1 == low
                    || high + 1 >= Character.MIN_SURROGATE && low - 1 <= Character.MAX_SURROGATE;
        }

        /** 0 for states that reach an end, {@link #DEAD} for the others. */
        private int[] liveNumbers(int[] sorted) {
            int states = accepting.size();
            int[] before = new int[states + 1];
            for (int edge = 0; edge < sorted.length; edge++) {
                before[target.get(edge) + 1]++;
            }
            for (int state = 0; state < states; state++) {
                before[state + 1] += before[state];
            }
            int[] place = before.clone();
            int[] source = new int[sorted.length];
            for (int edge = 0; edge < sorted.length; edge++) {
                source[place[target.get(edge)]++] = from.get(edge);
            }
            int[] number = new int[states];
            Arrays.fill(number, DEAD);
            Ints live = new Ints(states);
            for (int state = 0; state < states; state++) {
                if (accepting.get(state) != 0) {
                    number[state] = 0;
                    live.add(state);
                }
            }
            for (int at = 0; at < live.size(); at++) {
                int state = live.get(at);
                for (int edge = before[state]; edge < before[state + 1]; edge++) {
                    if (number[source[edge]] == DEAD) {
                        number[source[edge]] = 0;
                        live.add(source[edge]);
                    }
                }
            }
            return number;
        }

        /** Numbers live states as they are met from the start; unreached ones count as dead. */
        private void order(int start, int[] sorted, int[] first, int[] number, Ints old) {
            boolean[] met = new boolean[number.length];
            if (number[start] != DEAD) {
                met[start] = true;
                old.add(start);
            }
            for (int at = 0; at < old.size(); at++) {
                int state = old.get(at);
                number[state] = at;
                for (int edge = first[state]; edge < first[state + 1]; edge++) {
                    int to = target.get(sorted[edge]);
                    if (number[to] != DEAD && !met[to]) {
                        met[to] = true;
                        old.add(to);
                    }
                }
            }
        }
    }
}
