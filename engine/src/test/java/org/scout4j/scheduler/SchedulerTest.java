package org.scout4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scout4j.backend.Backend;
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.sampling.TokenHistory;

class SchedulerTest {
    /** Pages of 4 positions, no local layers: a sequence of n positions takes ceil(n / 4) pages. */
    private static final CacheShape GLOBAL_ONLY = new CacheShape(0, 1, 1, 2, 0, 4);

    private final Step step = new Step(4, 20, 8);

    @Test
    void aStepHoldsAnswersFirstThenPromptsHalfInTurnAndHalfTheShortest() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 4, 20);
        Sequence answering = sequence(cache, 1, 100);
        Sequence longest = sequence(cache, 200, 5);
        Sequence shortest = sequence(cache, 3, 5);
        Sequence middle = sequence(cache, 9, 5);
        List.of(longest, answering, middle, shortest).forEach(scheduler::add);

        scheduler.plan(step);

        // 19 rows beside the answer: 10 for the first in turn, 3 for the shortest, 6 are left.
        assertThat(rows()).containsExactly("1@0+1", "200@0+10", "9@0+6", "3@0+3");
        assertThat(step.batch().rows()).isEqualTo(20);
        assertThat(step.logitsTo(0) - step.logitsFrom(0)).as("answering").isEqualTo(1);
        assertThat(step.logitsTo(1) - step.logitsFrom(1)).as("part of a prompt").isZero();
        assertThat(step.logitsTo(3) - step.logitsFrom(3)).as("whole prompt").isEqualTo(1);

        answering.history().append(1);
        shortest.history().append(1);
        scheduler.plan(step);

        assertThat(rows()).containsExactly("1@1+1", "3@3+1", "200@10+15", "9@6+3");
    }

    @Test
    void theTightestBudgetMovesTheFirstInTurnAndTheShortest() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 4, 4);
        for (int length : new int[] {13, 12, 11, 10}) {
            scheduler.add(sequence(cache, length, 5));
        }
        for (int i = 0; i < 4; i++) {
            scheduler.plan(step);
            assertThat(rows()).containsExactly("13@" + 2 * i + "+2", "10@" + 2 * i + "+2");
        }
    }

    @Test
    void logitsOfPromptsAreSharedLikeRows() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 4, 20);
        Sequence first = new Sequence(TokenHistory.of(new int[40]), cache.newTable(), 5, true);
        Sequence second = new Sequence(TokenHistory.of(new int[41]), cache.newTable(), 5, true);
        scheduler.add(sequence(cache, 1, 100));
        scheduler.add(second);
        scheduler.add(first);

        scheduler.plan(step);

        // 8 rows may yield logits; the answer takes 1, 7 are left for two prompts.
        assertThat(rows()).containsExactly("1@0+1", "41@0+4", "40@0+3");
        assertThat(step.logitsTo(1) - step.logitsFrom(1)).isEqualTo(4);
    }

    @Test
    void promptsDecideWhoIsAdmittedAndTheLastInTurnIsPreempted() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 10);
        Scheduler scheduler = new Scheduler(cache, 4, 20);
        Sequence first = sequence(cache, 9, 30); // 3 pages for its prompt, 10 at its longest
        Sequence second = sequence(cache, 10, 24); // likewise 3 pages, 9 at its longest
        List.of(first, second).forEach(scheduler::add);

        int steps = 0;
        while (scheduler.preemptions() == 0) {
            scheduler.plan(step);
            assertThat(++steps).isLessThan(30);
            for (int entry = 0; entry < step.size(); entry++) {
                step.sequence(entry).history().append(1);
            }
        }

        // 20 pages' positions would be needed; the first in turn goes on alone.
        assertThat(step.size()).isEqualTo(1);
        assertThat(step.sequence(0)).isSameAs(first);
        assertThat(second.computed()).isZero();
        assertThat(second.history().answerLength()).as("keeps its answer").isPositive();
        assertThat(scheduler.waiting()).isEqualTo(1);

        scheduler.remove(first);
        scheduler.plan(step);
        assertThat(step.sequence(0)).isSameAs(second);
        assertThat(step.firstPosition(0)).as("computed from the start").isZero();
    }

    @Test
    void oneThatDoesNotFitIsOvertakenButNotForEver() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 10);
        Scheduler scheduler = new Scheduler(cache, 4, 20);
        Sequence holder = sequence(cache, 15, 20);
        Sequence large = sequence(cache, 36, 1); // 9 pages
        scheduler.add(holder);
        scheduler.plan(step);
        scheduler.add(large);
        int overtakers = 0;
        while (overtakers < 100) {
            Sequence small = sequence(cache, 2, 1);
            scheduler.add(small);
            scheduler.plan(step);
            if (small.computed() == 0) {
                break;
            }
            scheduler.remove(small);
            overtakers++;
        }
        assertThat(overtakers).isEqualTo(32);

        scheduler.remove(holder);
        scheduler.plan(step);
        assertThat(large.computed()).isPositive();
    }

    @Test
    void priorityGoesFirstAndWaitingCounts() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 1, 20);
        Sequence running = sequence(cache, 1, 5);
        Sequence old = sequence(cache, 2, 5);
        scheduler.add(running);
        scheduler.add(old);
        for (int i = 0; i < Scheduler.STEPS_OF_PRIORITY; i++) {
            running.history().append(1);
            scheduler.plan(step);
        }
        Sequence young = prior(cache, 3, 1);
        Sequence high = prior(cache, 4, 2);
        scheduler.add(young);
        scheduler.add(high);

        scheduler.remove(running);
        for (int expected : new int[] {4, 2, 3}) {
            scheduler.plan(step);
            assertThat(step.sequence(0).history().promptLength()).isEqualTo(expected);
            scheduler.remove(step.sequence(0));
        }
    }

    private static Sequence prior(KvCache cache, int promptLength, int priority) {
        return new Sequence(
                TokenHistory.of(new int[promptLength]),
                cache.newTable(),
                5,
                false,
                new Placement(priority, null, null));
    }

    @Test
    void aPausedSequenceGivesItsSlotToOneThatWaits() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 1, 20);
        Sequence paused = sequence(cache, 5, 5);
        scheduler.add(paused);
        scheduler.plan(step);
        paused.pause(true);

        scheduler.plan(step);
        assertThat(step.size()).isZero();
        assertThat(paused.computed()).as("nobody needs its pages").isEqualTo(5);

        Sequence other = sequence(cache, 6, 5);
        scheduler.add(other);
        scheduler.plan(step);
        assertThat(rows()).containsExactly("6@0+6");
        assertThat(paused.computed()).isZero();

        scheduler.remove(other);
        paused.pause(false);
        scheduler.plan(step);
        assertThat(rows()).containsExactly("5@0+5");
    }

    @Test
    void choicesWaitForThePromptOfTheFirst() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 4, 6);
        Sequence first = shared(cache, 10, null);
        Sequence second = shared(cache, 10, first);
        scheduler.add(first);
        scheduler.add(second);

        scheduler.plan(step);
        assertThat(rows()).containsExactly("10@0+6");
        first.keep(cache.prefixes());
        scheduler.plan(step);
        assertThat(rows()).containsExactly("10@6+4");
        first.keep(cache.prefixes());
        first.history().append(1);
        scheduler.plan(step);

        // Two full pages of 4 are shared; positions 8 and 9 are computed again.
        assertThat(rows()).containsExactly("10@10+1", "10@8+2");
        assertThat(second.cachedTokens()).isEqualTo(8);
    }

    private static Sequence shared(KvCache cache, int promptLength, @Nullable Sequence leader) {
        return new Sequence(
                TokenHistory.of(new int[promptLength]),
                cache.newTable(),
                5,
                false,
                new Placement(0, "salt", leader));
    }

    @Test
    void promptsThatArriveTogetherShareWhatTheFirstComputes() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 4, 8);
        Sequence first = shared(cache, 20, null);
        Sequence second = shared(cache, 20, null);
        scheduler.add(first);
        scheduler.add(second);

        for (int i = 0; i < 3; i++) {
            scheduler.plan(step);
            for (int entry = 0; entry < step.size(); entry++) {
                step.sequence(entry).keep(cache.prefixes());
            }
        }
        // The third step has rows left for the second, which finds 4 of the 5 full pages.
        assertThat(rows()).containsExactly("20@16+4", "20@16+4");
        assertThat(second.cachedTokens()).isEqualTo(16);
        assertThat(first.cachedTokens()).isZero();
    }

    @Test
    void slotsBoundWhatRuns() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 2, 20);
        List<Sequence> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(sequence(cache, 1, 5));
            scheduler.add(all.getLast());
        }
        scheduler.plan(step);
        assertThat(step.size()).isEqualTo(2);
        assertThat(step.sequence(0)).isSameAs(all.get(0));

        scheduler.remove(all.get(0));
        scheduler.remove(all.get(2)); // still waiting
        scheduler.remove(all.get(1));
        scheduler.plan(step);
        assertThat(step.sequence(0)).isSameAs(all.get(3));
        assertThat(step.sequence(1)).isSameAs(all.get(4));
    }

    @Test
    void theLastTokenOfAnAnswerNeedsNoPosition() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 2);
        Scheduler scheduler = new Scheduler(cache, 1, 8);

        scheduler.add(sequence(cache, 4, 5)); // 8 positions

        assertThatThrownBy(() -> scheduler.add(sequence(cache, 4, 6)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(scheduler.longestSequence(1000)).isEqualTo(8);
        assertThat(scheduler.longestSequence(5)).isEqualTo(5);
    }

    @Test
    void localPagesAreSetAsideForAChunkAndAStep() {
        // Chunks of 8, steps of at most 4: 12 positions at one time, in 3 pages and one that a
        // border may cut, however long the sequence is.
        CacheShape shape = new CacheShape(3, 1, 1, 2, 8, 4);
        KvCache cache = cache(shape, 8, 1000);
        Scheduler scheduler = new Scheduler(cache, 3, 4);
        for (int i = 0; i < 3; i++) {
            scheduler.add(sequence(cache, 100, 50));
        }

        scheduler.plan(step);

        assertThat(scheduler.running()).isEqualTo(2);
        assertThat(new Scheduler(cache(shape, 3, 1000), 3, 4).longestSequence(500)).isEqualTo(12);
        assertThat(new Scheduler(cache(shape, 4, 1000), 3, 4).longestSequence(500)).isEqualTo(500);
    }

    @Test
    void aPromptWithoutAnswerAsksForNoLogits() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 10);
        Scheduler scheduler = new Scheduler(cache, 1, 8);
        scheduler.add(sequence(cache, 5, 0));

        scheduler.plan(step);

        assertThat(rows()).containsExactly("5@0+5");
        assertThat(step.batch().logitCount()).isZero();
    }

    @Test
    void whoIsNotHereCannotLeave() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 10);
        Scheduler scheduler = new Scheduler(cache, 1, 8);
        Sequence sequence = sequence(cache, 5, 1);
        scheduler.add(sequence);
        scheduler.remove(sequence);

        assertThatThrownBy(() -> scheduler.remove(sequence))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Sequence sequence(KvCache cache, int promptLength, int maxTokens) {
        return new Sequence(
                TokenHistory.of(new int[promptLength]), cache.newTable(), maxTokens, false);
    }

    /** The step as text: prompt length, first position, number of rows of each sequence. */
    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int entry = 0; entry < step.size(); entry++) {
            int first = step.firstPosition(entry);
            rows.add(
                    step.sequence(entry).history().promptLength()
                            + "@"
                            + first
                            + "+"
                            + (step.lastPosition(entry) - first + 1));
        }
        return rows;
    }

    private static KvCache cache(CacheShape shape, int localPages, int globalPages) {
        Backend backend =
                (Backend)
                        Proxy.newProxyInstance(
                                Backend.class.getClassLoader(),
                                new Class<?>[] {Backend.class},
                                (proxy, method, arguments) ->
                                        new NoPages(
                                                (PageFormat) arguments[0], (Integer) arguments[1]));
        return new KvCache(backend, shape, localPages, globalPages);
    }

    private record NoPages(PageFormat format, int count) implements KvPages {
        @Override
        public void poison(int page) {}
    }
}
