package org.scout4j.bench;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
import org.scout4j.backend.AttentionSpans;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.backend.Tensor;

/**
 * Attention of Scout's shape (40 query heads on 8 key/value heads of 128) over a long sequence: one
 * row is decoding, bound by reading the cache ({@code gigabytes}); many rows are prefill at the end
 * of the sequence ({@code gigaflops}). Both are totals a second.
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
public class AttentionBenchmark {
    private static final PageFormat FORMAT = new PageFormat(1, 8, 128, 64);
    private static final int HEADS = 40;

    @Param({"4096", "32768"})
    public int positions;

    @Param({"1", "64"})
    public int rows;

    /** 0 = all cores. */
    @Param("0")
    public int threads;

    @Param("vector")
    public String backend;

    private Backend hardware;
    private KvPages pages;
    private AttentionSpans spans;
    private Tensor queries;
    private Tensor out;

    /** What a second of work amounts to. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Rates {
        /** Keys and values that one row reads, in units of 10⁹ bytes. */
        public double gigabytes;

        /** Multiplications and additions of all rows, in units of 10⁹. */
        public double gigaflops;
    }

    @Setup
    public void open() {
        hardware = Backends.open(backend, threads);
        int[] table = new int[positions / FORMAT.pageTokens()];
        Arrays.setAll(table, p -> p);
        pages = hardware.pages(FORMAT, table.length);
        SplittableRandom random = new SplittableRandom(1);
        int columns = FORMAT.kvHeads() * FORMAT.headSize();
        Tensor keys = filled(FORMAT.pageTokens(), columns, random);
        Tensor values = filled(FORMAT.pageTokens(), columns, random);
        AttentionSpans slots = new AttentionSpans(FORMAT.pageTokens());
        for (int page = 0; page < table.length; page++) {
            for (int r = 0; r < FORMAT.pageTokens(); r++) {
                slots.slots[r] = page * FORMAT.pageTokens() + r;
            }
            hardware.write(pages, 0, slots, keys, values, FORMAT.pageTokens());
        }
        spans = new AttentionSpans(rows);
        for (int r = 0; r < rows; r++) {
            spans.last[r] = positions - rows + r;
            spans.pages[r] = table;
        }
        queries = filled(rows, HEADS * FORMAT.headSize(), random);
        out = hardware.allocate(rows, HEADS * FORMAT.headSize());
    }

    private Tensor filled(int count, int columns, SplittableRandom random) {
        Tensor tensor = hardware.allocate(count, columns);
        float[] values = new float[count * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        hardware.write(tensor, MemorySegment.ofArray(values), count);
        return tensor;
    }

    @TearDown
    public void close() {
        hardware.close();
    }

    @Benchmark
    public void attend(Rates rates) {
        hardware.attend(out, queries, pages, 0, spans, rows);
        rates.gigabytes += 1e-9 * positions * FORMAT.tokenBytes();
        rates.gigaflops += 4e-9 * rows * positions * HEADS * FORMAT.headSize();
    }
}
