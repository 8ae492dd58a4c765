package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.scout4j.grammar.regex.TextDfa;

/** Questions about sets of names. */
final class NameSets {
    /** Python's reserved words, which cannot name an argument. */
    static final List<String> PYTHON_KEYWORDS =
            List.of(
                    "False",
                    "None",
                    "True",
                    "and",
                    "as",
                    "assert",
                    "async",
                    "await",
                    "break",
                    "class",
                    "continue",
                    "def",
                    "del",
                    "elif",
                    "else",
                    "except",
                    "finally",
                    "for",
                    "from",
                    "global",
                    "if",
                    "import",
                    "in",
                    "is",
                    "lambda",
                    "nonlocal",
                    "not",
                    "or",
                    "pass",
                    "raise",
                    "return",
                    "try",
                    "while",
                    "with",
                    "yield");

    private NameSets() {}

    /** Whether a name can stand before an equals sign in a Python call: ASCII, no keyword. */
    static boolean isArgument(String name) {
        if (name.isEmpty() || PYTHON_KEYWORDS.contains(name)) {
            return false;
        }
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
            if (!letter && !(at > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }

    /** All names for which {@link #isArgument} holds. */
    static TextDfa arguments() {
        NameTree tree = new NameTree(PYTHON_KEYWORDS.toArray(String[]::new));
        TextDfa.Builder builder = new TextDfa.Builder();
        for (int node = 0; node < tree.nodes(); node++) {
            builder.state(node > 0 && tree.property(node) < 0);
        }
        int other = builder.state(true);
        for (int node = 0; node <= other; node++) {
            for (int c = '0'; c <= 'z'; c++) {
                boolean digit = c <= '9' && node > 0;
                if (digit || c >= 'A' && c <= 'Z' || c == '_' || c >= 'a') {
                    int child = node == other ? -1 : tree.child(node, c);
                    builder.edge(node, c, c, child < 0 ? other : child);
                }
            }
        }
        return builder.build(0);
    }

    /** The names in both sets. */
    static TextDfa both(TextDfa one, TextDfa two) {
        if (one.isEmpty() || two.isEmpty()) {
            return TextDfa.none();
        }
        TextDfa.Builder builder = new TextDfa.Builder();
        Map<Long, Integer> number = new HashMap<>();
        long[] queue = new long[16];
        int queued = 0;
        long start = pair(one.start(), two.start());
        number.put(start, builder.state(accepts(one, two, start)));
        queue[queued++] = start;
        for (int at = 0; at < queued; at++) {
            int a = (int) (queue[at] >>> 32);
            int b = (int) queue[at];
            int x = one.firstEdge(a);
            int y = two.firstEdge(b);
            while (x < one.firstEdge(a + 1) && y < two.firstEdge(b + 1)) {
                int low = Math.max(one.low(x), two.low(y));
                int high = Math.min(one.high(x), two.high(y));
                if (low <= high) {
                    long to = pair(one.target(x), two.target(y));
                    Integer known = number.get(to);
                    if (known == null) {
                        known = builder.state(accepts(one, two, to));
                        number.put(to, known);
                        if (queued == queue.length) {
                            queue = Arrays.copyOf(queue, queued * 2);
                        }
                        queue[queued++] = to;
                    }
                    builder.edge(at, low, high, known);
                }
                if (one.high(x) < two.high(y)) {
                    x++;
                } else {
                    y++;
                }
            }
        }
        return builder.build(0);
    }

    private static long pair(int a, int b) {
        return (long) a << 32 | b;
    }

    private static boolean accepts(TextDfa one, TextDfa two, long pair) {
        return one.accepts((int) (pair >>> 32)) && two.accepts((int) pair);
    }

    /**
     * A shortest text that can be made from a state and is none of some others.
     *
     * @throws IllegalArgumentException if there is none
     */
    static String word(TextDfa dfa, int state, List<String> except) {
        int[] far = distances(dfa);
        PriorityQueue<Draft> drafts = new PriorityQueue<>();
        drafts.add(new Draft("", state, far[state]));
        while (true) {
            Draft draft = drafts.poll();
            if (draft == null) {
                throw new IllegalArgumentException("there is no such text");
            }
            if (dfa.accepts(draft.state) && !except.contains(draft.text)) {
                return draft.text;
            }
            int from = dfa.firstEdge(draft.state);
            for (int edge = from; edge < dfa.firstEdge(draft.state + 1); edge++) {
                int to = dfa.target(edge);
                int c = readable(dfa.low(edge), dfa.high(edge));
                for (int more = 0; more <= except.size() && c <= dfa.high(edge); more++, c++) {
                    if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                        String text = draft.text + Character.toString(c);
                        drafts.add(
                                new Draft(
                                        text, to, text.codePointCount(0, text.length()) + far[to]));
                    }
                }
            }
        }
    }

    /**
     * Different values that can be made from a state, shortest first.
     *
     * @param text how they begin
     * @param numbers whether texts with the same number are one value
     * @param except values that do not count; see {@link ItemTexts#value}
     * @param most how many are wanted
     * @param tries texts that are looked at
     */
    static List<String> values(
            TextDfa dfa,
            int state,
            String text,
            boolean numbers,
            List<String> except,
            int most,
            int tries) {
        int[] far = distances(dfa);
        PriorityQueue<Draft> drafts = new PriorityQueue<>();
        drafts.add(new Draft(text, state, far[state]));
        List<String> values = new ArrayList<>();
        int looked = 0;
        while (values.size() < most && looked < tries && !drafts.isEmpty()) {
            Draft draft = drafts.remove();
            looked++;
            if (dfa.accepts(draft.state)) {
                String value = ItemTexts.value(numbers, draft.text);
                if (!except.contains(value) && !values.contains(value)) {
                    values.add(value);
                }
            }
            int from = dfa.firstEdge(draft.state);
            for (int edge = from; edge < dfa.firstEdge(draft.state + 1); edge++) {
                int to = dfa.target(edge);
                for (int c = dfa.low(edge), more = 0; more < tries && c <= dfa.high(edge); c++) {
                    if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                        more++;
                        String longer = draft.text + Character.toString(c);
                        drafts.add(new Draft(longer, to, longer.length() + far[to]));
                    }
                }
            }
        }
        return values;
    }

    /** A code point of a range, a letter or at least a visible character if it has one. */
    static int readable(int low, int high) {
        if (low <= 'a' && high >= 'a') {
            return 'a';
        }
        if (low <= '0' && high >= '0') {
            return '0';
        }
        return low < 0x20 && high >= 0x20
                ? 0x20
                : low == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : low;
    }

    private record Draft(String text, int state, int cost) implements Comparable<Draft> {
        @Override
        public int compareTo(Draft other) {
            return Integer.compare(cost, other.cost);
        }
    }

    /** By state: how many code points are still needed at least. */
    static int[] distances(TextDfa dfa) {
        int[] far = new int[dfa.states()];
        Arrays.fill(far, Integer.MAX_VALUE / 2);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int state = far.length - 1; state >= 0; state--) {
                int best = dfa.accepts(state) ? 0 : far[state];
                for (int edge = dfa.firstEdge(state); edge < dfa.firstEdge(state + 1); edge++) {
                    best = Math.min(best, far[dfa.target(edge)] + 1);
                }
                changed |= best < far[state];
                far[state] = Math.min(far[state], best);
            }
        }
        return far;
    }

    /** How many texts can still be made from a state; at most {@code cap}. */
    static int count(TextDfa dfa, int state, int cap) {
        if (state == TextDfa.DEAD) {
            return 0;
        }
        if (dfa.universal(state)) {
            return cap;
        }
        int[] known = new int[dfa.states()];
        Arrays.fill(known, -1);
        return count(dfa, state, cap, known, 0);
    }

    /** Every state can end, so a way back or one longer than all states means no end of texts. */
    private static int count(TextDfa dfa, int state, int cap, int[] known, int depth) {
        if (known[state] == -2 || depth > 2000) {
            return cap;
        }
        if (known[state] >= 0) {
            return known[state];
        }
        known[state] = -2;
        long texts = dfa.accepts(state) ? 1 : 0;
        for (int edge = dfa.firstEdge(state);
                edge < dfa.firstEdge(state + 1) && texts < cap;
                edge++) {
            long codePoints = dfa.high(edge) - dfa.low(edge) + 1L - surrogates(dfa, edge);
            if (codePoints > 0) {
                texts += codePoints * count(dfa, dfa.target(edge), cap, known, depth + 1);
            }
        }
        known[state] = (int) Math.min(texts, cap);
        return known[state];
    }

    private static int surrogates(TextDfa dfa, int edge) {
        int first = Math.max(dfa.low(edge), Character.MIN_SURROGATE);
        int last = Math.min(dfa.high(edge), Character.MAX_SURROGATE);
        return Math.max(0, last - first + 1);
    }
}
