package org.scout4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.vision.ImageDecoder;
import org.scout4j.vision.ImageLimits;
import org.scout4j.vision.ImageRefused;
import org.scout4j.vision.ImageTiler;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.VisionEncoder.Tile;
import org.scout4j.vision.VisionTower;

/**
 * Encodes the first tile of an image with the tower of a file, by one thread: what the tower itself
 * takes, in milliseconds of processor time, so that others on the machine disturb little.
 *
 * <p>usage: TileEncoding MODEL.gguf MMPROJ.gguf IMAGE TIMES
 */
public final class TileEncoding {
    /** Enough for everything to be compiled. */
    private static final int PRACTICE = 4;

    private TileEncoding() {}

    /** Prints each time, then the least and the median. */
    public static void main(String[] arguments) throws IOException, ImageRefused {
        if (arguments.length != 4) {
            throw new IllegalArgumentException("MODEL.gguf MMPROJ.gguf IMAGE TIMES");
        }
        byte[] file = Files.readAllBytes(Path.of(arguments[2]));
        double[] millis = new double[Integer.parseInt(arguments[3])];
        try (Checkpoint checkpoint =
                        Checkpoints.open(
                                Path.of(arguments[0]), Optional.of(Path.of(arguments[1])));
                Backend backend = Backends.open("vector", 1)) {
            VisionTower tower = new VisionTower(checkpoint, backend, 1);
            ImageTiles image =
                    new ImageTiler(tower.tileSize())
                            .tiles(new ImageDecoder(ImageLimits.DEFAULT).decode(file), 1);
            Tensor out = backend.allocate(tower.tokensPerTile(), checkpoint.shape().hidden());
            for (int i = -PRACTICE; i < millis.length; i++) {
                long start = processorNanos();
                tower.encode(List.of(new Tile(image, 0)), out, new int[] {0});
                if (i >= 0) {
                    millis[i] = 1e-6 * (processorNanos() - start);
                }
            }
        }
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "tile encoded in %s ms: least %.0f, median %.0f%n",
                Arrays.toString(Arrays.stream(millis).mapToLong(Math::round).toArray()),
                sorted[0],
                sorted[sorted.length / 2]);
    }

    /** Of this thread alone: compiling and collecting garbage do not count. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
