package org.scout4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scout4j.checkpoint.GoldenFiles;

/** The decoder against Pillow. */
class ImageDecoderTest {
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.DEFAULT);

    static List<Path> files() {
        return GoldenImages.files();
    }

    /** Exactly, but for lossy files, where decoders may round differently. */
    @ParameterizedTest
    @MethodSource("files")
    void pixelsAreThoseOfPillow(Path file) throws ImageRefused {
        Picture expected = GoldenImages.expected(file);
        Picture actual = DECODER.decode(GoldenImages.bytes(file));
        assertThat(List.of(actual.width(), actual.height()))
                .isEqualTo(List.of(expected.width(), expected.height()));
        int[] apart =
                IntStream.range(0, actual.rgb().length)
                        .map(i -> Math.abs((actual.rgb()[i] & 0xFF) - (expected.rgb()[i] & 0xFF)))
                        .toArray();
        String name = file.getFileName().toString();
        if (name.contains("lossy") && name.endsWith(".webp")) {
            // chroma is not smoothed between its samples: edges of colours are apart
            // and a small picture is all edges
            double most = actual.width() < 50 ? 6 : 3;
            assertThat(IntStream.of(apart).average().orElseThrow()).isLessThan(most);
        } else {
            int most = name.endsWith(".jpg") ? 3 : 0;
            assertThat(IntStream.of(apart).max().orElseThrow()).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void eightOrientationsShowOnePicture() throws ImageRefused {
        Picture first = exif(1);
        for (int i = 2; i <= 8; i++) {
            Picture other = exif(i);
            assertThat(other.width()).as("orientation %d", i).isEqualTo(first.width());
            assertThat(other.height()).as("orientation %d", i).isEqualTo(first.height());
            int worst = 0;
            for (int at = 0; at < first.rgb().length; at++) {
                int apart = (first.rgb()[at] & 0xFF) - (other.rgb()[at] & 0xFF);
                worst = Math.max(worst, Math.abs(apart));
            }
            assertThat(worst).as("orientation %d", i).isLessThanOrEqualTo(4);
        }
    }

    private static Picture exif(int orientation) throws ImageRefused {
        Path file = GoldenFiles.golden("images/kinds/exif_" + orientation + ".jpg");
        return DECODER.decode(GoldenImages.bytes(file));
    }

    /** A lossless proof of the eight turns, by their definition in terms of rows and columns. */
    @Test
    void turnsMovePixelsAsExifSays() {
        byte[] stored = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5}; // 0 1 2 / 3 4 5
        int[][] upright = {
            {0, 1, 2, 3, 4, 5}, {2, 1, 0, 5, 4, 3}, {5, 4, 3, 2, 1, 0}, {3, 4, 5, 0, 1, 2},
            {0, 3, 1, 4, 2, 5}, {3, 0, 4, 1, 5, 2}, {5, 2, 4, 1, 3, 0}, {2, 5, 1, 4, 0, 3}
        };
        for (Orientation orientation : Orientation.values()) {
            Picture turned = orientation.upright(stored, 3, 2);
            int[] numbers = IntStream.range(0, 6).map(i -> turned.rgb()[3 * i]).toArray();
            assertThat(numbers).as("%s", orientation).isEqualTo(upright[orientation.ordinal()]);
            assertThat(turned.width()).isEqualTo(orientation.ordinal() < 4 ? 3 : 2);
        }
    }

    @Test
    void theNameOfAKindDoesNotMatterAndGarbageBehindAnImageNeither() throws ImageRefused {
        for (Path file : files()) {
            byte[] bytes = GoldenImages.bytes(file);
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 100);
            assertThat(DECODER.decode(longer).rgb())
                    .as("%s", file)
                    .isEqualTo(DECODER.decode(bytes).rgb());
        }
    }
}
