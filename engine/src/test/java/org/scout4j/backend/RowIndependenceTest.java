package org.scout4j.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.backend.SyntheticWeights.bits;
import static org.scout4j.backend.SyntheticWeights.fill;
import static org.scout4j.backend.SyntheticWeights.read;
import static org.scout4j.backend.SyntheticWeights.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.backend.vector.VectorBackend;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.tensor.DType;

/**
 * What {@link Backend} promises: a row's result is the same to the bit whatever its neighbours, its
 * place and the threads; and what the vector backend adds: whatever the width of the vectors and
 * whether the code is compiled already.
 */
class RowIndependenceTest {
    private static final int NATIVE_BITS = 256;

    static Stream<Arguments> matrices() {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.of(
                        SyntheticWeights.matrix(DType.F32, 50, 100, random),
                        SyntheticWeights.matrix(DType.F32, 50, 1060, random),
                        SyntheticWeights.matrix(DType.F16, 50, 64, random),
                        SyntheticWeights.matrix(DType.BF16, 50, 1088, random),
                        SyntheticWeights.matrix(DType.Q8_0, 50, 1088, random),
                        SyntheticWeights.matrix(DType.Q4_0, 50, 1088, random),
                        SyntheticWeights.matrix(DType.Q4_1, 50, 96, random),
                        SyntheticWeights.matrix(DType.Q5_0, 50, 96, random),
                        SyntheticWeights.matrix(DType.Q4_K, 50, 1280, random),
                        SyntheticWeights.matrix(DType.Q5_K, 50, 256, random),
                        SyntheticWeights.matrix(DType.Q6_K, 50, 1280, random),
                        SyntheticWeights.matrix(DType.IQ4_XS, 50, 256, random),
                        SyntheticWeights.matrix(DType.F8_E4M3, 50, 96, random),
                        SyntheticWeights.scaled(DType.F8_E4M3, 50, 100, 100, random),
                        SyntheticWeights.scaled(DType.PACKED_INT4, 50, 128, 32, random),
                        SyntheticWeights.columnMajor(DType.BF16, 500, 70, 520, random))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void matmul(TensorSource weights) {
        int columns = (int) weights.shape().extent(1);
        int outputs = (int) weights.shape().extent(0);
        int most = 131;
        float[] x = values(most * columns, new SplittableRandom(2));
        int[][] alone = new int[most][];
        try (Backend backend = new VectorBackend(1, NATIVE_BITS)) {
            Tensor placed = backend.place(weights);
            Tensor in = backend.allocate(1, columns);
            Tensor out = backend.allocate(1, outputs);
            for (int r = 0; r < most; r++) {
                fill(backend, in, Arrays.copyOfRange(x, r * columns, (r + 1) * columns));
                backend.matmul(out, in, placed, null, 1);
                alone[r] = bits(read(backend, out, 1));
            }
        }
        for (int threads = 1; threads <= 3; threads++) {
            try (Backend backend = new VectorBackend(threads, NATIVE_BITS)) {
                Tensor placed = backend.place(weights);
                for (int rows : new int[] {1, 2, 3, 8, 65, most}) {
                    // The rows from the end, so that each stands in several places.
                    int start = most - rows;
                    Tensor in = backend.allocate(rows, columns);
                    Tensor out = backend.allocate(rows, outputs);
                    fill(backend, in, Arrays.copyOfRange(x, start * columns, most * columns));
                    backend.matmul(out, in, placed, null, rows);
                    assertRows(outputs, read(backend, out, rows), alone, start);
                }
            }
        }
    }

    static Stream<Arguments> widths() {
        SplittableRandom random = new SplittableRandom(7);
        List<TensorSource> matrices =
                List.of(
                        SyntheticWeights.matrix(DType.F16, 31, 1408, random),
                        SyntheticWeights.matrix(DType.Q4_K, 31, 2816, random),
                        SyntheticWeights.matrix(DType.IQ4_XS, 31, 256, random),
                        // So wide that the rows are packed in two parts.
                        SyntheticWeights.matrix(DType.Q8_0, 7, 1 << 16, random));
        return IntStream.of(128, 256, 512)
                .boxed()
                .flatMap(bits -> matrices.stream().map(m -> Arguments.of(bits, m)));
    }

    @ParameterizedTest
    @MethodSource("widths")
    void manyRowsAtEveryWidth(int bits, TensorSource weights) {
        int columns = (int) weights.shape().extent(1);
        int outputs = (int) weights.shape().extent(0);
        int rows = 79;
        float[] x = values(rows * columns, new SplittableRandom(8));
        int[][] alone = new int[rows][];
        try (Backend backend = new VectorBackend(1, NATIVE_BITS)) {
            Tensor placed = backend.place(weights);
            Tensor in = backend.allocate(1, columns);
            Tensor out = backend.allocate(1, outputs);
            for (int r = 0; r < rows; r++) {
                fill(backend, in, Arrays.copyOfRange(x, r * columns, (r + 1) * columns));
                backend.matmul(out, in, placed, null, 1);
                alone[r] = bits(read(backend, out, 1));
            }
        }
        try (Backend backend = new VectorBackend(2, bits)) {
            Tensor placed = backend.place(weights);
            Tensor in = backend.allocate(rows, columns);
            Tensor out = backend.allocate(rows, outputs);
            fill(backend, in, x);
            backend.matmul(out, in, placed, null, rows);
            assertRows(outputs, read(backend, out, rows), alone, 0);
        }
    }

    private static void assertRows(int columns, float[] actual, int[][] alone, int start) {
        for (int r = 0; r < actual.length / columns; r++) {
            float[] row = Arrays.copyOfRange(actual, r * columns, (r + 1) * columns);
            assertThat(bits(row))
                    .as("row %d, at place %d of %d", start + r, r, actual.length / columns)
                    .isEqualTo(alone[start + r]);
        }
    }

    /** One row of each operation's input, for a run of all operations. */
    private record Step(float[] x, float[] y, float[] logits) {}

    private static final int HIDDEN = 96;
    private static final int EXPERTS = 4;

    /** Cuts rows into pieces of 3, which fill no vector. */
    private static final int NARROW = 32;

    /** What the operations give for rows of a step. */
    private static final class Pipeline {
        private final Backend backend;
        private final ExpertWeights experts;
        private final Tensor gain;
        private final Tensor narrowGain;

        Pipeline(Backend backend) {
            this.backend = backend;
            SplittableRandom random = new SplittableRandom(3);
            List<List<Tensor>> matrices = new ArrayList<>();
            int[][] shapes = {{160, HIDDEN}, {160, HIDDEN}, {HIDDEN, 160}};
            for (int[] shape : shapes) {
                matrices.add(
                        IntStream.range(0, EXPERTS)
                                .mapToObj(e ->
                                        backend.place(
                                                SyntheticWeights.matrix(
                                                        DType.Q8_0, shape[0], shape[1], random)))
                                .toList());
            }
            gain = backend.place(SyntheticWeights.vector(HIDDEN, random));
            narrowGain = backend.place(SyntheticWeights.vector(HIDDEN / NARROW, random));
            experts = new ExpertWeights(matrices.get(0), matrices.get(1), matrices.get(2));
        }

        int[][] run(List<Step> steps) {
            int rows = steps.size();
            Tensor a = backend.allocate(rows, HIDDEN);
            Tensor b = backend.allocate(rows, HIDDEN);
            Tensor scores = backend.allocate(rows, EXPERTS);
            fill(backend, a, joined(steps, Step::x));
            fill(backend, b, joined(steps, Step::y));
            fill(backend, scores, joined(steps, Step::logits));
            Routing routing = new Routing(rows, 2);
            backend.layerNorm(a, a, gain, gain, 1e-5f, rows);
            backend.gelu(a, rows);
            Tensor narrow = backend.view(a, rows * NARROW, HIDDEN / NARROW);
            backend.layerNorm(narrow, narrow, narrowGain, narrowGain, 1e-5f, rows * NARROW);
            backend.gelu(narrow, rows * NARROW);
            backend.rmsNorm(a, a, null, 1e-5f, rows);
            backend.gate(b, a, rows);
            backend.route(routing, scores, rows);
            backend.experts(b, a, experts, routing, rows);
            backend.add(b, a, rows);
            float[] out = read(backend, b, rows);
            int[][] results = new int[rows][];
            for (int r = 0; r < rows; r++) {
                results[r] = bits(Arrays.copyOfRange(out, r * HIDDEN, (r + 1) * HIDDEN));
            }
            return results;
        }

        private static float[] joined(List<Step> steps, Function<Step, float[]> part) {
            int length = part.apply(steps.getFirst()).length;
            float[] all = new float[steps.size() * length];
            for (int i = 0; i < steps.size(); i++) {
                System.arraycopy(part.apply(steps.get(i)), 0, all, i * length, length);
            }
            return all;
        }
    }

    private static List<Step> steps(int count) {
        SplittableRandom random = new SplittableRandom(4);
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new Step(
                                values(HIDDEN, random),
                                values(HIDDEN, random),
                                values(EXPERTS, random)))
                .toList();
    }

    @Test
    void normGateAndExperts() {
        List<Step> steps = steps(150);
        List<int[]> alone = new ArrayList<>();
        try (Backend backend = new VectorBackend(1, NATIVE_BITS)) {
            Pipeline pipeline = new Pipeline(backend);
            for (Step step : steps) {
                alone.add(pipeline.run(List.of(step))[0]);
            }
        }
        for (int threads = 1; threads <= 3; threads++) {
            try (Backend backend = new VectorBackend(threads, NATIVE_BITS)) {
                Pipeline pipeline = new Pipeline(backend);
                for (int rows : new int[] {2, 7, 150}) {
                    int start = steps.size() - rows;
                    int[][] together = pipeline.run(steps.subList(start, steps.size()));
                    for (int r = 0; r < rows; r++) {
                        assertThat(together[r])
                                .as("row %d of %d, %d threads", r, rows, threads)
                                .isEqualTo(alone.get(start + r));
                    }
                }
            }
        }
    }

    @Test
    void widthOfVectorsDoesNotShow() {
        List<Step> steps = steps(3);
        List<int[][]> results = new ArrayList<>();
        for (int bits : new int[] {128, 256, 512}) {
            try (Backend backend = new VectorBackend(2, bits)) {
                results.add(new Pipeline(backend).run(steps));
            }
        }
        assertThat(results.get(1)).isDeepEqualTo(results.get(0));
        assertThat(results.get(2)).isDeepEqualTo(results.get(0));
    }

    /** The first results come from the interpreter, the last from the optimising compiler. */
    @Test
    void compilationDoesNotShow() {
        List<Step> steps = steps(5);
        try (Backend backend = new VectorBackend(1, NATIVE_BITS)) {
            Pipeline pipeline = new Pipeline(backend);
            int[][] first = pipeline.run(steps);
            long end = System.nanoTime() + 1_000_000_000L;
            while (System.nanoTime() < end) {
                assertThat(pipeline.run(steps)).isDeepEqualTo(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void attend(int group) {
        int kvHeads = 2;
        int headSize = 24;
        int positions = 2600;
        PageFormat format = new PageFormat(1, kvHeads, headSize, 16);
        SplittableRandom random = new SplittableRandom(5);
        float[] keys = BackendAgreementTest.gaussian(positions * kvHeads * headSize, random);
        float[] values = BackendAgreementTest.gaussian(positions * kvHeads * headSize, random);
        int columns = kvHeads * group * headSize;
        int[] last = {2599, 2598, 2597, 1024, 1023, 40, 41, 0, 2599, 2000, 1999};
        int[] first = {0, 0, 0, 0, 0, 0, 0, 0, 2048, 1990, 1024};
        float[] queries = BackendAgreementTest.gaussian(last.length * columns, random);
        int[][] alone = new int[last.length][];
        try (Backend backend = new VectorBackend(1, NATIVE_BITS)) {
            CachedSequence sequence = new CachedSequence(backend, format, positions, 0);
            sequence.write(0, keys, values);
            for (int r = 0; r < last.length; r++) {
                alone[r] = bits(attend(backend, sequence, columns, queries, first, last, r, r + 1));
            }
        }
        for (int bits : new int[] {128, NATIVE_BITS}) {
            for (int threads = 1; threads <= 3; threads++) {
                try (Backend backend = new VectorBackend(threads, bits)) {
                    CachedSequence sequence = new CachedSequence(backend, format, positions, 2);
                    sequence.write(0, keys, values);
                    for (int from : new int[] {0, 3, 9, 10}) {
                        float[] out =
                                attend(
                                        backend,
                                        sequence,
                                        columns,
                                        queries,
                                        first,
                                        last,
                                        from,
                                        last.length);
                        assertRows(columns, out, alone, from);
                    }
                }
            }
        }
    }

    private static float[] attend(
            Backend backend,
            CachedSequence sequence,
            int columns,
            float[] queries,
            int[] first,
            int[] last,
            int from,
            int to) {
        int rows = to - from;
        AttentionSpans spans = new AttentionSpans(rows);
        for (int r = 0; r < rows; r++) {
            sequence.show(spans, r, first[from + r], last[from + r]);
        }
        Tensor in = backend.allocate(rows, columns);
        Tensor out = backend.allocate(rows, columns);
        fill(backend, in, Arrays.copyOfRange(queries, from * columns, to * columns));
        backend.attend(out, in, sequence.pages(), 0, spans, rows);
        return read(backend, out, rows);
    }
}
