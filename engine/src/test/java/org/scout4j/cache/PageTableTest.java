package org.scout4j.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTableTest {

    @Test
    void keepsOnlyTheCurrentChunkOfLocalLayers() {
        CacheShape shape = new CacheShape(3, 1, 2, 4, 8, 4);
        PagePool local = new PagePool(10);
        PagePool global = new PagePool(10);
        PageTable table = new PageTable(shape, local, global, List.of());

        table.extend(9); // positions 0..8: the first chunk and one position of the second
        assertThat(table.pageCount(LayerGroup.LOCAL)).isEqualTo(3);
        table.releaseFinishedChunks();

        assertThat(table.base(LayerGroup.LOCAL)).isEqualTo(8);
        assertThat(table.pageCount(LayerGroup.LOCAL)).isEqualTo(1);
        assertThat(local.free()).isEqualTo(9);
        assertThat(table.base(LayerGroup.GLOBAL)).isZero();
        assertThat(table.pageCount(LayerGroup.GLOBAL)).isEqualTo(3);
    }

    @Test
    void keepsThePageThatAChunkBorderCuts() {
        CacheShape shape = new CacheShape(1, 0, 1, 2, 6, 4);
        PageTable table = new PageTable(shape, new PagePool(4), new PagePool(0), List.of());

        table.extend(7); // chunk 1 begins at position 6, inside the page of positions 4..7
        table.releaseFinishedChunks();

        assertThat(table.base(LayerGroup.LOCAL)).isEqualTo(4);
        assertThat(table.slot(LayerGroup.LOCAL, 6) % 4).isEqualTo(2);
    }

    /**
     * Many sequences of random lengths share pools: a position keeps its slot as long as a later
     * one can see it, no slot belongs to two positions, the announced number of pages is never
     * exceeded, and nothing is lost.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void slotsAreStableDisjointAndReturned(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int chunk = random.nextInt(1, 40);
        int pageTokens = random.nextInt(1, 20);
        CacheShape shape = new CacheShape(2, 1, 1, 4, chunk, pageTokens);
        PagePool local = new PagePool(2000);
        PagePool global = new PagePool(4000);
        List<Sequence> sequences = new ArrayList<>();

        for (int event = 0; event < 2000; event++) {
            if (sequences.size() < 6 && random.nextInt(10) == 0) {
                sequences.add(new Sequence(new PageTable(shape, local, global, List.of())));
            } else if (!sequences.isEmpty()) {
                Sequence sequence = sequences.get(random.nextInt(sequences.size()));
                if (sequence.table.length() > 300) {
                    sequence.table.release();
                    sequences.remove(sequence);
                } else {
                    sequence.extend(random.nextInt(1, 30));
                }
            }
            checkDisjoint(sequences, shape, seed);
        }
        sequences.forEach(sequence -> sequence.table.release());
        assertThat(local.free()).as("seed %d", seed).isEqualTo(local.count());
        assertThat(global.free()).as("seed %d", seed).isEqualTo(global.count());
    }

    private static void checkDisjoint(List<Sequence> sequences, CacheShape shape, long seed) {
        for (LayerGroup group : LayerGroup.values()) {
            Set<Integer> slots = new HashSet<>();
            for (Sequence sequence : sequences) {
                if (sequence.table.length() > 0) {
                    int next = sequence.table.length();
                    for (int p = shape.firstVisible(group, next); p < next; p++) {
                        int slot = sequence.table.slot(group, p);
                        assertThat(slots.add(slot)).as("seed %d slot %d", seed, slot).isTrue();
                        sequence.checkStable(group, p, slot);
                    }
                }
            }
        }
    }

    /** A table and the slots its positions were first seen in. */
    private static final class Sequence {
        private final PageTable table;
        private final int[][] slots = new int[LayerGroup.values().length][1000];

        Sequence(PageTable table) {
            this.table = table;
        }

        void extend(int count) {
            table.extend(count);
            int most = table.shape().pages(LayerGroup.LOCAL, table.length(), count);
            assertThat(table.pageCount(LayerGroup.LOCAL)).isLessThanOrEqualTo(most);
            assertThat(table.pageCount(LayerGroup.GLOBAL))
                    .isLessThanOrEqualTo(
                            table.shape().pages(LayerGroup.GLOBAL, table.length(), count));
            table.releaseFinishedChunks();
        }

        void checkStable(LayerGroup group, int position, int slot) {
            int[] known = slots[group.ordinal()];
            if (known[position] == 0) {
                known[position] = slot + 1;
            }
            assertThat(known[position]).isEqualTo(slot + 1);
        }
    }

    @Test
    void anEmptyPoolIsACallersMistake() {
        PageTable table =
                new PageTable(
                        new CacheShape(0, 1, 1, 2, 0, 2),
                        new PagePool(0),
                        new PagePool(1),
                        List.of());

        table.extend(2);

        assertThatIllegalStateException().isThrownBy(() -> table.extend(1));
    }

    @Test
    void aPageIsReleasedOnce() {
        PagePool pool = new PagePool(2);
        int page = pool.take();
        pool.release(page);

        assertThatIllegalStateException().isThrownBy(() -> pool.release(page));
    }
}
