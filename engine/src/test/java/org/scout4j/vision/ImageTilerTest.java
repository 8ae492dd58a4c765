package org.scout4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.scout4j.SafetensorsFixture;
import org.scout4j.chat.ImageLayout;
import org.scout4j.checkpoint.GoldenFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Canvases and tiles against the reference implementations. */
class ImageTilerTest {
    private static final SafetensorsFixture GOLDEN =
            SafetensorsFixture.open("images/expected.safetensors");

    @Test
    void canvasesAreThoseOfTheReference() {
        int[] input = GOLDEN.ints("canvas.input");
        int[] ratio = GOLDEN.ints("canvas.ratio");
        int[] size = GOLDEN.ints("canvas.resized_double");
        assertThat(input).hasSize(3 * 1500);
        for (int i = 0; i < input.length / 3; i++) {
            int height = input[3 * i];
            int width = input[3 * i + 1];
            Canvas canvas = Canvas.of(width, height, 336, input[3 * i + 2]);
            assertThat(canvas)
                    .as("%d x %d", width, height)
                    .isEqualTo(
                            new Canvas(
                                    ratio[2 * i], ratio[2 * i + 1], size[2 * i + 1], size[2 * i]));
        }
    }

    @Test
    void canvasesAndTokensOfTheListedSizes() throws IOException {
        JsonNode cases =
                JsonMapper.shared()
                        .readTree(GoldenFiles.golden("images/image_tiles.json").toFile());
        assertThat(cases.size()).isEqualTo(300);
        for (JsonNode expected : cases) {
            Canvas canvas =
                    Canvas.of(expected.get("w").asInt(), expected.get("h").asInt(), 336, 16);
            ImageLayout layout = new ImageLayout(canvas.rows(), canvas.columns(), 144);
            assertThat(
                            List.of(
                                    canvas.columns(),
                                    canvas.rows(),
                                    canvas.width(),
                                    canvas.height(),
                                    canvas.tiles(),
                                    layout.tokens()))
                    .as("%s", expected)
                    .isEqualTo(
                            List.of(
                                    expected.get("tiles_w").asInt(),
                                    expected.get("tiles_h").asInt(),
                                    expected.get("resized_w").asInt(),
                                    expected.get("resized_h").asInt(),
                                    expected.get("encoder_tiles").asInt(),
                                    expected.get("prompt_tokens").asInt()));
        }
    }

    /** Bit for bit where Pillow resizes rows first; else, and against HF, one level apart. */
    @Test
    void tilesAreThoseOfThePillowPath() {
        int exact = 0;
        List<String> inexact = new ArrayList<>();
        for (String name : GOLDEN.names()) {
            if (!name.contains(".tiles_")) {
                continue;
            }
            String[] parts = name.split("\\.", -1);
            ImageTiles tiles = tiles(parts[0], number(parts[1]), number(parts[2]));
            byte[] expected = GOLDEN.bytes(name);
            assertThat(tiles.pixels()).as(name).hasSameSizeAs(expected);
            int worst = 0;
            for (int i = 0; i < expected.length; i++) {
                int apart = (tiles.pixels()[i] & 0xFF) - (expected[i] & 0xFF);
                worst = Math.max(worst, Math.abs(apart));
            }
            assertThat(worst).as(name).isLessThanOrEqualTo(1);
            if (worst == 0) {
                exact++;
            } else {
                inexact.add(name);
            }
        }
        assertThat(exact).as("exact; not: %s", inexact).isGreaterThanOrEqualTo(45);
    }

    private static int number(String part) {
        return Integer.parseInt(part.substring(1));
    }

    private static ImageTiles tiles(String image, int size, int mostTiles) {
        Path file = GoldenFiles.golden("images/inputs/" + image + ".rgb.png");
        return new ImageTiler(size).tiles(GoldenImages.pillow(file), mostTiles);
    }

    private static Picture random(Random random, int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        random.nextBytes(rgb);
        return new Picture(width, height, rgb);
    }

    @Test
    void resizingIsTheFormulaOfTheSpec() {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            Picture picture = random(random, 1 + random.nextInt(60), 1 + random.nextInt(60));
            int width = 1 + random.nextInt(60);
            int height = 1 + random.nextInt(60);
            assertThat(Resampling.resize(picture, width, height))
                    .as("seed %d", seed)
                    .isEqualTo(formula(picture, width, height));
        }
    }

    /** Spec "Model" §3.2, pixel by pixel. */
    private static byte[] formula(Picture picture, int width, int height) {
        int[][][] rows = new int[picture.height()][width][3];
        for (int y = 0; y < picture.height(); y++) {
            for (int c = 0; c < 3; c++) {
                int[] line = new int[picture.width()];
                for (int x = 0; x < line.length; x++) {
                    line[x] = picture.rgb()[3 * (y * line.length + x) + c] & 0xFF;
                }
                int[] resized = axis(line, width);
                for (int x = 0; x < width; x++) {
                    rows[y][x][c] = resized[x];
                }
            }
        }
        byte[] rgb = new byte[3 * width * height];
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
                int[] line = new int[picture.height()];
                for (int y = 0; y < line.length; y++) {
                    line[y] = rows[y][x][c];
                }
                int[] resized = axis(line, height);
                for (int y = 0; y < height; y++) {
                    rgb[3 * (y * width + x) + c] = (byte) resized[y];
                }
            }
        }
        return rgb;
    }

    private static int[] axis(int[] in, int out) {
        if (in.length == out) {
            return in;
        }
        double scale = (double) in.length / out;
        double fs = Math.max(scale, 1);
        int[] result = new int[out];
        for (int i = 0; i < out; i++) {
            double c = (i + 0.5) * scale;
            int from = Math.max((int) (c - fs + 0.5), 0);
            int to = Math.min((int) (c + fs + 0.5), in.length) - 1;
            double sum = 0;
            for (int j = from; j <= to; j++) {
                sum += Math.max(0, 1 - Math.abs((j - c + 0.5) / fs));
            }
            long value = 1 << 21;
            for (int j = from; j <= to; j++) {
                double weight = Math.max(0, 1 - Math.abs((j - c + 0.5) / fs)) / sum;
                value += (long) Math.floor(weight * (1 << 22) + 0.5) * in[j];
            }
            result[i] = (int) Math.clamp(value >> 22, 0, 255);
        }
        return result;
    }

    @Test
    void equalBytesOfAnotherShapeAreAnotherImage() {
        byte[] rgb = new byte[3 * 30 * 100];
        ImageTiler tiler = new ImageTiler(28);
        ImageTiles wide = tiler.tiles(new Picture(100, 30, rgb), 16);
        ImageTiles high = tiler.tiles(new Picture(30, 100, rgb), 16);
        assertThat(wide.pixels()).isEqualTo(high.pixels());
        assertThat(wide.key()).isNotEqualTo(high.key());
        assertThat(wide.key()).isEqualTo(tiler.tiles(new Picture(100, 30, rgb), 16).key());
        byte[] other = rgb.clone();
        Arrays.fill(other, 0, 3000, (byte) 9);
        assertThat(tiler.tiles(new Picture(100, 30, other), 16).key()).isNotEqualTo(wide.key());
    }

    @Test
    void thinPicturesHaveTiles() {
        for (int[] side : new int[][] {{1, 1}, {1, 16_384}, {16_384, 1}, {1, 4000}, {4000, 1}}) {
            Picture picture = random(new Random(7), side[0], side[1]);
            ImageTiles tiles = new ImageTiler(336).tiles(picture, 16);
            assertThat(tiles.count()).isEqualTo(Canvas.of(side[0], side[1], 336, 16).tiles());
        }
    }
}
