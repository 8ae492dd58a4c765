package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A deterministic automaton over Unicode code points: a regular set of texts. Immutable. Every
 * state lies on a way from the start to an accepting state, so what has not failed can still
 * succeed; the empty set has no states at all.
 *
 * <p>Edges of a state are sorted, disjoint ranges of code points. Surrogates are not code points
 * here: ranges may cover them, but no text has them.
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

    /** Collects states and edges in any order. */
    public static final class Builder {
        private record Edge(int low, int high, int target) {}

        private final List<List<Edge>> edges = new ArrayList<>();
        private final List<Boolean> accepting = new ArrayList<>();

        /** Adds a state and gives its number. */
        public int state(boolean accepts) {
            edges.add(new ArrayList<>());
            accepting.add(accepts);
            return edges.size() - 1;
        }

        /** Adds an edge; ranges of one state must not overlap. */
        public void edge(int from, int low, int high, int to) {
            edges.get(from).add(new Edge(low, high, to));
        }

        /** The automaton, without states that lead nowhere or cannot be reached. */
        public TextDfa build(int start) {
            int[] number = liveNumbers(start);
            int states = (int) Arrays.stream(number).filter(n -> n >= 0).count();
            int[] oldState = new int[states];
            for (int old = 0; old < number.length; old++) {
                if (number[old] >= 0) {
                    oldState[number[old]] = old;
                }
            }
            int[] firstEdge = new int[states + 1];
            boolean[] accepts = new boolean[states];
            List<Edge> kept = new ArrayList<>();
            for (int state = 0; state < states; state++) {
                firstEdge[state] = kept.size();
                accepts[state] = accepting.get(oldState[state]);
                merged(oldState[state], number, kept);
            }
            firstEdge[states] = kept.size();
            return new TextDfa(
                    firstEdge,
                    kept.stream().mapToInt(Edge::low).toArray(),
                    kept.stream().mapToInt(Edge::high).toArray(),
                    kept.stream().mapToInt(Edge::target).toArray(),
                    accepts,
                    states == 0 ? DEAD : number[start]);
        }

        /** Adds the state's edges to live states, sorted, neighbours with one target as one. */
        private void merged(int state, int[] number, List<Edge> kept) {
            List<Edge> sorted = new ArrayList<>(edges.get(state));
            sorted.sort((a, b) -> Integer.compare(a.low, b.low));
            int first = kept.size();
            for (Edge edge : sorted) {
                int to = number[edge.target];
                if (to < 0) {
                    continue;
                }
                Edge last = kept.size() > first ? kept.getLast() : null;
                if (last != null && last.high >= edge.low) {
                    throw new IllegalArgumentException("ranges of a state overlap");
                }
                if (last != null && last.target == to && last.high + 1 == edge.low) {
                    kept.set(kept.size() - 1, new Edge(last.low, edge.high, to));
                } else {
                    kept.add(new Edge(edge.low, edge.high, to));
                }
            }
        }

        /** New numbers of the states that are reached from the start and reach an end; −1. */
        private int[] liveNumbers(int start) {
            int count = edges.size();
            List<List<Integer>> before = new ArrayList<>();
            for (int state = 0; state < count; state++) {
                before.add(new ArrayList<>());
            }
            boolean[] reached = new boolean[count];
            int[] queue = new int[count];
            int queued = 0;
            reached[start] = true;
            queue[queued++] = start;
            for (int at = 0; at < queued; at++) {
                for (Edge edge : edges.get(queue[at])) {
                    before.get(edge.target).add(queue[at]);
                    if (!reached[edge.target]) {
                        reached[edge.target] = true;
                        queue[queued++] = edge.target;
                    }
                }
            }
            int[] number = new int[count];
            Arrays.fill(number, DEAD);
            int[] ends = new int[count];
            int found = 0;
            for (int at = 0; at < queued; at++) {
                if (accepting.get(queue[at])) {
                    number[queue[at]] = 0;
                    ends[found++] = queue[at];
                }
            }
            for (int at = 0; at < found; at++) {
                for (int previous : before.get(ends[at])) {
                    if (number[previous] == DEAD) {
                        number[previous] = 0;
                        ends[found++] = previous;
                    }
                }
            }
            int next = 0;
            for (int at = 0; at < queued; at++) {
                if (number[queue[at]] == 0) {
                    number[queue[at]] = next++;
                }
            }
            return number[start] == DEAD ? noneLive(number) : number;
        }

        private static int[] noneLive(int[] number) {
            Arrays.fill(number, DEAD);
            return number;
        }
    }
}
