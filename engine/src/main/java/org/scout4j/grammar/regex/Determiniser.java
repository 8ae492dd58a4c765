package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.grammar.CompileBudget;

/**
 * Makes a pattern's graph deterministic: the subset construction. A state is a set of threads (see
 * {@link Closure}); beside them stands what must be known of the text before: whether its last code
 * point is a word character, and the states of look-behinds.
 */
final class Determiniser {
    /** A kind of place in a text. */
    record Context(boolean atStart, boolean afterWord) {
        static final Context TEXT_START = new Context(true, false);
    }

    private record State(
            long[] threads, int[] behind, boolean afterWord, boolean accepts, int hash) {
        @Override
        public boolean equals(Object other) {
            return other instanceof State that
                    && hash == that.hash
                    && accepts == that.accepts
                    && afterWord == that.afterWord
                    && Arrays.equals(threads, that.threads)
                    && Arrays.equals(behind, that.behind);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private static final Context INSIDE = new Context(false, false);
    private static final Context INSIDE_AFTER_WORD = new Context(false, true);

    private final Alphabet alphabet;
    private final CompileBudget budget;
    private final Nfa nfa;
    private final Demands demands;
    private final Lookarounds lookarounds;
    private final Closure closure;

    /** Classes of word characters if the pattern has to know of them; else nothing. */
    private final long[] words;

    private final TextDfa.Builder builder = new TextDfa.Builder();
    private final Map<State, Integer> numbers = new HashMap<>();
    private final List<State> states = new ArrayList<>();
    private int universal = -1;

    /**
     * @param anywhere whether the match may begin at any place
     * @param toTheEnd whether it must end where the text ends
     * @param alphabet of this pattern, or of one of which it is a part
     */
    Determiniser(
            Pattern pattern,
            boolean anywhere,
            boolean toTheEnd,
            Alphabet alphabet,
            CompileBudget budget) {
        this.alphabet = alphabet;
        this.budget = budget;
        demands = new Demands(budget);
        nfa = new Nfa(pattern, anywhere, toTheEnd, alphabet, budget);
        lookarounds = new Lookarounds(nfa.looks(), alphabet, demands, budget);
        closure = new Closure(nfa, demands, lookarounds, budget);
        boolean watches = pattern.any(part -> part instanceof Pattern.Boundary);
        words = watches ? alphabet.bits(CodePoints.WORD) : new long[(alphabet.size() + 63) / 64];
    }

    /** All texts that go on from such a place as the pattern wants. */
    TextDfa build(Context context) {
        int[] behind = lookarounds.behindStart();
        closure.begin(context, behind);
        closure.add(nfa.start(), Demands.NONE);
        int start = number(behind, false);
        int[] targets = new int[alphabet.size()];
        for (int number = 0; number < states.size(); number++) {
            // The universal state has its edge already.
            if (number != universal) {
                State state = states.get(number);
                for (int one = 0; one < targets.length; one++) {
                    targets[one] = next(state, one);
                }
                budget.spend(alphabet.edges(builder, number, targets));
            }
        }
        return builder.build(start);
    }

    private int next(State state, int one) {
        int point = alphabet.member(one);
        boolean afterWord = (words[one >>> 6] >>> one & 1) != 0;
        int[] behind = lookarounds.behindNext(state.behind, point);
        closure.begin(afterWord ? INSIDE_AFTER_WORD : INSIDE, behind);
        boolean any = false;
        for (long thread : state.threads) {
            int node = (int) thread;
            int after;
            if (nfa.kind(node) == Nfa.Kind.FOUND) {
                after = demands.after((int) (thread >>> 32), point);
                closure.add(node, after);
            } else if (nfa.reads(node, one)) {
                after = demands.after((int) (thread >>> 32), point);
                closure.add(nfa.next(node), after);
            } else {
                continue;
            }
            any |= after != Demands.IMPOSSIBLE;
        }
        return any ? number(behind, afterWord) : TextDfa.DEAD;
    }

    /** The number of the state that the closure holds; {@link TextDfa#DEAD} if it is empty. */
    private int number(int[] behind, boolean afterWord) {
        if (closure.found()) {
            return universal();
        }
        long[] threads = closure.threads();
        if (threads.length == 0 && !closure.accepts()) {
            return nothing();
        }
        int hash =
                31 * (31 * Arrays.hashCode(threads) + Arrays.hashCode(behind))
                        + (afterWord ? 2 : 0)
                        + (closure.accepts() ? 1 : 0);
        State state = new State(threads, behind, afterWord, closure.accepts(), hash);
        Integer known = numbers.putIfAbsent(state, states.size());
        if (known != null) {
            return known;
        }
        budget.spend(2L + threads.length / 4);
        states.add(state);
        return builder.state(state.accepts);
    }

    /** Only the start needs a state of its own when nothing is left. */
    private int nothing() {
        if (!states.isEmpty()) {
            return TextDfa.DEAD;
        }
        states.add(new State(new long[0], new int[0], false, false, 0));
        return builder.state(false);
    }

    private int universal() {
        if (universal < 0) {
            universal = builder.state(true);
            states.add(new State(new long[0], new int[0], false, true, 0));
            builder.edge(universal, 0, TextDfa.MAX_CODE_POINT, universal);
        }
        return universal;
    }
}
