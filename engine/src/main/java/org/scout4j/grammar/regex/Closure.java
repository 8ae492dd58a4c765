package org.scout4j.grammar.regex;

import java.util.Arrays;
import org.scout4j.grammar.CompileBudget;

/**
 * The threads of one state: what is reached from some nodes without reading. A thread is a node
 * that reads and what look-aheads on the way to it demand of the rest of the text.
 */
final class Closure {
    /** Marks the demands of a thread for which the text must end here. */
    private static final int ENDED = 1 << 30;

    private final Nfa nfa;
    private final Demands demands;
    private final Lookarounds lookarounds;
    private final CompileBudget budget;

    /** In which round a node was met without demands. */
    private final int[] met;

    private int round;

    /** What was met with demands. */
    private final LongTable metDemanding = new LongTable();

    private final Ints nodes = new Ints(64);
    private final Ints demanded = new Ints(64);
    private long[] threads = new long[16];
    private int count;
    private boolean found;
    private boolean accepts;
    private Determiniser.Context context = Determiniser.Context.TEXT_START;
    private int[] behind = {};

    Closure(Nfa nfa, Demands demands, Lookarounds lookarounds, CompileBudget budget) {
        this.nfa = nfa;
        this.demands = demands;
        this.lookarounds = lookarounds;
        this.budget = budget;
        this.met = new int[nfa.nodes()];
    }

    /** Begins anew at a place in the text. */
    void begin(Determiniser.Context place, int[] behindStates) {
        round++;
        metDemanding.clear();
        count = 0;
        found = false;
        accepts = false;
        context = place;
        behind = behindStates;
    }

    /** Adds a node and all that it leads to. */
    void add(int node, int itsDemands) {
        push(node, itsDemands);
        while (nodes.size() > 0) {
            budget.step();
            visit(nodes.removeLast(), demanded.removeLast());
        }
    }

    private void push(int node, int itsDemands) {
        if (itsDemands == Demands.IMPOSSIBLE) {
            return;
        }
        boolean fresh;
        if (itsDemands == Demands.NONE) {
            fresh = met[node] != round;
            met[node] = round;
        } else {
            int before = metDemanding.size();
            fresh = metDemanding.number((long) itsDemands << 32 | node) == before;
        }
        if (fresh) {
            nodes.add(node);
            demanded.add(itsDemands);
        }
    }

    private void visit(int node, int marked) {
        int own = marked & ~ENDED;
        int ended = marked & ENDED;
        switch (nfa.kind(node)) {
            case READ -> {
                if (ended == 0) {
                    thread(node, own);
                }
            }
            case SPLIT -> {
                push(nfa.other(node), marked);
                push(nfa.next(node), marked);
            }
            case START -> {
                if (context.atStart()) {
                    push(nfa.next(node), marked);
                }
            }
            case END -> push(nfa.next(node), marked | ENDED);
            case BOUNDARY ->
                    pushDemanding(node, lookarounds.boundary(!context.afterWord(), own), ended);
            case NO_BOUNDARY ->
                    pushDemanding(node, lookarounds.boundary(context.afterWord(), own), ended);
            case LOOK -> look(node, own, ended);
            case FOUND -> {
                accepts |= demands.metAtEnd(own);
                found |= own == Demands.NONE && ended == 0;
                if (ended == 0) {
                    thread(node, own);
                }
            }
            case FOUND_AT_END -> accepts |= demands.metAtEnd(own);
        }
    }

    private void look(int node, int own, int ended) {
        int number = nfa.other(node);
        if (!lookarounds.looksBehind(number)) {
            pushDemanding(node, lookarounds.ahead(number, context, own), ended);
        } else if (lookarounds.behindHolds(number, behind)) {
            push(nfa.next(node), own | ended);
        }
    }

    private void pushDemanding(int node, int itsDemands, int ended) {
        if (itsDemands != Demands.IMPOSSIBLE) {
            push(nfa.next(node), itsDemands | ended);
        }
    }

    private void thread(int node, int itsDemands) {
        if (count == threads.length) {
            threads = Arrays.copyOf(threads, 2 * count);
        }
        threads[count++] = (long) itsDemands << 32 | node;
    }

    /** Whether the pattern is found, whatever follows. */
    boolean found() {
        return found;
    }

    /** Whether the text may end here. */
    boolean accepts() {
        return accepts;
    }

    /** The threads in order; without those that demand more than another at the same node. */
    long[] threads() {
        int kept = 0;
        for (int one = 0; one < count; one++) {
            boolean demanding = threads[one] >>> 32 != Demands.NONE;
            if (!demanding || met[(int) threads[one]] != round) {
                threads[kept++] = threads[one];
            }
        }
        long[] sorted = Arrays.copyOf(threads, kept);
        Arrays.sort(sorted);
        return sorted;
    }
}
