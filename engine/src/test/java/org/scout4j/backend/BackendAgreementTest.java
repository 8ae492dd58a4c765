package org.scout4j.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.backend.SyntheticWeights.fill;
import static org.scout4j.backend.SyntheticWeights.read;
import static org.scout4j.backend.SyntheticWeights.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.backend.scalar.ScalarBackend;
import org.scout4j.backend.vector.VectorBackend;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.tensor.DType;

/**
 * Holds the vector backend to the scalar one: every operation at sizes with awkward tails, for each
 * width of vectors. Tolerances are those that rounding allows, so they grow with the length of
 * sums.
 */
@ParameterizedClass
@MethodSource("configurations")
class BackendAgreementTest {
    /** Half the distance of neighbouring floats, relative. */
    private static final double ROUNDING = 0x1p-24;

    private final int bits;
    private final int threads;
    private final ScalarBackend scalar = new ScalarBackend();
    private Backend vector;

    BackendAgreementTest(int bits, int threads) {
        this.bits = bits;
        this.threads = threads;
    }

    static Stream<Arguments> configurations() {
        return Stream.of(
                Arguments.of(128, 3),
                Arguments.of(256, 1),
                Arguments.of(256, 3),
                Arguments.of(512, 3));
    }

    @BeforeEach
    void open() {
        vector = new VectorBackend(threads, bits);
    }

    @AfterEach
    void close() {
        vector.close();
        scalar.close();
    }

    static Stream<DType> weightTypes() {
        return SyntheticWeights.types().stream();
    }

    @ParameterizedTest
    @MethodSource("weightTypes")
    void matmul(DType dtype) {
        SplittableRandom random = new SplittableRandom(1);
        int block = dtype.blockElements();
        int[] columns =
                block == 1
                        ? new int[] {1, 3, 7, 15, 17, 31, 33, 64, 100, 257, 1060}
                        : new int[] {block, 3 * block, Math.ceilDiv(1050, block) * block};
        int[] outputs = {1, 5, 6, 13, 29};
        int[] tokens = {1, 2, 3, 1, 5};
        for (int i = 0; i < columns.length; i++) {
            TensorSource weights =
                    SyntheticWeights.matrix(dtype, outputs[i % 5], columns[i], random);
            checkMatmul(weights, tokens[i % 5], random);
            checkMatmul(weights, tokens[(i + 1) % 5], random);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void matmulOfInputMajorWeights(DType dtype) {
        SplittableRandom random = new SplittableRandom(2);
        int[] outputs = {1, 7, 48, 49, 100, 801};
        int[] columns = {5, 64, 1, 65, 130, 33};
        for (int i = 0; i < outputs.length; i++) {
            TensorSource weights =
                    SyntheticWeights.columnMajor(
                            dtype, outputs[i], columns[i], outputs[i] + 3 * i, random);
            checkMatmul(weights, 1 + i % 4, random);
        }
    }

    @Test
    void matmulOfWeightsWithFactorsBesideThem() {
        SplittableRandom random = new SplittableRandom(3);
        checkMatmul(SyntheticWeights.scaled(DType.F8_E4M3, 13, 50, 50, random), 3, random);
        checkMatmul(SyntheticWeights.scaled(DType.F8_E4M3, 13, 50, 25, random), 3, random);
        checkMatmul(SyntheticWeights.scaled(DType.F8_E4M3, 7, 2176, 64, random), 2, random);
        checkMatmul(SyntheticWeights.scaled(DType.F8_E4M3, 7, 256, 128, random), 1, random);
        checkMatmul(SyntheticWeights.scaled(DType.PACKED_INT4, 13, 96, 32, random), 1, random);
        checkMatmul(SyntheticWeights.scaled(DType.PACKED_INT4, 5, 264, 128, random), 4, random);
    }

    /** More rows than one pass takes, more columns than one panel. */
    @Test
    void matmulOfManyRows() {
        SplittableRandom random = new SplittableRandom(4);
        int outputs = bits > 256 ? 7 : 40;
        checkMatmul(SyntheticWeights.matrix(DType.Q8_0, outputs, 2080, random), 67, random);
        checkMatmul(SyntheticWeights.matrix(DType.BF16, outputs, 70, random), 131, random);
        checkMatmul(SyntheticWeights.columnMajor(DType.BF16, outputs, 70, 50, random), 65, random);
    }

    private void checkMatmul(TensorSource weights, int rows, SplittableRandom random) {
        int outputs = (int) weights.shape().extent(0);
        int columns = (int) weights.shape().extent(1);
        float[] x = values(rows * columns, random);
        TensorSource bias = random.nextBoolean() ? SyntheticWeights.vector(outputs, random) : null;
        float[][] results = new float[2][];
        for (int i = 0; i < 2; i++) {
            Backend backend = i == 0 ? scalar : vector;
            Tensor in = backend.allocate(rows, columns);
            Tensor out = backend.allocate(rows, outputs);
            fill(backend, in, x);
            Tensor placedBias = bias == null ? null : backend.place(bias);
            backend.matmul(out, in, backend.place(weights), placedBias, rows);
            results[i] = read(backend, out, rows);
        }
        float[] w = SyntheticWeights.decoded(weights);
        double additions =
                weights.layout() instanceof TensorSource.Layout.ColumnMajor
                        ? columns
                        : columns / 32.0 + 6;
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < outputs; o++) {
                double size = Math.abs(results[0][r * outputs + o]);
                for (int c = 0; c < columns; c++) {
                    size += Math.abs((double) w[o * columns + c] * x[r * columns + c]);
                }
                assertThat((double) results[1][r * outputs + o])
                        .as(
                                "%s %s, %d rows: row %d, output %d",
                                weights.name(), weights.shape(), rows, r, o)
                        .isCloseTo(
                                results[0][r * outputs + o],
                                within(size * (additions + 2) * ROUNDING));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 15, 17, 31, 33, 64, 100, 257})
    void elementwiseOperations(int columns) {
        SplittableRandom random = new SplittableRandom(columns);
        int rows = 5;
        float[] x = values(rows * columns, random);
        float[] y = values(rows * columns, random);
        TensorSource gain = SyntheticWeights.vector(columns, random);
        float[] factors = values(rows, random);
        int[] from = {3, 0, 4, 4, 1};
        int[] to = {4, 2, 0, 1, 3};
        List<List<float[]>> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            Tensor a = backend.allocate(rows, columns);
            Tensor b = backend.allocate(rows, columns);
            Tensor out = backend.allocate(rows, columns);
            List<float[]> own = new ArrayList<>();
            fill(backend, a, x);
            fill(backend, b, y);
            backend.rmsNorm(out, a, backend.place(gain), 1e-5f, rows);
            own.add(read(backend, out, rows));
            backend.rmsNorm(a, a, null, 1e-5f, rows);
            own.add(read(backend, a, rows));
            fill(backend, a, x);
            backend.add(a, b, rows);
            own.add(read(backend, a, rows));
            backend.scale(a, factors, rows);
            own.add(read(backend, a, rows));
            backend.gather(out, a, from, rows);
            own.add(read(backend, out, rows));
            backend.scatter(out, to, a, from, rows);
            own.add(read(backend, out, rows));
            backend.gate(a, b, rows);
            own.add(read(backend, a, rows));
            results.add(own);
        }
        for (int i = 0; i < results.getFirst().size(); i++) {
            assertClose("operation " + i, results.get(0).get(i), results.get(1).get(i), 1e-6);
        }
    }

    /** Relative to the expected number, and absolute far below one. */
    private static void assertClose(
            String name, float[] expected, float[] actual, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            double room = tolerance * Math.abs(expected[i]) + 1e-30;
            assertThat((double) actual[i])
                    .as("%s, element %d", name, i)
                    .isCloseTo(expected[i], within(room));
        }
    }

    @Test
    void gateAtExtremes() {
        float[] x = {
            0,
            -0f,
            1e-38f,
            -1e-38f,
            20,
            -20,
            87,
            -87,
            88.3f,
            -88.3f,
            1e4f,
            -1e4f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NaN,
            0.5f
        };
        List<float[]> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            Tensor gate = backend.allocate(1, x.length);
            Tensor up = backend.allocate(1, x.length);
            fill(backend, gate, x);
            float[] ones = new float[x.length];
            Arrays.fill(ones, 1);
            fill(backend, up, ones);
            backend.gate(gate, up, 1);
            results.add(read(backend, gate, 1));
        }
        for (int i = 0; i < x.length; i++) {
            float expected = results.get(0)[i];
            float actual = results.get(1)[i];
            if (Float.isFinite(expected)) {
                assertThat((double) actual)
                        .as("silu(%s)", x[i])
                        .isCloseTo(expected, within(4e-7 * Math.abs(expected) + 1e-35));
            } else {
                assertThat(Float.compare(actual, expected)).as("silu(%s)", x[i]).isZero();
            }
        }
    }

    /** Rows of ordinary numbers, of a large mean, of tiny and of large numbers, of one number. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 17, 31, 33, 64, 100, 257, 1408, 1421})
    void layerNorm(int columns) {
        SplittableRandom random = new SplittableRandom(columns);
        int rows = 6;
        float[] x = values(rows * columns, random);
        for (int c = 0; c < columns; c++) {
            x[columns + c] += 1000;
            x[2 * columns + c] *= 1e-20f;
            x[3 * columns + c] *= 1e15f;
            x[4 * columns + c] = 7.25f;
        }
        TensorSource gain = SyntheticWeights.vector(columns, random);
        TensorSource bias = SyntheticWeights.vector(columns, random);
        List<float[]> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            Tensor a = backend.allocate(rows, columns);
            Tensor out = backend.allocate(rows, columns);
            fill(backend, a, x);
            backend.layerNorm(out, a, backend.place(gain), backend.place(bias), 1e-5f, rows - 1);
            results.add(read(backend, out, rows));
            backend.layerNorm(a, a, backend.place(gain), backend.place(bias), 1e-5f, rows - 1);
            assertThat(Arrays.copyOf(read(backend, a, rows), (rows - 1) * columns))
                    .as("in place")
                    .isEqualTo(Arrays.copyOf(results.getLast(), (rows - 1) * columns));
        }
        float[] gains = SyntheticWeights.decoded(gain);
        for (int i = 0; i < x.length; i++) {
            // Numbers around 1000 are themselves rounded to 3e-5, and so is their mean.
            double size = Math.abs(gains[i % columns]) * (i / columns == 1 ? 30 : 3);
            assertThat((double) results.get(1)[i])
                    .as("row %d, column %d", i / columns, i % columns)
                    .isCloseTo(
                            results.get(0)[i], within(2e-6 * (size + Math.abs(results.get(0)[i]))));
        }
    }

    @Test
    void layerNormPassesOnWhatIsNoNumber() {
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] x = values(2 * 40, new SplittableRandom(9));
            x[7] = odd;
            TensorSource one = SyntheticWeights.vector(40, new SplittableRandom(10));
            for (Backend backend : List.of(scalar, vector)) {
                Tensor a = backend.allocate(2, 40);
                fill(backend, a, x);
                backend.layerNorm(a, a, backend.place(one), backend.place(one), 1e-5f, 2);
                float[] out = read(backend, a, 2);
                for (int c = 0; c < 40; c++) {
                    assertThat(out[c]).isNaN();
                    assertThat(out[40 + c]).isFinite();
                }
            }
        }
    }

    /** All of the range where the GELU is neither x nor zero, and what lies far outside. */
    @Test
    void gelu() {
        float[] far = {
            0f,
            -0f,
            Float.MIN_VALUE,
            -1e-38f,
            1e-20f,
            14,
            -20,
            1e4f,
            -1e4f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN
        };
        int steps = 20_011;
        float[] x = Arrays.copyOf(far, far.length + steps);
        for (int i = 0; i < steps; i++) {
            x[far.length + i] = -13 + 26f * i / steps;
        }
        List<float[]> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            Tensor a = backend.allocate(1, x.length);
            fill(backend, a, x);
            backend.gelu(a, 1);
            results.add(read(backend, a, 1));
        }
        for (int i = 0; i < x.length; i++) {
            float expected = results.get(0)[i];
            float actual = results.get(1)[i];
            if (Float.isFinite(expected)) {
                double room = (x[i] > 0 ? 2e-7 : 1.2e-6) * Math.abs(expected) + 2e-37;
                assertThat((double) actual).as("gelu(%s)", x[i]).isCloseTo(expected, within(room));
                assertThat(Math.copySign(1, actual)).isEqualTo(Math.copySign(1, expected));
            } else {
                assertThat(Float.compare(actual, expected)).as("gelu(%s)", x[i]).isZero();
            }
        }
    }

    /** x Φ(x), Φ as Python's math.erfc has it. */
    @Test
    void geluOfTheJudge() {
        float[] x = {-9.5f, -5f, -2.9f, -2.8f, -1f, -0.25f, 0.001f, 0.5f, 1.5f, 2.75f, 2.9f, 6f};
        double[] expected = {
            -9.969789321594591e-21,
            -1.4332578593959731e-06,
            -0.005410857102786295,
            -0.0071543658601869635,
            -0.15865525393145707,
            -0.10032341857926907,
            0.0005003989660005341,
            0.34573123063700656,
            1.399789198096713,
            2.7418056511035998,
            2.894589238264645,
            5.999999994080474,
        };
        Tensor a = scalar.allocate(1, x.length);
        fill(scalar, a, x);
        scalar.gelu(a, 1);
        float[] found = read(scalar, a, 1);
        for (int i = 0; i < x.length; i++) {
            assertThat((double) found[i])
                    .as("gelu(%s)", x[i])
                    .isCloseTo(expected[i], within(1e-7 * Math.abs(expected[i])));
        }
    }

    @Test
    void embed() {
        SplittableRandom random = new SplittableRandom(5);
        int[] tokens = {4, 0, 7, 7, 11};
        for (DType dtype : List.of(DType.BF16, DType.Q6_K)) {
            TensorSource table = SyntheticWeights.matrix(dtype, 12, 256, random);
            List<float[]> results = new ArrayList<>();
            for (Backend backend : List.of(scalar, vector)) {
                Tensor out = backend.allocate(8, 256);
                backend.embed(out, backend.place(table), tokens, tokens.length);
                results.add(read(backend, out, 8));
            }
            assertThat(results.get(1)).isEqualTo(results.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rotate(boolean adjacent) {
        SplittableRandom random = new SplittableRandom(6);
        int headSize = 22;
        int heads = 3;
        float[] frequencies = new float[9];
        for (int j = 0; j < frequencies.length; j++) {
            frequencies[j] = (float) Math.pow(5e5, -2.0 * j / headSize);
        }
        RopeTable table = new RopeTable(frequencies, adjacent);
        int[] positions = {0, 1, 8191, 10_485_759};
        float[] x = values(4 * heads * headSize, random);
        List<float[]> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            Tensor a = backend.allocate(4, heads * headSize);
            fill(backend, a, x);
            backend.rotate(a, headSize, positions, table, 4);
            // Once more with other positions, then others still: tables must follow.
            backend.rotate(a, headSize, new int[] {5, 6, 7, 8}, table, 4);
            backend.rotate(a, headSize, new int[] {5, 6}, table, 2);
            results.add(read(backend, a, 4));
        }
        for (int i = 0; i < x.length; i++) {
            assertThat(results.get(1)[i])
                    .as("element %d", i)
                    .isCloseTo(results.get(0)[i], within(2e-5f));
        }
    }

    @Test
    void route() {
        SplittableRandom random = new SplittableRandom(7);
        float[] logits = values(6 * 16, random);
        logits[3] = logits[9] = 50;
        List<Routing> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            Tensor scores = backend.allocate(6, 16);
            fill(backend, scores, logits);
            Routing routing = new Routing(6, 3);
            backend.route(routing, scores, 6);
            results.add(routing);
        }
        assertThat(results.get(1).expert).isEqualTo(results.get(0).expert);
        assertThat(results.get(1).score).isEqualTo(results.get(0).score);
        assertThat(results.get(1).expert).startsWith(3, 9);
    }

    @Test
    void experts() {
        SplittableRandom random = new SplittableRandom(8);
        checkExperts(DType.F32, false, 33, 20, 1, 9, random);
        checkExperts(DType.BF16, true, 36, 50, 2, 5, random);
        checkExperts(DType.Q4_0, false, 64, 96, 1, 1, random);
        checkExperts(DType.Q8_0, false, 64, 32, 3, bits > 256 ? 5 : 150, random);
    }

    private void checkExperts(
            DType dtype,
            boolean inputMajor,
            int hidden,
            int width,
            int perToken,
            int rows,
            SplittableRandom random) {
        int count = 4;
        List<TensorSource> gate = new ArrayList<>();
        List<TensorSource> up = new ArrayList<>();
        List<TensorSource> down = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            gate.add(weights(dtype, inputMajor, width, hidden, random));
            up.add(weights(dtype, inputMajor, width, hidden, random));
            down.add(weights(dtype, inputMajor, hidden, width, random));
        }
        float[] x = gaussian(rows * hidden, random);
        float[] start = gaussian(rows * hidden, random);
        float[] logits = gaussian(rows * count, random);
        List<float[]> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            Tensor in = backend.allocate(rows, hidden);
            Tensor out = backend.allocate(rows, hidden);
            Tensor scores = backend.allocate(rows, count);
            fill(backend, in, x);
            fill(backend, out, start);
            fill(backend, scores, logits);
            Routing routing = new Routing(rows, perToken);
            backend.route(routing, scores, rows);
            ExpertWeights weights =
                    new ExpertWeights(
                            gate.stream().map(backend::place).toList(),
                            up.stream().map(backend::place).toList(),
                            down.stream().map(backend::place).toList());
            backend.experts(out, in, weights, routing, rows);
            results.add(read(backend, out, rows));
        }
        // Three products one after the other; their terms are of the size of the largest result.
        double largest = 0;
        for (float value : results.getFirst()) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < x.length; i++) {
            assertThat((double) results.get(1)[i])
                    .as("%s, element %d", dtype, i)
                    .isCloseTo(results.get(0)[i], within(2e-6 * largest));
        }
    }

    private static TensorSource weights(
            DType dtype, boolean inputMajor, int rows, int columns, SplittableRandom random) {
        return inputMajor
                ? SyntheticWeights.columnMajor(dtype, rows, columns, 2 * rows, random)
                : SyntheticWeights.matrix(dtype, rows, columns, random);
    }

    static float[] gaussian(int count, SplittableRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static Stream<Arguments> attentions() {
        return Stream.of(
                // kvHeads, group, headSize, pageTokens, positions
                Arguments.of(1, 1, 1, 1, 5),
                Arguments.of(2, 5, 20, 4, 70),
                Arguments.of(1, 3, 64, 33, 140),
                Arguments.of(2, 1, 7, 16, 37),
                Arguments.of(1, 4, 16, 64, 2300));
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void attend(int kvHeads, int group, int headSize, int pageTokens, int positions) {
        SplittableRandom random = new SplittableRandom(positions);
        int rows = 4;
        int[] last = {positions - 1, positions - 2, positions / 2, 0};
        int[] first = {0, positions / 3, positions / 2, 0};
        int columns = kvHeads * headSize;
        PageFormat format = new PageFormat(2, kvHeads, headSize, pageTokens);
        float[] keys = gaussian(positions * columns, random);
        float[] values = gaussian(positions * columns, random);
        float[] queries = gaussian(rows * group * columns, random);
        List<float[]> results = new ArrayList<>();
        for (Backend backend : List.of(scalar, vector)) {
            CachedSequence sequence = new CachedSequence(backend, format, positions, 3);
            sequence.write(1, keys, values);
            AttentionSpans spans = new AttentionSpans(rows);
            for (int r = 0; r < rows; r++) {
                sequence.show(spans, r, first[r], last[r]);
            }
            Tensor in = backend.allocate(rows, group * columns);
            Tensor out = backend.allocate(rows, group * columns);
            fill(backend, in, queries);
            backend.attend(out, in, sequence.pages(), 1, spans, rows);
            results.add(read(backend, out, rows));
        }
        for (int i = 0; i < queries.length; i++) {
            assertThat((double) results.get(1)[i])
                    .as("element %d", i)
                    .isCloseTo(results.get(0)[i], within(2e-5));
        }
    }

    /** The pages before base are gone, as for a chunk of local attention. */
    @Test
    void attendFromABaseOnwards() {
        SplittableRandom random = new SplittableRandom(9);
        PageFormat format = new PageFormat(1, 2, 8, 16);
        List<float[]> results = new ArrayList<>();
        float[] keys = gaussian(50 * 16, random);
        float[] queries = gaussian(2 * 16, random);
        for (Backend backend : List.of(scalar, vector)) {
            CachedSequence sequence = new CachedSequence(backend, format, 50, 0);
            sequence.write(0, keys, keys);
            AttentionSpans spans = new AttentionSpans(2);
            sequence.show(spans, 0, 3, 20);
            sequence.show(spans, 1, 7, 49);
            for (int r = 0; r < 2; r++) {
                spans.base[r] += 4096;
                spans.first[r] += 4096;
                spans.last[r] += 4096;
            }
            Tensor in = backend.allocate(2, 16);
            Tensor out = backend.allocate(2, 16);
            fill(backend, in, queries);
            backend.attend(out, in, sequence.pages(), 0, spans, 2);
            results.add(read(backend, out, 2));
        }
        for (int i = 0; i < queries.length; i++) {
            assertThat(results.get(1)[i]).isCloseTo(results.get(0)[i], within(1e-5f));
        }
    }

    private static Offset<Double> within(double room) {
        return Offset.offset(room);
    }

    private static Offset<Float> within(float room) {
        return Offset.offset(room);
    }
}
