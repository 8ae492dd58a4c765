package org.scout4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.backend.SyntheticWeights.bits;
import static org.scout4j.backend.SyntheticWeights.read;
import static org.scout4j.checkpoint.GoldenFiles.golden;
import static org.scout4j.checkpoint.GoldenFiles.scoutNano;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.SafetensorsFixture;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.backend.Tensor;
import org.scout4j.backend.scalar.ScalarBackend;
import org.scout4j.backend.vector.VectorBackend;
import org.scout4j.cache.ImageKey;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.tensor.DType;
import org.scout4j.vision.VisionEncoder.Tile;

/** The tower against the official implementation (golden/README.md) and against itself. */
class VisionTowerTest {
    private static final float TOLERANCE = 5e-5f;
    private static final SafetensorsFixture TINY =
            SafetensorsFixture.open("model/scout-mm-tiny/expected.safetensors");

    /** The tiles of a golden case as images of one tile each; the tower sees no difference. */
    private static List<Tile> tiles(SafetensorsFixture golden, String key, int size) {
        byte[] all = golden.bytes(key);
        int length = 3 * size * size;
        return IntStream.range(0, all.length / length)
                .mapToObj(i -> tile(Arrays.copyOfRange(all, i * length, (i + 1) * length), size))
                .toList();
    }

    private static Tile tile(byte[] pixels, int size) {
        return new Tile(new ImageTiles(1, 1, size, pixels, new ImageKey(0, 0, 0, 0)), 0);
    }

    private static Tile random(int size, long seed) {
        byte[] pixels = new byte[3 * size * size];
        new SplittableRandom(seed).nextBytes(pixels);
        return tile(pixels, size);
    }

    /** Keeps copies of intermediate results; those of several batches follow each other. */
    private static final class Recorder implements VisionTrace {
        private final Backend backend;
        private final Map<String, float[]> seen = new HashMap<>();

        Recorder(Backend backend) {
            this.backend = backend;
        }

        float[] at(String stage) {
            return Objects.requireNonNull(seen.get(stage), stage);
        }

        private void keep(String name, Tensor tensor, int rows) {
            float[] next = read(backend, tensor, rows);
            seen.merge(
                    name,
                    next,
                    (a, b) -> {
                        float[] both = Arrays.copyOf(a, a.length + b.length);
                        System.arraycopy(b, 0, both, a.length, b.length);
                        return both;
                    });
        }

        @Override
        public void patches(Tensor embedded, int rows) {
            keep("patches", embedded, rows);
        }

        @Override
        public void hidden(int layer, Tensor hidden, int rows) {
            keep("hidden." + layer, hidden, rows);
        }

        @Override
        public void postNorm(Tensor normed, int rows) {
            keep("post_norm", normed, rows);
        }

        @Override
        public void features(Tensor features, int rows) {
            keep("features", features, rows);
        }
    }

    /** The projected rows of tiles one after the other. */
    private static float[] encode(
            VisionTower tower, Backend backend, List<Tile> tiles, int columns, VisionTrace trace) {
        int tokens = tower.tokensPerTile();
        Tensor out = backend.allocate(tiles.size() * tokens, columns);
        int[] firstRows = IntStream.range(0, tiles.size()).map(i -> i * tokens).toArray();
        tower.encode(tiles, out, firstRows, trace);
        return read(backend, out, out.rows());
    }

    private static void assertClose(String what, float[] found, float[] expected) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(found[i] - expected[i]))
                    .as("%s: element %d is %s, expected %s", what, i, found[i], expected[i])
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"scalar, 2", "vector, 1", "vector, 2", "vector, 16"})
    void tinyMultimodalModel(String name, int tilesAtOnce) {
        try (Checkpoint checkpoint = Checkpoints.open(golden("model/scout-mm-tiny"));
                Backend backend = Backends.open(name, 2)) {
            VisionTower tower = new VisionTower(checkpoint, backend, tilesAtOnce);
            assertThat(tower.tokensPerTile()).isEqualTo(9);
            assertThat(tower.tileSize()).isEqualTo(84);
            for (String image : List.of("one", "one-tiled", "three")) {
                Recorder recorder = new Recorder(backend);
                List<Tile> tiles = tiles(TINY, image + ".tiles_u8", 84);
                float[] projected = encode(tower, backend, tiles, 64, recorder);
                String prefix = image + ".vision.";
                for (String key : TINY.names()) {
                    String stage =
                            key.startsWith(prefix) ? key.substring(prefix.length()) : "projected";
                    if (stage.equals("patches")) {
                        float[] found = withoutClassTokens(recorder.at(stage), 36, 48);
                        assertClose(key, found, TINY.floats(key));
                    } else if (!stage.equals("projected")) {
                        assertClose(key, recorder.at(stage), TINY.floats(key));
                    }
                }
                assertClose(prefix + "projected", projected, TINY.floats(prefix + "projected"));
            }
        }
    }

    private static float[] withoutClassTokens(float[] rows, int patches, int columns) {
        int tiles = rows.length / ((patches + 1) * columns);
        float[] kept = new float[tiles * patches * columns];
        for (int tile = 0; tile < tiles; tile++) {
            int from = tile * (patches + 1) * columns;
            System.arraycopy(rows, from, kept, tile * patches * columns, patches * columns);
        }
        return kept;
    }

    @ParameterizedTest
    @ValueSource(strings = {"f32", "f32-attn_post_norm"})
    void tinyVisionPartInAFileOfItsOwn(String name) {
        try (Checkpoint checkpoint =
                        Checkpoints.open(
                                golden("gguf/scout-tiny.q4_0.gguf"),
                                Optional.of(
                                        golden("mmproj/scout-mm-tiny.mmproj." + name + ".gguf")));
                Backend backend = Backends.open("vector", 1)) {
            VisionTower tower = new VisionTower(checkpoint, backend, 3);
            List<Tile> tiles = tiles(TINY, "one-tiled.tiles_u8", 84);
            assertClose(
                    name,
                    encode(tower, backend, tiles, 64, VisionTrace.NONE),
                    TINY.floats("one-tiled.vision.projected"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void scoutNanoInEightBits(String name) {
        SafetensorsFixture golden =
                SafetensorsFixture.open(scoutNano().resolve("expected.safetensors"));
        try (Checkpoint checkpoint = Checkpoints.open(scoutNano());
                Backend backend = Backends.open(name, 2)) {
            VisionTower tower = new VisionTower(checkpoint, backend, 1);
            List<Tile> tiles = tiles(golden, "image.tiles_u8", 112);
            assertClose(
                    "projected",
                    encode(tower, backend, tiles, 576, VisionTrace.NONE),
                    golden.floats("image.vision.projected"));
        }
    }

    /** Sizes like Scout's, few layers: heads of 88, more patches than a page of keys holds. */
    @Test
    void backendsAgreeOnHeadsOf88() {
        VisionShape shape = new VisionShape(168, 14, 176, 2, 2, 300, 3, 70, 10_000f, 1e-5f);
        SyntheticVision checkpoint = SyntheticVision.of(shape, 50, DType.F32, 11);
        List<Tile> tiles = List.of(random(168, 1), random(168, 2));
        List<Recorder> results = new ArrayList<>();
        for (Backend backend : List.of(new ScalarBackend(), new VectorBackend(2))) {
            Recorder recorder = new Recorder(backend);
            encode(new VisionTower(checkpoint, backend, 2), backend, tiles, 50, recorder);
            results.add(recorder);
            backend.close();
        }
        for (String stage : List.of("patches", "hidden.0", "post_norm")) {
            float[] expected = results.get(0).at(stage);
            float[] found = results.get(1).at(stage);
            double size =
                    IntStream.range(0, expected.length)
                            .mapToDouble(i -> Math.abs(expected[i]))
                            .max()
                            .orElseThrow();
            for (int i = 0; i < expected.length; i++) {
                assertThat(Math.abs(found[i] - expected[i]))
                        .as("%s, element %d", stage, i)
                        .isLessThanOrEqualTo((float) (1e-5 * size));
            }
        }
    }

    @Test
    void aTileGivesTheSameBitsWhateverIsBesideIt() {
        try (Checkpoint checkpoint = Checkpoints.open(scoutNano())) {
            List<Tile> tiles = IntStream.range(0, 7).mapToObj(i -> random(112, i)).toList();
            List<int[]> alone = new ArrayList<>();
            try (Backend backend = new VectorBackend(1)) {
                VisionTower tower = new VisionTower(checkpoint, backend, 1);
                for (Tile tile : tiles) {
                    alone.add(bits(encode(tower, backend, List.of(tile), 576, VisionTrace.NONE)));
                }
            }
            for (int threads : new int[] {1, 2, 3}) {
                try (Backend backend = new VectorBackend(threads)) {
                    for (int atOnce : new int[] {2, 7, 3}) {
                        VisionTower tower = new VisionTower(checkpoint, backend, atOnce);
                        float[] all = encode(tower, backend, tiles, 576, VisionTrace.NONE);
                        int length = all.length / tiles.size();
                        for (int i = 0; i < tiles.size(); i++) {
                            float[] rows = Arrays.copyOfRange(all, i * length, (i + 1) * length);
                            assertThat(bits(rows))
                                    .as("tile %d, %d threads, %d at once", i, threads, atOnce)
                                    .isEqualTo(alone.get(i));
                        }
                    }
                }
            }
        }
    }

    @Test
    void rowsGoWhereTheyAreWanted() {
        try (Checkpoint checkpoint = Checkpoints.open(golden("model/scout-mm-tiny"));
                Backend backend = new VectorBackend(1)) {
            VisionTower tower = new VisionTower(checkpoint, backend, 2);
            byte[] pixels = TINY.bytes("one-tiled.tiles_u8");
            ImageTiles image = new ImageTiles(1, 2, 84, pixels, new ImageKey(1, 2, 3, 4));
            Tensor out = backend.allocate(40, 64);
            tower.encode(
                    List.of(new Tile(image, 2), new Tile(image, 0), new Tile(image, 1)),
                    out,
                    new int[] {31, 2, 15});
            float[] found = read(backend, out, 40);
            float[] expected = TINY.floats("one-tiled.vision.projected");
            int tile = 9 * 64;
            int[] places = {2, 15, 31};
            for (int i = 0; i < 3; i++) {
                int at = places[i] * 64;
                assertClose(
                        "tile " + i,
                        Arrays.copyOfRange(found, at, at + tile),
                        Arrays.copyOfRange(expected, i * tile, (i + 1) * tile));
            }
            assertThat(Arrays.copyOfRange(found, 0, 2 * 64)).containsOnly(0);
            assertThat(Arrays.copyOfRange(found, 11 * 64, 15 * 64)).containsOnly(0);
            tower.encode(List.of(), out, new int[0]);
        }
    }

    @Test
    void wrongUseIsRefused() {
        try (Checkpoint text = Checkpoints.open(golden("model/scout-tiny"));
                Checkpoint checkpoint = Checkpoints.open(golden("model/scout-mm-tiny"));
                Backend backend = new VectorBackend(1)) {
            assertThatThrownBy(() -> new VisionTower(text, backend, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no vision part");
            VisionTower tower = new VisionTower(checkpoint, backend, 1);
            Tensor out = backend.allocate(9, 64);
            assertThatThrownBy(() -> tower.encode(List.of(random(112, 1)), out, new int[] {0}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("of size 112 for a tower that takes 84");
            assertThatThrownBy(() -> tower.encode(List.of(random(84, 1)), out, new int[] {1}))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void asManyTilesAsAreWorthwhile() {
        VisionShape scout = new VisionShape(336, 14, 1408, 16, 34, 5632, 2, 4096, 10_000f, 1e-5f);
        assertThat(VisionTower.tilesAtOnce(scout)).isEqualTo(1);
        VisionShape nano = new VisionShape(112, 14, 192, 6, 4, 768, 2, 384, 10_000f, 1e-5f);
        assertThat(VisionTower.tilesAtOnce(nano)).isEqualTo(7);
        // 577 rows of pixels twice, 9 widths and the feed-forward; 144 tokens
        long rows = 577L * (2 * 588 + 9 * 1408 + 5632);
        long tokens = 144L * (5632 + 2 * 4096 + 5120);
        assertThat(VisionTower.workBytes(scout, 5120, 1)).isEqualTo(4 * (rows + tokens));
    }
}
