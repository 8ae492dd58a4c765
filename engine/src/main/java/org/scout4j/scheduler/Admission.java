package org.scout4j.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.scout4j.cache.KvCache;

/**
 * The sequences that wait, and which of them may join. One is admitted when the pages of its prompt
 * are there, not those of its longest answer: most answers are shorter, and if pages run out, the
 * last in turn is pre-empted.
 *
 * <p>One that does not fit yet is overtaken by those behind it that do, but only so often; then all
 * wait until it fits.
 */
final class Admission {
    /** How often a sequence is overtaken at most. */
    private static final int MOST_OVERTAKEN = 32;

    /** How many that do not fit are looked at in one step. */
    private static final int MOST_TRIED = 4;

    private final KvCache cache;
    private final PageBudget budget;
    private final int slots;

    /** The scheduler's: in turn. */
    private final List<Sequence> running;

    /** In turn. */
    private final TreeSet<Sequence> waiting = new TreeSet<>(Sequence::inTurn);

    /** Those that did not fit in the last step, in turn. */
    private final List<Sequence> blocked = new ArrayList<>(MOST_TRIED);

    private int preempted;

    Admission(KvCache cache, PageBudget budget, int slots, List<Sequence> running) {
        this.cache = cache;
        this.budget = budget;
        this.slots = slots;
        this.running = running;
    }

    int waiting() {
        return waiting.size();
    }

    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    boolean remove(Sequence sequence) {
        return waiting.remove(sequence);
    }

    /** A running sequence gives its pages back and waits again. */
    void takeBack(Sequence sequence) {
        sequence.table().release();
        sequence.secured = false;
        waiting.add(sequence);
    }

    /**
     * Lets sequences join in turn.
     *
     * @return how many paused ones were pre-empted for them
     */
    int admit() {
        if (waiting.isEmpty()) {
            return 0;
        }
        preempted = 0;
        blocked.clear();
        Sequence next = firstReady(waiting.first());
        while (next != null && blocked.size() < MOST_TRIED && hasSlot()) {
            Sequence behind = waiting.higher(next);
            if (fits(next)) {
                join(next);
                blocked.forEach(before -> before.overtaken++);
            } else {
                blocked.add(next);
                if (next.overtaken >= MOST_OVERTAKEN) {
                    break;
                }
            }
            next = firstReady(behind);
        }
        return preempted;
    }

    private @Nullable Sequence firstReady(@Nullable Sequence from) {
        Sequence sequence = from;
        while (sequence != null && !sequence.ready()) {
            sequence = waiting.higher(sequence);
        }
        return sequence;
    }

    private boolean hasSlot() {
        return running.size() < slots || preemptPaused();
    }

    /** Whether all pages that it needs are there; if so, it holds those found in the cache. */
    private boolean fits(Sequence sequence) {
        sequence.begin(cache.prefixes());
        while (!budget.hasRoomBeside(running, sequence)) {
            if (!preemptPaused()) {
                sequence.table().release();
                return false;
            }
        }
        return true;
    }

    private void join(Sequence sequence) {
        waiting.remove(sequence);
        sequence.admitted();
        int place = running.size();
        while (place > 0 && Sequence.inTurn(sequence, running.get(place - 1)) < 0) {
            place--;
        }
        running.add(place, sequence);
        sequence.secured = true;
        budget.reserve(sequence);
    }

    private boolean preemptPaused() {
        for (int i = running.size() - 1; i >= 0; i--) {
            if (running.get(i).paused()) {
                takeBack(running.remove(i));
                preempted++;
                return true;
            }
        }
        return false;
    }
}
