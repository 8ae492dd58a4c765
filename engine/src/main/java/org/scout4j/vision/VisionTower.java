package org.scout4j.vision;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.scout4j.backend.AttentionSpans;
import org.scout4j.backend.Backend;
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.backend.RopeTable;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.VisionRole;
import org.scout4j.checkpoint.VisionShape;

/**
 * The vision tower of Llama 4 with its adapter and projector (spec "Model" §3.3). Several tiles go
 * through it together, each a stretch of {@code patches + 1} rows: its patches from the top left,
 * then the class token.
 */
public final class VisionTower implements VisionEncoder {
    /** Rows that are enough to use each weight often: more tiles at once only take memory. */
    private static final int WORTHWHILE_ROWS = 512;

    private static final int MOST_TILES = 16;
    private static final int PAGE_TOKENS = 128;

    private final Backend backend;
    private final VisionShape shape;
    private final VisionWeights weights;
    private final int tilesAtOnce;
    private final TileReader reader;
    private final float[] pixels;
    private final Buffers buffers;

    /** Position embeddings of all rows, that of the class token with its embedding. */
    private final Tensor places;

    private final RopeTable rope;
    private final int[] rotations;
    private final KvPages pages;
    private final AttentionSpans spans;
    private final int[] shuffled;

    /** Activations, each [rows, columns] of as many rows as tiles at once have. */
    private record Buffers(
            Tensor pixels,
            Tensor hidden,
            Tensor normed,
            Tensor queries,
            Tensor keys,
            Tensor values,
            Tensor mixed,
            Tensor wide,
            Tensor shuffled,
            Tensor adapted,
            Tensor features,
            Tensor projected) {}

    /**
     * Places the weights and makes all buffers.
     *
     * @param tilesAtOnce tiles that go through the tower together; {@link #tilesAtOnce} is a choice
     * @throws IllegalArgumentException if the checkpoint has no vision part
     */
    public VisionTower(Checkpoint checkpoint, Backend backend, int tilesAtOnce) {
        if (tilesAtOnce < 1) {
            throw new IllegalArgumentException(tilesAtOnce + " tiles at once");
        }
        this.backend = backend;
        this.shape =
                checkpoint
                        .shape()
                        .vision()
                        .orElseThrow(() -> new IllegalArgumentException("no vision part"));
        this.tilesAtOnce = tilesAtOnce;
        this.weights = VisionWeights.place(checkpoint, backend, shape.layers());
        this.reader = new TileReader(shape);
        int rows = Math.multiplyExact(tilesAtOnce, tileRows());
        this.pixels = new float[Math.multiplyExact(rows, shape.patchValues())];
        this.buffers = buffers(rows, checkpoint.shape().hidden());
        this.places = places(checkpoint, rows);
        this.rope = rope(shape);
        this.rotations = rotations(rows);
        int tilePages = Math.ceilDiv(tileRows(), PAGE_TOKENS);
        this.pages =
                backend.pages(
                        new PageFormat(1, shape.heads(), shape.headSize(), PAGE_TOKENS),
                        tilesAtOnce * tilePages);
        this.spans = spans(rows, tilePages);
        this.shuffled = shuffled();
    }

    /** As many tiles as make good use of the weights. */
    public static int tilesAtOnce(VisionShape shape) {
        return Math.clamp(WORTHWHILE_ROWS / (shape.patches() + 1), 1, MOST_TILES);
    }

    /**
     * Bytes of the buffers that a tower makes.
     *
     * @param textHidden width of the text model
     */
    public static long workBytes(VisionShape shape, int textHidden, int tilesAtOnce) {
        long row = 2L * shape.patchValues() + 9L * shape.hidden() + shape.width();
        long token = shape.shuffledWidth() + 2L * shape.adapter() + textHidden;
        return Float.BYTES
                * (long) tilesAtOnce
                * ((shape.patches() + 1L) * row + shape.tokensPerTile() * token);
    }

    @Override
    public int tokensPerTile() {
        return shape.tokensPerTile();
    }

    @Override
    public int tileSize() {
        return shape.imageSize();
    }

    @Override
    public void encode(List<Tile> tiles, Tensor out, int[] firstRows) {
        encode(tiles, out, firstRows, VisionTrace.NONE);
    }

    /** The same, watched. */
    void encode(List<Tile> tiles, Tensor out, int[] firstRows, VisionTrace trace) {
        if (firstRows.length < tiles.size()) {
            throw new IllegalArgumentException(
                    firstRows.length + " places for " + tiles.size() + " tiles");
        }
        for (int first = 0; first < tiles.size(); first += tilesAtOnce) {
            int end = Math.min(tiles.size(), first + tilesAtOnce);
            run(tiles.subList(first, end), trace);
            deliver(out, Arrays.copyOfRange(firstRows, first, end));
        }
    }

    /** From pixels to projected rows. */
    private void run(List<Tile> tiles, VisionTrace trace) {
        int rows = tiles.size() * tileRows();
        int tokens = tiles.size() * shape.tokensPerTile();
        embed(tiles, rows, trace);
        Tensor hidden = buffers.hidden;
        backend.layerNorm(
                hidden,
                hidden,
                weights.preNorm().weight(),
                weights.preNorm().bias(),
                shape.normEpsilon(),
                rows);
        for (int layer = 0; layer < shape.layers(); layer++) {
            trace.hidden(layer, hidden, rows);
            attention(weights.layers().get(layer), rows);
            feedForward(weights.layers().get(layer), rows);
        }
        trace.hidden(shape.layers(), hidden, rows);
        norm(weights.postNorm(), rows);
        trace.postNorm(buffers.normed, rows);
        adapt(tokens, trace);
    }

    /** Patches, embedded, with their places; the class token's row has no pixels. */
    private void embed(List<Tile> tiles, int rows, VisionTrace trace) {
        int tileFloats = tileRows() * shape.patchValues();
        for (int i = 0; i < tiles.size(); i++) {
            reader.read(tiles.get(i), pixels, i * tileFloats);
        }
        backend.write(buffers.pixels, MemorySegment.ofArray(pixels), rows);
        backend.matmul(buffers.hidden, buffers.pixels, weights.patchEmbedding(), null, rows);
        trace.patches(buffers.hidden, rows);
        backend.add(buffers.hidden, places, rows);
    }

    private void norm(VisionWeights.Affine norm, int rows) {
        backend.layerNorm(
                buffers.normed,
                buffers.hidden,
                norm.weight(),
                norm.bias(),
                shape.normEpsilon(),
                rows);
    }

    private void attention(VisionWeights.Layer layer, int rows) {
        norm(layer.attentionNorm(), rows);
        multiply(buffers.queries, buffers.normed, layer.query(), rows);
        multiply(buffers.keys, buffers.normed, layer.key(), rows);
        multiply(buffers.values, buffers.normed, layer.value(), rows);
        rotate(buffers.queries, rows);
        rotate(buffers.keys, rows);
        backend.write(pages, 0, spans, buffers.keys, buffers.values, rows);
        backend.attend(buffers.mixed, buffers.queries, pages, 0, spans, rows);
        multiply(buffers.normed, buffers.mixed, layer.output(), rows);
        backend.add(buffers.hidden, buffers.normed, rows);
    }

    private void feedForward(VisionWeights.Layer layer, int rows) {
        norm(layer.feedForwardNorm(), rows);
        multiply(buffers.wide, buffers.normed, layer.up(), rows);
        backend.gelu(buffers.wide, rows);
        multiply(buffers.normed, buffers.wide, layer.down(), rows);
        backend.add(buffers.hidden, buffers.normed, rows);
    }

    private void multiply(Tensor out, Tensor in, VisionWeights.Affine linear, int rows) {
        backend.matmul(out, in, linear.weight(), linear.bias(), rows);
    }

    /** Halves of heads as heads of their own: the first by the column, the second by the row. */
    private void rotate(Tensor heads, int rows) {
        int halves = 2 * shape.heads();
        Tensor view = backend.view(heads, heads.rows() * halves, shape.headSize() / 2);
        backend.rotate(view, shape.headSize() / 2, rotations, rope, rows * halves);
    }

    /** Squares of patches side by side, then adapter and projector. */
    private void adapt(int tokens, VisionTrace trace) {
        int square = shape.shuffle() * shape.shuffle();
        Tensor patches =
                backend.view(buffers.shuffled, buffers.shuffled.rows() * square, shape.hidden());
        backend.gather(patches, buffers.normed, shuffled, tokens * square);
        backend.matmul(buffers.adapted, buffers.shuffled, weights.adapterIn(), null, tokens);
        backend.gelu(buffers.adapted, tokens);
        backend.matmul(buffers.features, buffers.adapted, weights.adapterOut(), null, tokens);
        backend.gelu(buffers.features, tokens);
        trace.features(buffers.features, tokens);
        backend.matmul(buffers.projected, buffers.features, weights.projector(), null, tokens);
    }

    private void deliver(Tensor out, int[] firstRows) {
        int tokens = shape.tokensPerTile();
        int[] from = new int[firstRows.length * tokens];
        int[] to = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            from[i] = i;
            to[i] = firstRows[i / tokens] + i % tokens;
        }
        backend.scatter(out, to, buffers.projected, from, from.length);
    }

    private int tileRows() {
        return shape.patches() + 1;
    }

    private Buffers buffers(int rows, int textHidden) {
        int hidden = shape.hidden();
        int tokens = tilesAtOnce * shape.tokensPerTile();
        return new Buffers(
                backend.allocate(rows, shape.patchValues()),
                backend.allocate(rows, hidden),
                backend.allocate(rows, hidden),
                backend.allocate(rows, hidden),
                backend.allocate(rows, hidden),
                backend.allocate(rows, hidden),
                backend.allocate(rows, hidden),
                backend.allocate(rows, shape.width()),
                backend.allocate(tokens, shape.shuffledWidth()),
                backend.allocate(tokens, shape.adapter()),
                backend.allocate(tokens, shape.adapter()),
                backend.allocate(tokens, textHidden));
    }

    private Tensor places(Checkpoint checkpoint, int rows) {
        int[] positions = new int[rows];
        List<Integer> lasts = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            positions[r] = r % tileRows();
            if (positions[r] == shape.patches()) {
                lasts.add(r);
            }
        }
        Tensor sum = backend.allocate(rows, shape.hidden());
        Tensor positionTable =
                backend.place(checkpoint.visionWeight(VisionRole.POSITION_EMBEDDING, 0));
        backend.embed(sum, positionTable, positions, rows);
        // Still empty: adding it changes the class tokens' rows only.
        Tensor classTokens = buffers.normed;
        Tensor one = backend.allocate(1, shape.hidden());
        Tensor classTable = backend.place(checkpoint.visionWeight(VisionRole.CLASS_EMBEDDING, 0));
        backend.embed(one, classTable, new int[] {0}, 1);
        int[] to = lasts.stream().mapToInt(Integer::intValue).toArray();
        backend.scatter(classTokens, to, one, new int[to.length], to.length);
        backend.add(sum, classTokens, rows);
        return sum;
    }

    /** {@code theta^(-2m / (headSize / 2))}, one for each pair of half a head. */
    private static RopeTable rope(VisionShape shape) {
        float[] frequencies = new float[shape.headSize() / 4];
        for (int m = 0; m < frequencies.length; m++) {
            double exponent = -2.0 * m / (shape.headSize() / 2);
            frequencies[m] = (float) Math.pow(shape.ropeTheta(), exponent);
        }
        return new RopeTable(frequencies, true);
    }

    /** Columns and rows of patches, counted from 1; 0 for the class token. */
    private int[] rotations(int rows) {
        int[] positions = new int[Math.multiplyExact(rows, 2 * shape.heads())];
        for (int i = 0; i < positions.length; i++) {
            int patch = i / (2 * shape.heads()) % tileRows();
            int along = i % 2 == 0 ? patch % shape.grid() : patch / shape.grid();
            positions[i] = patch == shape.patches() ? 0 : along + 1;
        }
        return positions;
    }

    /** Every row sees its whole tile. */
    private AttentionSpans spans(int rows, int tilePages) {
        AttentionSpans all = new AttentionSpans(rows);
        int[] own = {};
        for (int r = 0; r < rows; r++) {
            int tile = r / tileRows();
            int row = r % tileRows();
            if (row == 0) {
                own = new int[tilePages];
                Arrays.setAll(own, i -> tile * tilePages + i);
            }
            all.last[r] = shape.patches();
            all.pages[r] = own;
            all.slots[r] = tile * tilePages * PAGE_TOKENS + row;
        }
        return all;
    }

    /** The patch at each place of the shuffled rows: squares in order, each row by row. */
    private int[] shuffled() {
        int side = shape.shuffle();
        int square = side * side;
        int across = shape.grid() / side;
        int[] from = new int[tilesAtOnce * shape.patches()];
        for (int i = 0; i < from.length; i++) {
            int token = i / square % shape.tokensPerTile();
            int y = token / across * side + i % square / side;
            int x = token % across * side + i % side;
            from[i] = i / shape.patches() * tileRows() + y * shape.grid() + x;
        }
        return from;
    }
}
