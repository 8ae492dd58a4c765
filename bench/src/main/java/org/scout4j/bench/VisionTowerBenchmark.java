package org.scout4j.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.backend.Tensor;
import org.scout4j.cache.ImageKey;
import org.scout4j.checkpoint.VisionPlan;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.tensor.DType;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.VisionEncoder.Tile;
import org.scout4j.vision.VisionTower;

/**
 * One tile through a tower of Scout's sizes with fewer layers: Scout's 34 take about {@code 34 /
 * layers} times as long. {@code gigaflops} counts its matrix products and attention.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls open() before all else.
public class VisionTowerBenchmark {
    private static final int TEXT_HIDDEN = 5120;

    @Param({"F16", "Q8_0"})
    public DType type;

    @Param("2")
    public int layers;

    /** 0 = all cores. */
    @Param("0")
    public int threads;

    private Backend hardware;
    private RandomVision checkpoint;
    private VisionTower tower;
    private Tensor out;
    private List<Tile> tiles;
    private double flops;

    /** What a second of work amounts to. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Rates {
        public double gigaflops;
    }

    @Setup
    public void open() {
        VisionShape shape =
                new VisionShape(336, 14, 1408, 16, layers, 5632, 2, 4096, 10_000f, 1e-5f);
        hardware = Backends.open("vector", threads);
        checkpoint = new RandomVision(new VisionPlan(shape, TEXT_HIDDEN), type);
        tower = new VisionTower(checkpoint, hardware, 1);
        out = hardware.allocate(shape.tokensPerTile(), TEXT_HIDDEN);
        byte[] pixels = new byte[3 * 336 * 336];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 ^ i >> 7);
        }
        ImageTiles image = new ImageTiles(1, 1, 336, pixels, new ImageKey(0, 0, 0, 0));
        tiles = List.of(new Tile(image, 0));
        long rows = shape.patches() + 1L;
        long layer = 4L * 1408 * 1408 + 2L * 1408 * 5632;
        long ends = 5632L * 4096 + 4096L * 4096 + 4096L * TEXT_HIDDEN;
        flops =
                2.0 * rows * (layers * layer + 1408L * shape.patchValues())
                        + 2.0 * shape.tokensPerTile() * ends
                        + 4.0 * layers * rows * rows * 1408;
    }

    @TearDown
    public void close() {
        hardware.close();
        checkpoint.close();
    }

    @Benchmark
    public void tile(Rates rates) {
        tower.encode(tiles, out, new int[] {0});
        rates.gigaflops += 1e-9 * flops;
    }
}
