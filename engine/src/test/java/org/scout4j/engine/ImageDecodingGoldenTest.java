package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.SafetensorsFixture;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.backend.Tensor;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.PageTable;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.model.Batch;
import org.scout4j.model.Decoder;
import org.scout4j.model.DecoderLimits;
import org.scout4j.model.Logits;
import org.scout4j.vision.FeatureCache;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.TestTiles;
import org.scout4j.vision.VisionEncoder;
import org.scout4j.vision.VisionTower;

/**
 * Prompts with images through the decoder, against the official implementation: logits at every
 * position, with one image, a tiled one and three, whole and in pieces that end within a tile: with
 * the features that the reference computed, and with our own tower's.
 */
class ImageDecodingGoldenTest {
    private static final int PATCH = 335;
    private static final float TOLERANCE = 1e-3f;

    @ParameterizedTest
    @CsvSource({
        "one, 96, scalar, reference",
        "one-tiled, 96, scalar, reference",
        "three, 96, vector, reference",
        "three, 13, vector, reference",
        "one, 96, vector, own",
        "one-tiled, 96, vector, own",
        "three, 96, vector, own",
        "one, 7, vector, own",
        "one-tiled, 5, vector, own",
        "three, 1, vector, own",
        "three, 13, scalar, own",
        "one-tiled, 96, scalar, own"
    })
    void logitsEqualTheReferenceAtEveryPosition(
            String name, int stepTokens, String backendName, String tower) {
        Path model = Path.of("src/test/resources/golden/model/scout-mm-tiny");
        SafetensorsFixture expected =
                SafetensorsFixture.open("model/scout-mm-tiny/expected.safetensors");
        int[] prompt = expected.ints(name + ".input_ids");
        float[] want = expected.floats(name + ".logits");
        try (Checkpoint checkpoint = Checkpoints.open(model);
                Backend backend = Backends.open(backendName, 2)) {
            Decoder decoder = new Decoder(checkpoint, backend, new DecoderLimits(96, 96, 8));
            KvCache cache = new KvCache(backend, decoder.cacheShape(), 64, 64);
            Expected features = new Expected(backend, expected, name);
            List<ImageTiles> images = features.images;
            PromptImages shown = PromptImages.of(prompt, PATCH, images, 9, 1, () -> {});
            int slots = FeatureCache.mostTiles(stepTokens, 1, 9);
            VisionEncoder encoder =
                    tower.equals("own") ? new VisionTower(checkpoint, backend, 2) : features;
            ImageStage stage = new ImageStage(new FeatureCache(encoder, backend, 64, slots));
            PageTable table = cache.newTable(shown.spans());
            Batch batch = new Batch(96, 96);
            float[] row = new float[decoder.vocabulary()];
            for (int from = 0; from < prompt.length; from += batch.rows()) {
                batch.clear();
                int count = Math.min(Math.min(stepTokens, 96), prompt.length - from);
                batch.add(table, prompt, from, count, Batch.LogitRows.ALL);
                stage.begin();
                stage.add(batch, shown, "test", from, from + count - 1, 0);
                stage.encode();
                Logits logits = decoder.forward(batch, cache);
                for (int i = 0; i < count; i++) {
                    logits.read(i, row);
                    for (int id = 0; id < row.length; id++) {
                        float reference = want[(from + i) * row.length + id];
                        assertThat(Math.abs(row[id] - reference))
                                .as("%s, position %d, id %d", name, from + i, id)
                                .isLessThanOrEqualTo(TOLERANCE);
                    }
                }
                table.releaseFinishedChunks();
            }
            decoder.close();
        }
    }

    /** The reference's own projected rows. */
    private static final class Expected implements VisionEncoder {
        private final Backend backend;
        private final float[] projected;
        final List<ImageTiles> images = new ArrayList<>();
        private final List<Integer> firstTiles = new ArrayList<>();

        Expected(Backend backend, SafetensorsFixture expected, String name) {
            this.backend = backend;
            this.projected = expected.floats(name + ".vision.projected");
            byte[] tiles = expected.bytes(name + ".tiles_u8");
            int[] ratios = expected.ints(name + ".ratios");
            int tile = 3 * 84 * 84;
            int next = 0;
            for (int i = 0; i < ratios.length; i += 2) {
                int grid = ratios[i] * ratios[i + 1];
                int count = grid == 1 ? 1 : grid + 1;
                byte[] own = Arrays.copyOfRange(tiles, next * tile, (next + count) * tile);
                images.add(TestTiles.of(ratios[i], ratios[i + 1], 84, own));
                firstTiles.add(next);
                next += count;
            }
            assertThat(next * tile).isEqualTo(tiles.length);
        }

        @Override
        public int tokensPerTile() {
            return 9;
        }

        @Override
        public int tileSize() {
            return 84;
        }

        @Override
        public void encode(List<Tile> tiles, Tensor out, int[] firstRows) {
            Tensor rows = backend.allocate(9, 64);
            for (int i = 0; i < tiles.size(); i++) {
                int image = images.indexOf(tiles.get(i).image());
                int tile = firstTiles.get(image) + tiles.get(i).number();
                float[] values = Arrays.copyOfRange(projected, tile * 9 * 64, (tile + 1) * 9 * 64);
                backend.write(rows, MemorySegment.ofArray(values), 9);
                int first = firstRows[i];
                int[] to = new int[9];
                Arrays.setAll(to, k -> first + k);
                int[] from = new int[9];
                Arrays.setAll(from, k -> k);
                backend.scatter(out, to, rows, from, 9);
            }
        }
    }
}
