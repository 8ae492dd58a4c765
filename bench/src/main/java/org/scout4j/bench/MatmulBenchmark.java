package org.scout4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
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
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/**
 * Matrix multiplication by weights far larger than caches: Scout's hidden size, as many rows as
 * make half a gigabyte, taken in matrices of 5120 rows one after the other as a model does.
 *
 * <p>One row of activations is decoding, bound by memory: read {@code gigabytes}. Many rows are
 * prefill, bound by arithmetic: read {@code gigaflops}. Both are totals a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx1g"})
@SuppressWarnings("NullAway.Init") // JMH calls open() before all else.
public class MatmulBenchmark {
    private static final int COLUMNS = 5120;
    private static final int ROWS = 5120;
    private static final long BYTES = 512L << 20;

    @Param({"Q8_0", "Q4_0", "Q4_K", "Q6_K", "BF16", "F32"})
    public DType dtype;

    @Param({"1", "16"})
    public int rows;

    /** 0 = all cores. */
    @Param("0")
    public int threads;

    @Param("vector")
    public String backend;

    private final Arena arena = Arena.ofShared();
    private Backend hardware;
    private Tensor[] weights;
    private Tensor in;
    private Tensor out;
    private int next;

    /** What a second of work amounts to. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Rates {
        /** Weights read, in units of 10⁹ bytes. */
        public double gigabytes;

        /** Multiplications and additions, in units of 10⁹. */
        public double gigaflops;
    }

    @Setup
    public void open() {
        hardware = Backends.open(backend, threads);
        long matrixBytes = ROWS * dtype.bytes(COLUMNS);
        weights = new Tensor[Math.toIntExact(Math.max(1, BYTES / matrixBytes))];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < weights.length; i++) {
            MemorySegment bytes = arena.allocate(matrixBytes, 64);
            // Halves, bytes and nibbles alike are finite and moderate under this mask.
            for (long at = 0; at < matrixBytes; at += Long.BYTES) {
                bytes.set(ValueLayout.JAVA_LONG, at, random.nextLong() & 0x3F3F3F3F3F3F3F3FL);
            }
            weights[i] =
                    hardware.place(
                            TensorSource.rowMajor(
                                    "weights " + i, dtype, Shape.of(ROWS, COLUMNS), bytes));
        }
        in = hardware.allocate(rows, COLUMNS);
        out = hardware.allocate(rows, ROWS);
        float[] values = new float[rows * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        hardware.write(in, MemorySegment.ofArray(values), rows);
    }

    @TearDown
    public void close() {
        hardware.close();
        arena.close();
    }

    @Benchmark
    public void matmul(Rates rates) {
        hardware.matmul(out, in, weights[next], null, rows);
        next = (next + 1) % weights.length;
        rates.gigabytes += 1e-9 * ROWS * dtype.bytes(COLUMNS);
        rates.gigaflops += 2e-9 * rows * ROWS * COLUMNS;
    }
}
