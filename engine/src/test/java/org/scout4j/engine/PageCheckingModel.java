package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.scout4j.backend.Backend;
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.cache.PageTable;
import org.scout4j.model.Batch;
import org.scout4j.model.LanguageModel;
import org.scout4j.model.Logits;

/**
 * A language model without mathematics: the logits of a position are a hash of the tokens it sees,
 * read through the cache's page tables as attention would. It remembers the position that each slot
 * was written for, and fails when another one is read there, or when a sequence writes into a page
 * that others hold too. Another's tokens read by mistake give other logits.
 */
final class PageCheckingModel implements LanguageModel {
    /** Whoever has this token in the prompt gets logits that are not finite. */
    static final int POISON = 0;

    private final int vocabulary;
    private final CacheShape shape;
    private final int maxRows;
    private final int maxLogitRows;
    private final Slots local = new Slots();
    private final Slots global = new Slots();

    /** Called at the start of each step with its number, from 0. */
    StepHook hook = number -> {};

    /** Called at the end of each step that has not failed. */
    Runnable afterStep = () -> {};

    int steps;

    /** Rows of each step so far. */
    final List<Integer> rows = new ArrayList<>();

    interface StepHook {
        void before(int step);
    }

    PageCheckingModel(int vocabulary, CacheShape shape, int maxRows, int maxLogitRows) {
        this.vocabulary = vocabulary;
        this.shape = shape;
        this.maxRows = maxRows;
        this.maxLogitRows = maxLogitRows;
    }

    /** A cache with so many pages in each group, and nothing behind them. */
    static KvCache cache(CacheShape shape, int localPages, int globalPages) {
        Backend backend =
                (Backend)
                        Proxy.newProxyInstance(
                                Backend.class.getClassLoader(),
                                new Class<?>[] {Backend.class},
                                (proxy, method, arguments) -> {
                                    assertThat(method.getName()).isEqualTo("pages");
                                    return new NoPages(
                                            (PageFormat) arguments[0], (Integer) arguments[1]);
                                });
        return new KvCache(backend, shape, localPages, globalPages);
    }

    private record NoPages(PageFormat format, int count) implements KvPages {
        @Override
        public void poison(int page) {}
    }

    /** What the tokens up to a position imply for the next one. */
    static float[] logits(int[] tokens, int length, int vocabulary, CacheShape shape) {
        long seed = 0;
        if (shape.globalLayers() > 0) {
            seed = hash(seed, tokens, 0, length);
        }
        if (shape.localLayers() > 0) {
            int first = shape.firstVisible(LayerGroup.LOCAL, length - 1);
            seed = hash(seed, tokens, first, length);
        }
        float[] logits = new float[vocabulary];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = (float) random.nextDouble(-4, 4);
        }
        for (int i = 0; i < length; i++) {
            if (tokens[i] == POISON) {
                logits[vocabulary / 2] = Float.NaN;
            }
        }
        return logits;
    }

    private static long hash(long seed, int[] tokens, int from, int to) {
        long hash = seed * 31 + 7;
        for (int i = from; i < to; i++) {
            hash = (hash ^ tokens[i]) * 0x100000001B3L + i;
        }
        return hash;
    }

    @Override
    public Logits forward(Batch batch, KvCache cache) {
        hook.before(steps++);
        rows.add(batch.rows());
        require(batch.rows() >= 1 && batch.rows() <= maxRows, "rows of the step");
        require(batch.logitCount() <= maxLogitRows, "logits of the step");
        checkOrder(batch);
        for (int row = 0; row < batch.rows(); row++) {
            write(local, LayerGroup.LOCAL, cache, batch, row);
            write(global, LayerGroup.GLOBAL, cache, batch, row);
        }
        int[][] seen = new int[batch.rows()][];
        for (int row = 0; row < batch.rows(); row++) {
            seen[row] = see(batch, row);
        }
        float[][] logits = new float[batch.logitCount()][];
        for (int i = 0; i < logits.length; i++) {
            int row = batch.logitRows()[i];
            logits[i] = logits(seen[row], seen[row].length, vocabulary, shape);
        }
        afterStep.run();
        return new Logits() {
            @Override
            public int rows() {
                return logits.length;
            }

            @Override
            public void read(int row, float[] into) {
                System.arraycopy(logits[row], 0, into, 0, vocabulary);
            }
        };
    }

    /** A sequence's rows stand together and in order, and end where its table ends. */
    private static void checkOrder(Batch batch) {
        List<PageTable> tables = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            PageTable table = batch.table(row);
            if (tables.isEmpty() || tables.getLast() != table) {
                require(!tables.contains(table), "rows of a sequence stand together");
                tables.add(table);
            } else {
                require(batch.position(row) == batch.position(row - 1) + 1, "positions in order");
            }
            if (row + 1 == batch.rows() || batch.table(row + 1) != table) {
                require(batch.position(row) == table.length() - 1, "rows end with the table");
            }
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    private void write(Slots slots, LayerGroup group, KvCache cache, Batch batch, int row) {
        if (shape.layers(group) == 0) {
            return;
        }
        slots.grow(cache.pool(group).count() * shape.pageTokens());
        PageTable table = batch.table(row);
        int position = batch.position(row);
        int slot = table.slot(group, position);
        require(
                cache.pool(group).holders(slot / shape.pageTokens()) == 1,
                "a page is written by its only holder");
        slots.position[slot] = position;
        slots.token[slot] = batch.token(row);
    }

    /** All tokens up to this row's, those that no group keeps as −1. */
    private int[] see(Batch batch, int row) {
        PageTable table = batch.table(row);
        int last = batch.position(row);
        int[] tokens = new int[last + 1];
        Arrays.fill(tokens, -1);
        for (LayerGroup group : LayerGroup.values()) {
            if (shape.layers(group) > 0) {
                Slots slots = group == LayerGroup.LOCAL ? local : global;
                for (int p = shape.firstVisible(group, last); p <= last; p++) {
                    tokens[p] = slots.read(table.slot(group, p), p);
                }
            }
        }
        return tokens;
    }

    private static final class Slots {
        private int[] position = new int[0];
        private int[] token = new int[0];

        void grow(int count) {
            if (position.length < count) {
                position = new int[count];
                token = new int[count];
                Arrays.fill(position, -1);
            }
        }

        int read(int slot, int p) {
            require(position[slot] == p, "a slot written for this position");
            return token[slot];
        }
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public CacheShape cacheShape() {
        return shape;
    }

    @Override
    public int maxRows() {
        return maxRows;
    }

    @Override
    public int maxLogitRows() {
        return maxLogitRows;
    }

    @Override
    public void close() {}
}
