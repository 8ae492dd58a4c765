package org.scout4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.backend.Tensor;

class FeatureCacheTest {
    private static final int TOKENS = 3;
    private static final int WIDTH = 2;

    private final Backend backend = Backends.open("scalar", 1);
    private final CountingEncoder encoder = new CountingEncoder();

    @AfterEach
    void close() {
        backend.close();
    }

    /** Writes a tile's first pixel and the number of the row. */
    private final class CountingEncoder implements VisionEncoder {
        final List<Tile> encoded = new ArrayList<>();
        boolean broken;

        @Override
        public int tokensPerTile() {
            return TOKENS;
        }

        @Override
        public int tileSize() {
            return 1;
        }

        @Override
        public void encode(List<Tile> tiles, Tensor out, int[] firstRows) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            for (int i = 0; i < tiles.size(); i++) {
                encoded.add(tiles.get(i));
                int[] to = {firstRows[i], firstRows[i] + 1, firstRows[i] + 2};
                Tensor rows = backend.allocate(TOKENS, WIDTH);
                float pixel = tiles.get(i).image().pixels()[3 * tiles.get(i).number()];
                float[] values = {pixel, 0, pixel, 1, pixel, 2};
                backend.write(rows, MemorySegment.ofArray(values), TOKENS);
                backend.scatter(out, to, rows, new int[] {0, 1, 2}, TOKENS);
            }
        }
    }

    private float[] row(FeatureCache cache, int row) {
        float[] values = new float[WIDTH];
        backend.readRow(cache.rows(), row, MemorySegment.ofArray(values));
        return values;
    }

    private static ImageTiles image(int rows, int columns, int... firstPixels) {
        byte[] pixels = new byte[3 * firstPixels.length];
        for (int i = 0; i < firstPixels.length; i++) {
            pixels[3 * i] = (byte) firstPixels[i];
        }
        return TestTiles.of(rows, columns, 1, pixels);
    }

    @Test
    void aTileIsEncodedOnceForItsOwner() {
        FeatureCache cache = new FeatureCache(encoder, backend, WIDTH, 4);
        ImageTiles image = image(1, 2, 10, 20, 30);

        cache.begin();
        int second = cache.firstRow("a", image, 1);
        assertThat(cache.firstRow("a", image, 1)).isEqualTo(second);
        assertThat(cache.encode()).isEqualTo(1);
        assertThat(row(cache, second + 2)).containsExactly(20, 2);

        cache.begin();
        assertThat(cache.firstRow("a", image(1, 2, 10, 20, 30), 1)).isEqualTo(second);
        int other = cache.firstRow("b", image, 1);
        assertThat(cache.encode()).as("of another owner").isEqualTo(1);
        assertThat(other).isNotEqualTo(second);
        assertThat(row(cache, other)).containsExactly(20, 0);
    }

    @Test
    void whatAStepNeedsStaysInIt() {
        FeatureCache cache = new FeatureCache(encoder, backend, WIDTH, 2);
        cache.begin();
        cache.firstRow("a", image(1, 1, 1), 0);
        cache.firstRow("a", image(1, 1, 2), 0);

        assertThatIllegalStateException()
                .isThrownBy(() -> cache.firstRow("a", image(1, 1, 3), 0))
                .withMessageContaining("2 tiles");
    }

    @Test
    void aFailureLeavesNothingToBeFound() {
        FeatureCache cache = new FeatureCache(encoder, backend, WIDTH, 2);
        ImageTiles image = image(1, 1, 7);
        encoder.broken = true;
        cache.begin();
        cache.firstRow("a", image, 0);
        assertThatIllegalStateException().isThrownBy(cache::encode);

        encoder.broken = false;
        cache.begin();
        int first = cache.firstRow("a", image, 0);
        assertThat(cache.encode()).isEqualTo(1);
        assertThat(row(cache, first)).containsExactly(7, 0);
    }

    @Test
    void randomStepsAlwaysReadTheirOwnTiles() {
        long seed = 60;
        Random random = new Random(seed);
        int slots = 7;
        FeatureCache cache = new FeatureCache(encoder, backend, WIDTH, slots);
        int hits = 0;
        for (int step = 0; step < 2_000; step++) {
            cache.begin();
            Map<Integer, Integer> wanted = new HashMap<>();
            Set<Integer> rows = new HashSet<>();
            int tiles = random.nextInt(1, slots + 1);
            for (int i = 0; i < tiles; i++) {
                int pixel = random.nextInt(12);
                wanted.put(pixel, cache.firstRow("a", image(1, 1, pixel), 0));
            }
            hits += wanted.size() - cache.encode();
            for (Map.Entry<Integer, Integer> tile : wanted.entrySet()) {
                assertThat(rows.add(tile.getValue())).as("seed %d step %d", seed, step).isTrue();
                for (int i = 0; i < TOKENS; i++) {
                    assertThat(row(cache, tile.getValue() + i))
                            .as("seed %d step %d", seed, step)
                            .containsExactly(tile.getKey(), i);
                }
            }
        }
        assertThat(hits).isPositive();
    }

    @Test
    void aStepNeedsNoMoreTilesThanCounted() {
        Random random = new Random(61);
        for (int round = 0; round < 20_000; round++) {
            int perTile = random.nextInt(1, 40);
            int sequences = random.nextInt(1, 6);
            int rows = random.nextInt(sequences, 200);
            int left = rows;
            int tiles = 0;
            for (int i = 0; i < sequences && left > 0; i++) {
                int piece = i == sequences - 1 ? left : random.nextInt(left + 1);
                int first = random.nextInt(10 * perTile);
                left -= piece;
                tiles += piece == 0 ? 0 : (first + piece - 1) / perTile - first / perTile + 1;
            }
            assertThat(FeatureCache.mostTiles(rows, sequences, perTile))
                    .isGreaterThanOrEqualTo(tiles);
        }
    }
}
