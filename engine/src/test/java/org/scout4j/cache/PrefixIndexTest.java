package org.scout4j.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {
    private static final BlockHash COLLIDING =
            new BlockHash() {
                private final Digest same = new Digest(1, 2, 3, 4);

                @Override
                public Digest root(String salt) {
                    return same;
                }

                @Override
                public Digest block(
                        Digest parent, int[] tokens, int from, int count, List<ImageSpan> images) {
                    return same;
                }
            };

    /** Pages of 4 positions, chunks of 8, both groups. */
    private static final CacheShape BOTH = new CacheShape(3, 1, 1, 2, 8, 4);

    private static final CacheShape GLOBAL_ONLY = new CacheShape(0, 1, 1, 2, 0, 4);

    @Test
    void aFullPageIsSharedAndAnIncompleteOneIsNot() {
        Bench bench = new Bench(GLOBAL_ONLY, 20, BlockHash.sha256());
        PageTable first = bench.run("a", tokens(11));

        assertThat(bench.match("a", tokens(11), 10).length()).isEqualTo(8);
        assertThat(bench.match("a", tokens(11), 7).length()).isEqualTo(4);
        assertThat(bench.match("a", tokens(11), 3).length()).isZero();
        PageTable second = bench.match("a", tokens(11), 10);
        for (int p = 0; p < 8; p++) {
            assertThat(second.slot(LayerGroup.GLOBAL, p))
                    .isEqualTo(first.slot(LayerGroup.GLOBAL, p));
        }
        second.extend(1);
        assertThat(second.slot(LayerGroup.GLOBAL, 8))
                .isNotEqualTo(first.slot(LayerGroup.GLOBAL, 8));
    }

    @Test
    void nobodyFindsAnothersPrefix() {
        Bench bench = new Bench(GLOBAL_ONLY, 20, BlockHash.sha256());
        bench.run("a", tokens(11));

        assertThat(bench.match("b", tokens(11), 10).length()).isZero();
        bench.run("b", tokens(11));
        assertThat(bench.index.size()).as("each has its own").isEqualTo(4);
    }

    @Test
    void whatDiffersBeforeABlockMakesItAnother() {
        Bench bench = new Bench(GLOBAL_ONLY, 20, BlockHash.sha256());
        bench.run("a", tokens(12));
        int[] other = tokens(12);
        other[0] = 99;

        assertThat(bench.match("a", other, 12).length()).isZero();
        other = tokens(12);
        other[5] = 99;
        assertThat(bench.match("a", other, 12).length()).isEqualTo(4);
    }

    @Test
    void equalHashesGiveNoFalseHit() {
        Bench bench = new Bench(GLOBAL_ONLY, 20, COLLIDING);
        bench.run("a", tokens(12)).release();

        assertThat(bench.match("a", tokens(12), 12).length()).as("the first block").isEqualTo(4);
        assertThat(bench.match("a", IntStream.range(50, 62).toArray(), 12).length()).isZero();
        assertThat(bench.match("b", tokens(12), 12).length()).isZero();
        bench.run("b", tokens(12)).release();
        assertThat(bench.match("b", tokens(12), 12).length()).as("the first one stays").isZero();
        assertThat(bench.global.available()).isEqualTo(19);
    }

    @Test
    void aPrefixNeedsTheLocalPagesOfItsLastChunk() {
        Bench bench = new Bench(BOTH, 40, BlockHash.sha256());
        int[] tokens = tokens(23);
        PageTable table = bench.cacheTable();
        table.extend(23);
        table.releaseFinishedChunks(); // too early: the index gets local pages from 16 on only
        bench.index.keep("a", tokens, table);

        assertThat(bench.match("a", tokens, 22).length()).isEqualTo(20);
        assertThat(bench.match("a", tokens, 18).length())
                .as("a chunk begins: none needed")
                .isEqualTo(16);
        assertThat(bench.match("a", tokens, 15).length())
                .as("4 to 8 are lacking, 8 begins")
                .isEqualTo(8);
        PageTable shared = bench.match("a", tokens, 22);
        assertThat(shared.base(LayerGroup.LOCAL)).isEqualTo(16);
        assertThat(shared.slot(LayerGroup.LOCAL, 17)).isEqualTo(table.slot(LayerGroup.LOCAL, 17));
    }

    @Test
    void aChunkMayBeginInsideAPage() {
        Bench bench = new Bench(new CacheShape(1, 1, 1, 2, 6, 4), 40, BlockHash.sha256());
        PageTable table = bench.run("a", tokens(13));
        PageTable shared = bench.match("a", tokens(13), 12);

        // Position 12 begins a chunk; 8 sees from 6 on, which lies in the page of 4 to 7.
        assertThat(shared.length()).isEqualTo(12);
        shared = bench.match("a", tokens(13), 11);
        assertThat(shared.length()).isEqualTo(8);
        assertThat(shared.base(LayerGroup.LOCAL)).isEqualTo(4);
        assertThat(shared.slot(LayerGroup.LOCAL, 6)).isEqualTo(bench.slotOf(table, 6));
    }

    @Test
    void twoThatComputedTheSameEndUpWithOneCopy() {
        Bench bench = new Bench(BOTH, 40, BlockHash.sha256());
        PageTable first = bench.run("a", tokens(7));
        PageTable second = bench.run("a", tokens(7));

        assertThat(second.slot(LayerGroup.GLOBAL, 2)).isEqualTo(first.slot(LayerGroup.GLOBAL, 2));
        assertThat(second.slot(LayerGroup.LOCAL, 2)).isEqualTo(first.slot(LayerGroup.LOCAL, 2));
        assertThat(second.slot(LayerGroup.GLOBAL, 5))
                .isNotEqualTo(first.slot(LayerGroup.GLOBAL, 5));
        assertThat(bench.global.free()).as("1 shared, 2 own").isEqualTo(37);
    }

    @Test
    void theLongestUnusedGoesFirstAndFromTheEndOfItsPrefix() {
        Bench bench = new Bench(GLOBAL_ONLY, 6, BlockHash.sha256());
        int[] other = IntStream.range(50, 62).toArray();
        bench.run("a", tokens(12)).release();
        bench.run("a", other).release();
        bench.match("a", tokens(12), 12).release(); // used again
        assertThat(bench.global.free()).isZero();
        assertThat(bench.global.available()).isEqualTo(6);

        PageTable table = bench.cacheTable();
        table.extend(8);

        assertThat(bench.match("a", other, 12).length()).isEqualTo(4);
        assertThat(bench.match("a", tokens(12), 12).length()).isEqualTo(12);
    }

    @Test
    void aFloodingTenantLosesItsOwnPagesFirst() {
        Bench bench = new Bench(GLOBAL_ONLY, 12, BlockHash.sha256());
        bench.run("quiet", tokens(12)).release();
        for (int i = 0; i < 20; i++) {
            bench.run("flood", IntStream.range(100 * i, 100 * i + 12).toArray()).release();
        }

        assertThat(bench.match("quiet", tokens(12), 12).length()).isEqualTo(12);
    }

    /** Patch tokens are the same whatever they show. */
    @Test
    void aPrefixIsSharedOnlyByThoseWhoSeeTheSameImages() {
        for (BlockHash hash : List.of(BlockHash.sha256(), COLLIDING)) {
            Bench bench = new Bench(GLOBAL_ONLY, 20, hash);
            ImageKey cat = new ImageKey(1, 2, 3, 4);
            bench.run("a", tokens(16), new ImageSpan(5, 10, cat)).release();

            String of = hash.getClass().getSimpleName();
            assertThat(bench.match("a", tokens(16), 16, new ImageSpan(5, 10, cat)).length())
                    .as("the same image, %s", of)
                    .isEqualTo(hash == COLLIDING ? 4 : 16);
            for (ImageKey dog :
                    List.of(
                            new ImageKey(0, 2, 3, 4),
                            new ImageKey(1, 0, 3, 4),
                            new ImageKey(1, 2, 0, 4),
                            new ImageKey(1, 2, 3, 0))) {
                assertThat(bench.match("a", tokens(16), 16, new ImageSpan(5, 10, dog)).length())
                        .as("another image from 5 on, %s, %s", dog, of)
                        .isEqualTo(4);
            }
            assertThat(bench.match("a", tokens(16), 16).length()).as("no image").isEqualTo(4);
            assertThat(bench.match("a", tokens(16), 16, new ImageSpan(3, 10, cat)).length())
                    .as("the image begins in the first page")
                    .isZero();
        }
    }

    @Test
    void forgottenPrefixesLeaveNothing() {
        Bench bench = new Bench(BOTH, 40, BlockHash.sha256());
        bench.run("a", tokens(12)).release();
        bench.run("b", tokens(12)).release();
        bench.index.forget("a");

        assertThat(bench.match("a", tokens(12), 12).length()).isZero();
        assertThat(bench.match("b", tokens(12), 12).length()).isEqualTo(12);
        assertThat(bench.index.size()).isEqualTo(3);
    }

    private static int[] tokens(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static final class Bench {
        final CacheShape shape;
        final PagePool local;
        final PagePool global;
        final PrefixIndex index;

        Bench(CacheShape shape, int pages, BlockHash hash) {
            this.shape = shape;
            this.local = new PagePool(pages);
            this.global = new PagePool(pages);
            this.index = new PrefixIndex(shape, local, global, hash);
        }

        PageTable cacheTable(ImageSpan... images) {
            return new PageTable(shape, local, global, List.of(images));
        }

        PageTable match(String salt, int[] tokens, int limit, ImageSpan... images) {
            PageTable table = cacheTable(images);
            assertThat(index.match(salt, tokens, limit, table)).isEqualTo(table.length());
            return table;
        }

        /** A sequence computed in steps of 2 and kept. */
        PageTable run(String salt, int[] tokens, ImageSpan... images) {
            PageTable table = cacheTable(images);
            while (table.length() < tokens.length) {
                table.extend(Math.min(2, tokens.length - table.length()));
                index.keep(salt, tokens, table);
                table.releaseFinishedChunks();
            }
            return table;
        }

        /** Where the index has a local position that the sequence has given up since. */
        int slotOf(PageTable table, int position) {
            return table.base(LayerGroup.LOCAL) > position
                    ? match("a", tokens(12), position + 2).slot(LayerGroup.LOCAL, position)
                    : table.slot(LayerGroup.LOCAL, position);
        }
    }
}
