package org.scout4j.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;

/**
 * Who computes next. Sequences wait, run together, and join and leave between any two steps. Plain
 * single-threaded code without a clock: the same calls give the same steps.
 *
 * <p>All sequences, waiting and running, stand in one order that never changes, {@link
 * Sequence#inTurn}: by priority and arrival, where priority counts as time waited, so that nobody
 * waits for ever. A step is planned in three parts:
 *
 * <ol>
 *   <li>{@link #secure}: in turn, each running sequence gets the pages of its next token. Where
 *       there are none, the last in turn is pre-empted: it gives its pages back and waits again, to
 *       be computed anew. So the first in turn always moves on, and one after the other becomes
 *       first.
 *   <li>{@link Admission}: waiting sequences join while slots and pages last.
 *   <li>{@link #fill}: one row for each sequence that only awaits its next token, so that a long
 *       prompt delays no answer by more than a step; then the rows and pages left go to the
 *       prompts, half of them in turn and half to the shortest.
 * </ol>
 */
public final class Scheduler {
    /** Steps of waiting that one level of priority outweighs. */
    public static final int STEPS_OF_PRIORITY = 512;

    private static final Comparator<Sequence> SHORTEST_FIRST =
            Comparator.comparingInt(Sequence::pending);

    private final KvCache cache;
    private final int stepTokens;
    private final PageBudget budget;
    private final Admission admission;

    /** In turn. */
    private final List<Sequence> running = new ArrayList<>();

    /** Those of the running sequences that have several tokens pending; filled in each step. */
    private final List<Sequence> prefilling = new ArrayList<>();

    private long steps;
    private long arrivals;
    private int preemptions;

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
        this.stepTokens = stepTokens;
        this.budget = new PageBudget(cache, stepTokens);
        this.admission = new Admission(cache, budget, slots, running);
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
            if (budget.fitsAlone(middle)) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        return least;
    }

    /** Sequences that wait for a slot or for pages, those pre-empted included. */
    public int waiting() {
        return admission.waiting();
    }

    /** Sequences that hold a slot. */
    public int running() {
        return running.size();
    }

    /** Sequences whose pages were taken back for the step planned last. */
    public int preemptions() {
        return preemptions;
    }

    /**
     * Puts a sequence among those that wait.
     *
     * @throws IllegalArgumentException if it is longer than {@link #longestSequence}: it would wait
     *     for ever
     */
    public void add(Sequence sequence) {
        int positions = sequence.mostPositions();
        if (!budget.fitsAlone(positions)) {
            throw new IllegalArgumentException(positions + " positions do not fit the cache");
        }
        long credit = (long) STEPS_OF_PRIORITY * sequence.placement().priority();
        sequence.arrive(steps - credit, arrivals++);
        admission.add(sequence);
    }

    /** Takes a sequence out, whatever its state, and gives its pages back. */
    public void remove(Sequence sequence) {
        if (!running.remove(sequence) && !admission.remove(sequence)) {
            throw new IllegalStateException("the sequence is not here");
        }
        sequence.end();
    }

    /**
     * Decides what the next step computes. Afterwards all of it counts as computed. The step is
     * empty only if nothing is here or everything here is paused, or waits for one that is.
     *
     * @param step receives the plan; at least {@code slots} sequences and logit rows, {@code
     *     stepTokens} rows
     */
    public void plan(Step step) {
        step.clear();
        steps++;
        preemptions = 0;
        budget.clear();
        for (int i = 0; i < running.size(); i++) {
            running.get(i).noteComputed();
        }
        secure();
        if (preemptions == 0) {
            preemptions += admission.admit();
        }
        fill(step);
    }

    /** Sets the pages of one token aside for each running sequence, in turn. */
    private void secure() {
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            sequence.secured = false;
            if (sequence.paused()) {
                continue;
            }
            while (!budget.hasRoomFor(sequence)) {
                int victim = victim(i);
                if (victim < 0) {
                    break; // the last in turn keeps what it has, and waits for pages in its slot
                }
                preempt(victim);
                if (victim < i) {
                    i--;
                }
            }
            if (budget.hasRoomFor(sequence)) {
                sequence.secured = true;
                budget.reserve(sequence);
            }
        }
    }

    /** A paused sequence if there is one, else the last in turn; −1 if nobody stands behind. */
    private int victim(int current) {
        for (int i = running.size() - 1; i >= 0; i--) {
            if (running.get(i).paused() && running.get(i).computed() > 0) {
                return i;
            }
        }
        int last = running.size() - 1;
        return last > current ? last : -1;
    }

    private void preempt(int index) {
        admission.takeBack(running.remove(index));
        preemptions++;
    }

    private void fill(Step step) {
        prefilling.clear();
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            sequence.share = 0;
            if (!sequence.secured) {
                continue;
            }
            if (sequence.pending() == 1) {
                budget.free(sequence);
                step.add(sequence, 1);
            } else {
                prefilling.add(sequence);
            }
        }
        if (!prefilling.isEmpty()) {
            sharePrefill(step);
        }
    }

    /**
     * Divides the rows that are left. One half goes to the prompts in turn, so that the first in
     * turn moves on however many short ones come; the other half to those with least left, so that
     * a short prompt does not wait for a long one. Dividing evenly instead would make all prompts
     * wait for the last.
     */
    private void sharePrefill(Step step) {
        int rows = stepTokens - step.batch().rows();
        int left = rows / 2 + handOut(Math.ceilDiv(rows, 2));
        prefilling.sort(SHORTEST_FIRST);
        handOut(left);
        prefilling.sort(Sequence::inTurn);
        for (int i = 0; i < prefilling.size(); i++) {
            addPrefill(step, prefilling.get(i), prefilling.size() - i);
        }
    }

    /**
     * Gives each as many rows as it wants, one after the other; returns those that nobody wants.
     */
    private int handOut(int rows) {
        int left = rows;
        for (int i = 0; i < prefilling.size(); i++) {
            Sequence sequence = prefilling.get(i);
            int more = Math.min(left, sequence.pending() - sequence.share);
            sequence.share += more;
            left -= more;
        }
        return left;
    }

    /** Adds a prompt's share, as far as pages and, where all are wanted, rows with logits last. */
    private void addPrefill(Step step, Sequence sequence, int sharers) {
        if (sequence.share == 0) {
            return;
        }
        budget.free(sequence);
        lookAgain(sequence);
        int share = Math.min(sequence.share, sequence.pending());
        if (sequence.wantsAllLogits()) {
            share = Math.min(share, Math.ceilDiv(step.batch().remainingLogitRows(), sharers));
        }
        share = Math.min(share, budget.tokensFor(sequence));
        if (share > 0) {
            step.add(sequence, share);
        }
    }

    /**
     * Before its first row: those before it may have computed what it begins with since it was
     * admitted. Pages found are no longer free for others, so they must not be what others were
     * promised.
     */
    private void lookAgain(Sequence sequence) {
        if (sequence.untouched()) {
            sequence.beginAgain(cache.prefixes());
            if (budget.overdrawn()) {
                sequence.beginWithNothing();
            }
        }
    }

    /** Pages that sequences hold, of both layer groups. */
    public int usedPages() {
        int used = 0;
        for (LayerGroup group : LayerGroup.values()) {
            used += cache.pool(group).count() - cache.pool(group).available();
        }
        return used;
    }

    /** Pages that only the prefix index holds, of both layer groups. */
    public int cachedPages() {
        return cache.pool(LayerGroup.LOCAL).idle() + cache.pool(LayerGroup.GLOBAL).idle();
    }
}
