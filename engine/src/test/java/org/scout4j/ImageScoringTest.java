package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.error.InvalidRequest;

/**
 * Everything between an image file and the logits, against the official implementation: decoding,
 * tiling, the tower, the decoder. The reference's tiled images are tiles of noise each, which no
 * picture becomes; {@link org.scout4j.engine.ImageDecodingGoldenTest} takes those.
 */
class ImageScoringTest {
    private static final Path MODEL = Path.of("src/test/resources/golden/model/scout-mm-tiny");
    private static final int SIZE = 84;
    private static final int TILE = 3 * SIZE * SIZE;

    private static final SafetensorsFixture EXPECTED =
            SafetensorsFixture.open("model/scout-mm-tiny/expected.safetensors");

    @ParameterizedTest
    @ValueSource(strings = {"vector", "scalar"})
    void logitsOfAnImageFileEqualTheReference(String backend) throws IOException {
        int[] prompt = EXPECTED.ints("one.input_ids");
        float[] want = EXPECTED.floats("one.logits");
        try (PromptScorer scorer = PromptScorer.open(MODEL, backend, 2)) {
            List<Integer> seen = new ArrayList<>();
            scorer.score(
                    prompt,
                    files("one"),
                    (position, row) -> {
                        seen.add(position);
                        for (int id = 0; id < row.length; id++) {
                            assertThat(Math.abs(row[id] - want[position * row.length + id]))
                                    .as("position %d, id %d", position, id)
                                    .isLessThanOrEqualTo(1e-3f);
                        }
                    });
            assertThat(seen).hasSize(prompt.length);
        }
    }

    @Test
    void imagesMustFillThePatchTokens() throws IOException {
        int[] prompt = EXPECTED.ints("one.input_ids");
        try (PromptScorer scorer = PromptScorer.open(MODEL, "vector", 1)) {
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> scorer.score(prompt, files("three"), (position, row) -> {}))
                    .withMessageContaining("9 patch tokens")
                    .withMessageContaining("need 81");
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() ->
                            scorer.score(prompt, List.of(new byte[20]), (position, row) -> {}));
        }
    }

    /** The canvases of the reference, as PNG files. */
    private static List<byte[]> files(String name) throws IOException {
        byte[] tiles = EXPECTED.bytes(name + ".tiles_u8");
        int[] ratios = EXPECTED.ints(name + ".ratios");
        List<byte[]> files = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < ratios.length; i += 2) {
            int grid = ratios[i] * ratios[i + 1];
            byte[] own = Arrays.copyOfRange(tiles, next * TILE, (next + grid) * TILE);
            files.add(png(own, ratios[i], ratios[i + 1]));
            next += grid == 1 ? 1 : grid + 1;
        }
        return files;
    }

    private static byte[] png(byte[] tiles, int rows, int columns) throws IOException {
        BufferedImage image =
                new BufferedImage(columns * SIZE, rows * SIZE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < rows * SIZE; y++) {
            for (int x = 0; x < columns * SIZE; x++) {
                int at = (y / SIZE * columns + x / SIZE) * TILE + y % SIZE * SIZE + x % SIZE;
                int rgb = 0;
                for (int channel = 0; channel < 3; channel++) {
                    rgb = rgb << 8 | tiles[at + channel * SIZE * SIZE] & 0xFF;
                }
                image.setRGB(x, y, rgb);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "png", file);
        return file.toByteArray();
    }
}
