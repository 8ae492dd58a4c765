package org.scout4j.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;

/**
 * Who computes next. Sequences wait in order of arrival, run together, and join and leave between
 * any two steps. Plain single-threaded code without a clock: the same calls give the same steps.
 *
 * <p>A step holds first one row of each sequence that only awaits its next token, so that a long
 * prompt delays no answer by more than a step; then the rows that are left go to the prompts.
 *
 * <p>A sequence is admitted when the pages of its worst case (prompt and longest answer) can be set
 * aside. So a running sequence never lacks a page and none has to be thrown out.
 */
public final class Scheduler {
    private static final List<LayerGroup> GROUPS = List.of(LayerGroup.values());
    private static final Comparator<Sequence> SHORTEST_FIRST =
            Comparator.comparingInt(Sequence::pending);

    private final KvCache cache;
    private final int slots;
    private final int stepTokens;
    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();

    /** Those of the running sequences that have several tokens pending; filled in each step. */
    private final List<Sequence> prefilling = new ArrayList<>();

    private int reservedLocal;
    private int reservedGlobal;

    /**
     * Makes a scheduler with nothing to do.
     *
     * @param slots most sequences that run together
     * @param stepTokens most rows in a step, at least one a slot
     */
    public Scheduler(KvCache cache, int slots, int stepTokens) {
        if (slots < 1 || stepTokens < slots) {
            throw new IllegalArgumentException(slots + " slots, " + stepTokens + " rows a step");
        }
        this.cache = cache;
        this.slots = slots;
        this.stepTokens = stepTokens;
    }

    /**
     * The longest sequence, up to a limit, that can ever be admitted: one that has the cache to
     * itself.
     */
    public int longestSequence(int limit) {
        int least = 0;
        int most = limit;
        while (least < most) {
            int middle = most - (most - least) / 2;
            if (fitsAlone(middle)) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        return least;
    }

    /** Sequences that wait for a slot or for pages. */
    public int waiting() {
        return waiting.size();
    }

    /** Sequences that take part in steps. */
    public int running() {
        return running.size();
    }

    /**
     * Puts a sequence at the end of the queue.
     *
     * @throws IllegalArgumentException if it is longer than {@link #longestSequence}: it would wait
     *     for ever, and everything behind it too
     */
    public void add(Sequence sequence) {
        int positions = sequence.mostPositions();
        if (!fitsAlone(positions)) {
            throw new IllegalArgumentException(positions + " positions do not fit the cache");
        }
        waiting.addLast(sequence);
    }

    /** Takes a sequence out, whatever its state, and gives its pages back. */
    public void remove(Sequence sequence) {
        if (running.remove(sequence)) {
            reserve(sequence, -1);
            sequence.table().release();
        } else if (!waiting.remove(sequence)) {
            throw new IllegalStateException("the sequence is not here");
        }
    }

    /**
     * Decides what the next step computes. Afterwards all of it counts as computed.
     *
     * @param step receives the plan; at least {@code slots} sequences and logit rows, {@code
     *     stepTokens} rows
     */
    public void plan(Step step) {
        step.clear();
        admit();
        prefilling.clear();
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            if (sequence.pending() == 1) {
                step.add(sequence, 1);
            } else {
                prefilling.add(sequence);
            }
        }
        if (!prefilling.isEmpty()) {
            sharePrefill(step);
        }
    }

    /** In order of arrival: one that does not fit yet is not overtaken, or it would starve. */
    private void admit() {
        while (running.size() < slots && !waiting.isEmpty() && fits(waiting.getFirst())) {
            Sequence sequence = waiting.removeFirst();
            reserve(sequence, 1);
            running.add(sequence);
        }
    }

    /**
     * Divides the rows that are left evenly; what a short prompt does not need, the longer ones
     * get. Going from the shortest to the longest does that in one pass, and everyone gets at least
     * one row: there are as many rows, and rows with logits, as there are slots.
     */
    private void sharePrefill(Step step) {
        prefilling.sort(SHORTEST_FIRST);
        int left = prefilling.size();
        for (int i = 0; i < prefilling.size(); i++, left--) {
            Sequence sequence = prefilling.get(i);
            int share = Math.ceilDiv(stepTokens - step.batch().rows(), left);
            if (sequence.wantsAllLogits()) {
                int logitShare = Math.ceilDiv(step.batch().remainingLogitRows(), left);
                share = Math.min(share, logitShare);
            }
            step.add(sequence, Math.min(share, sequence.pending()));
        }
    }

    private boolean fitsAlone(int positions) {
        return GROUPS.stream().allMatch(g -> pages(g, positions) <= cache.pool(g).count());
    }

    private boolean fits(Sequence sequence) {
        int positions = sequence.mostPositions();
        int freeLocal = cache.pool(LayerGroup.LOCAL).count() - reservedLocal;
        int freeGlobal = cache.pool(LayerGroup.GLOBAL).count() - reservedGlobal;
        return pages(LayerGroup.LOCAL, positions) <= freeLocal
                && pages(LayerGroup.GLOBAL, positions) <= freeGlobal;
    }

    /** Sets the worst case of a sequence aside (sign 1) or frees it (sign −1). */
    private void reserve(Sequence sequence, int sign) {
        reservedLocal += sign * pages(LayerGroup.LOCAL, sequence.mostPositions());
        reservedGlobal += sign * pages(LayerGroup.GLOBAL, sequence.mostPositions());
    }

    private int pages(LayerGroup group, int positions) {
        return cache.shape().pages(group, positions, stepTokens);
    }
}
