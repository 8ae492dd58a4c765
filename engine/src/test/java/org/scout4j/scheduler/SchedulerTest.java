package org.scout4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.backend.Backend;
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.sampling.TokenHistory;

class SchedulerTest {
    /** Pages of 4 positions, no local layers: a sequence of n positions takes ceil(n / 4) pages. */
    private static final CacheShape GLOBAL_ONLY = new CacheShape(0, 1, 1, 2, 0, 4);

    private final Step step = new Step(4, 20, 8);

    @Test
    void aStepHoldsAnswersFirstThenEvenSharesOfPrompts() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 4, 20);
        Sequence answering = sequence(cache, 1, 100);
        Sequence longest = sequence(cache, 200, 5);
        Sequence shortest = sequence(cache, 3, 5);
        Sequence middle = sequence(cache, 9, 5);
        List.of(longest, answering, middle, shortest).forEach(scheduler::add);

        scheduler.plan(step);

        // 19 rows beside the answer: 3 of them do for the shortest, 8 for each of the others.
        assertThat(rows()).containsExactly("1@0+1", "3@0+3", "9@0+8", "200@0+8");
        assertThat(step.batch().rows()).isEqualTo(20);
        assertThat(step.logitsTo(0) - step.logitsFrom(0)).as("answering").isEqualTo(1);
        assertThat(step.logitsTo(1) - step.logitsFrom(1)).as("whole prompt").isEqualTo(1);
        assertThat(step.logitsTo(2) - step.logitsFrom(2)).as("part of a prompt").isZero();

        answering.history().append(1);
        shortest.history().append(1);
        scheduler.plan(step);

        assertThat(rows()).containsExactly("1@1+1", "9@8+1", "3@3+1", "200@8+17");
    }

    @Test
    void theTightestBudgetStillMovesEveryone() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 1000);
        Scheduler scheduler = new Scheduler(cache, 4, 4);
        for (int i = 0; i < 4; i++) {
            scheduler.add(sequence(cache, 10 + i, 5));
        }
        for (int i = 0; i < 10; i++) {
            scheduler.plan(step);
            assertThat(rows())
                    .containsExactly(
                            "10@" + i + "+1", "11@" + i + "+1", "12@" + i + "+1", "13@" + i + "+1");
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
        assertThat(rows()).containsExactly("1@0+1", "40@0+4", "41@0+3");
        assertThat(step.logitsTo(1) - step.logitsFrom(1)).isEqualTo(4);
    }

    @Test
    void nobodyIsAdmittedBeforeItsWorstCaseFits() {
        KvCache cache = cache(GLOBAL_ONLY, 0, 10);
        Scheduler scheduler = new Scheduler(cache, 4, 20);
        Sequence first = sequence(cache, 1, 24); // 24 positions: 6 pages
        Sequence second = sequence(cache, 1, 17); // 5 pages: does not fit beside the first
        Sequence third = sequence(cache, 1, 1); // would fit, but is not let past
        List.of(first, second, third).forEach(scheduler::add);

        scheduler.plan(step);
        assertThat(scheduler.running()).isEqualTo(1);
        assertThat(scheduler.waiting()).isEqualTo(2);
        assertThat(cache.pool(LayerGroup.GLOBAL).free()).as("set aside, not taken").isEqualTo(9);

        scheduler.remove(first);
        scheduler.plan(step);
        assertThat(rows()).containsExactly("1@0+1", "1@0+1");
        assertThat(scheduler.waiting()).isZero();
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
