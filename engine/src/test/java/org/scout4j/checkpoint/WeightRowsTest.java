package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scout4j.SafetensorsFixture;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.checkpoint.TensorSource.Scales;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.NarrowFloats;
import org.scout4j.tensor.Shape;
import org.scout4j.tensor.TestQuantizer;

/** Semantics: {@link TensorSource} and spec "Model" §5.4. */
class WeightRowsTest {
    private static final int ALL = 1 << 20;

    @Test
    void packedInt4EqualsTheGoldenValues() {
        SafetensorsFixture fixture = SafetensorsFixture.open("quant/CT_INT4.safetensors");
        int rows = 24;
        int columns = 384;
        TensorSource factors =
                plain(DType.BF16, Shape.of(rows, 3), fixture.bytes("weight_scale_bf16_bits"));
        TensorSource source =
                scaled(
                        DType.PACKED_INT4,
                        Shape.of(rows, columns),
                        fixture.bytes("weight_packed"),
                        new Scales(factors, 1, 128, null, null));
        WeightRows view = WeightRows.of(source);

        assertThat(view.rows()).isEqualTo(rows);
        assertThat(view.columns()).isEqualTo(columns);
        assertThat(all(view)).isEqualTo(fixture.floats("values"));
    }

    /** Published w4a16 weights against the golden's own arithmetic, group 32. */
    @Test
    void aQuantisedCheckpointDecodesToNibbleTimesScale() {
        SafetensorsFixture fixture =
                SafetensorsFixture.open("quantised/scout-tiny-w4a16/model.safetensors");
        String name = "model.layers.0.feed_forward.experts.1.gate_proj.";
        int[] words = fixture.ints(name + "weight_packed");
        float[] factors = fixture.floats(name + "weight_scale");
        int[] shape = fixture.ints(name + "weight_shape");
        int groups = factors.length / shape[0];
        TensorSource source =
                scaled(
                        DType.PACKED_INT4,
                        Shape.of(shape[0], shape[1]),
                        fixture.bytes(name + "weight_packed"),
                        new Scales(
                                plain(
                                        DType.BF16,
                                        Shape.of(shape[0], groups),
                                        fixture.bytes(name + "weight_scale")),
                                1,
                                shape[1] / groups,
                                null,
                                null));

        float[] expected = new float[shape[0] * shape[1]];
        for (int i = 0; i < expected.length; i++) {
            int nibble = words[i / 8] >>> (4 * (i % 8)) & 15;
            expected[i] = (nibble - 8) * factors[i / (shape[1] / groups)];
        }
        assertThat(all(WeightRows.of(source))).isEqualTo(expected);
    }

    // compressed-tensors packs zero points along rows: nibble r % 8 of word [r / 8, group] is that
    // of row r, with the same offset of 8 as the weights.
    @Test
    void zeroPointsAreSubtracted() {
        SplittableRandom random = new SplittableRandom(3);
        int rows = 11;
        int columns = 64;
        int group = 16;
        int groups = columns / group;
        int[][] stored = random(random, rows, columns);
        int[][] zeros = random(random, rows, groups);
        float[] factors = factors(random, rows * groups);
        int[] zeroWords = new int[2 * groups];
        for (int row = 0; row < rows; row++) {
            for (int g = 0; g < groups; g++) {
                zeroWords[row / 8 * groups + g] |= zeros[row][g] << (4 * (row % 8));
            }
        }
        TensorSource source =
                scaled(
                        DType.PACKED_INT4,
                        Shape.of(rows, columns),
                        ints(pack(stored)),
                        new Scales(
                                plain(DType.F32, Shape.of(rows, groups), f32(factors)),
                                1,
                                group,
                                plain(DType.I32, Shape.of(2, groups), ints(zeroWords)),
                                null));

        float[] expected = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int g = column / group;
                expected[row * columns + column] =
                        (stored[row][column] - zeros[row][g]) * factors[row * groups + g];
            }
        }
        assertThat(all(WeightRows.of(source))).isEqualTo(expected);
    }

    @Test
    void activationOrderChoosesTheGroupOfEachColumn() {
        SplittableRandom random = new SplittableRandom(4);
        int rows = 3;
        int columns = 24;
        int groups = 3;
        int[][] stored = random(random, rows, columns);
        float[] factors = factors(random, rows * groups);
        int[] groupOfColumn = random.ints(columns, 0, groups).toArray();
        TensorSource source =
                scaled(
                        DType.PACKED_INT4,
                        Shape.of(rows, columns),
                        ints(pack(stored)),
                        new Scales(
                                plain(DType.F32, Shape.of(rows, groups), f32(factors)),
                                1,
                                8,
                                null,
                                groupOfColumn));

        float[] expected = new float[rows * columns];
        for (int i = 0; i < expected.length; i++) {
            int row = i / columns;
            int column = i % columns;
            expected[i] = (stored[row][column] - 8) * factors[row * groups + groupOfColumn[column]];
        }
        assertThat(all(WeightRows.of(source))).isEqualTo(expected);
    }

    @Test
    void fp8WithOneFactorARow() {
        byte[] weights = {0x38, 0x40, (byte) 0xB8, 0x00, 0x7E, 0x01}; // 1, 2, -1, 0, 448, 2^-9
        TensorSource factors =
                plain(DType.BF16, Shape.of(2, 1), TestQuantizer.encode(DType.BF16, 0.5f, 3f));
        TensorSource source =
                scaled(
                        DType.F8_E4M3,
                        Shape.of(2, 3),
                        weights,
                        new Scales(factors, 1, ALL, null, null));

        assertThat(all(WeightRows.of(source)))
                .containsExactly(0.5f, 1f, -0.5f, 0f, 1344f, 3 * 0x1p-9f);
    }

    @Test
    void int8WithOneFactorForAll() {
        byte[] weights = {1, -1, 127, -128, 0, 5};
        TensorSource factors = plain(DType.F32, Shape.of(1), f32(0.25f));
        TensorSource source =
                scaled(
                        DType.I8,
                        Shape.of(3, 2),
                        weights,
                        new Scales(factors, ALL, ALL, null, null));

        assertThat(all(WeightRows.of(source)))
                .containsExactly(0.25f, -0.25f, 31.75f, -32f, 0f, 1.25f);
    }

    /** Blocks of 2 rows by 4 columns over 3 by 6: those at the edge are cut. */
    @Test
    void fp8WithOneFactorABlock() {
        byte[] weights = new byte[18];
        Arrays.fill(weights, (byte) 0x38); // 1
        TensorSource factors = plain(DType.F32, Shape.of(2, 2), f32(1, 2, 3, 4));
        TensorSource source =
                scaled(
                        DType.F8_E4M3,
                        Shape.of(3, 6),
                        weights,
                        new Scales(factors, 2, 4, null, null));

        assertThat(all(WeightRows.of(source)))
                .containsExactly(1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void columnMajorRowsAreGathered(DType dtype) {
        int rows = 3;
        int columns = 5;
        int stride = 7; // as the gate half of a fused gate_up matrix
        float[] stored = new float[(columns - 1) * stride + rows];
        float[] expected = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float value = 10 * row + column + 0.5f;
                stored[column * stride + row] = value;
                expected[row * columns + column] = value;
            }
        }
        TensorSource source =
                new TensorSource(
                        "w",
                        dtype,
                        Shape.of(rows, columns),
                        MemorySegment.ofArray(TestQuantizer.encode(dtype, stored)),
                        new Layout.ColumnMajor(stride),
                        null);

        assertThat(all(WeightRows.of(source))).isEqualTo(expected);
    }

    @Test
    void aVectorIsOneRow() {
        WeightRows view = WeightRows.of(plain(DType.F32, Shape.of(3), f32(1, 2, 3)));

        assertThat(view.rows()).isEqualTo(1);
        assertThat(all(view)).containsExactly(1, 2, 3);
    }

    @Test
    void writesWhereToldAndNowhereElse() {
        WeightRows view = WeightRows.of(plain(DType.F32, Shape.of(2, 2), f32(1, 2, 3, 4)));
        float[] out = new float[5];

        view.decode(1, out, 2);

        assertThat(out).containsExactly(0, 0, 3, 4, 0);
        assertThatThrownBy(() -> view.decode(2, out, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.decode(-1, out, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.decode(0, out, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Every row of a block format, through the row view and by its definition. */
    @Test
    void blockFormatsBeginARowEveryWholeNumberOfBlocks() {
        SafetensorsFixture fixture = SafetensorsFixture.open("quant/Q4_K.safetensors");
        int rows = 37;
        int columns = 512;
        WeightRows view =
                WeightRows.of(plain(DType.Q4_K, Shape.of(rows, columns), fixture.bytes("raw")));

        assertThat(all(view)).isEqualTo(fixture.floats("values"));
    }

    @Test
    void refusesWhatContradictsItself() {
        Shape shape = Shape.of(2, 16);
        byte[] words = new byte[16];
        TensorSource factors = plain(DType.F32, Shape.of(2, 2), f32(1, 2, 3, 4));
        TensorSource zeros = plain(DType.I32, Shape.of(1, 2), new byte[8]);
        Scales good = new Scales(factors, 1, 8, zeros, null);

        assertThat(all(WeightRows.of(scaled(DType.PACKED_INT4, shape, words, good))))
                .hasSize(32)
                .containsOnly(0f);

        refused(plain(DType.F32, Shape.of(2, 2), new byte[15]), "15 bytes, needs 16");
        refused(plain(DType.I32, shape, new byte[128]), "I32 holds no weights");
        refused(plain(DType.I8, shape, new byte[32]), "I8 holds no weights");
        refused(plain(DType.Q4_0, shape, new byte[36]), "blocks of 32");
        refused(columnMajor(DType.Q4_0, Shape.of(2, 32), new byte[36], 2), "column-major");
        refused(columnMajor(DType.F32, Shape.of(2, 2), new byte[16], 1), "apart");
        refused(columnMajor(DType.F32, Shape.of(2, 2), new byte[16], 3), "needs 20");
        refused(
                new TensorSource(
                        "w",
                        DType.F8_E4M3,
                        shape,
                        MemorySegment.ofArray(new byte[32]),
                        new Layout.ColumnMajor(2),
                        new Scales(factors, 1, 8, null, null)),
                "row-major");
        refusedScales(new Scales(factors, 0, 8, null, null), "at least one");
        refusedScales(new Scales(factors, 1, 4, null, null), "8 elements");
        refusedScales(new Scales(factors, 2, 8, null, null), "2 elements");
        refusedScales(new Scales(zeros, 2, 8, null, null), "scales of type I32");
        refusedScales(new Scales(factors, 1, 8, factors, null), "packed nibbles");
        refusedScales(
                new Scales(factors, 1, 8, plain(DType.I32, Shape.of(2, 2), new byte[16]), null),
                "2 elements");
        refusedScales(new Scales(factors, 1, 8, null, new int[15]), "15 groups for 16 columns");
        int[] beyond = new int[16];
        beyond[7] = 2;
        refusedScales(new Scales(factors, 1, 8, null, beyond), "beyond 2");
        refusedScales(
                new Scales(
                        columnMajor(DType.F32, Shape.of(2, 2), new byte[16], 2), 1, 8, null, null),
                "not plain");
        refused(
                scaled(DType.F8_E4M3, shape, new byte[32], new Scales(factors, 1, 8, zeros, null)),
                "packed nibbles");
    }

    private static void refusedScales(Scales scales, String why) {
        refused(scaled(DType.PACKED_INT4, Shape.of(2, 16), new byte[16], scales), why);
    }

    private static void refused(TensorSource source, String why) {
        assertThatThrownBy(() -> WeightRows.of(source))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static float[] all(WeightRows view) {
        int columns = view.columns();
        float[] values = new float[(int) view.rows() * columns];
        for (int row = 0; row < view.rows(); row++) {
            view.decode(row, values, row * columns);
        }
        return values;
    }

    private static TensorSource plain(DType dtype, Shape shape, byte[] bytes) {
        return TensorSource.rowMajor("w", dtype, shape, MemorySegment.ofArray(bytes));
    }

    private static TensorSource scaled(
            DType dtype, Shape shape, byte[] bytes, @Nullable Scales scales) {
        return new TensorSource(
                "w", dtype, shape, MemorySegment.ofArray(bytes), Layout.ROW_MAJOR, scales);
    }

    private static TensorSource columnMajor(DType dtype, Shape shape, byte[] bytes, long stride) {
        return new TensorSource(
                "w",
                dtype,
                shape,
                MemorySegment.ofArray(bytes),
                new Layout.ColumnMajor(stride),
                null);
    }

    private static int[][] random(SplittableRandom random, int rows, int columns) {
        int[][] nibbles = new int[rows][];
        for (int row = 0; row < rows; row++) {
            nibbles[row] = random.ints(columns, 0, 16).toArray();
        }
        return nibbles;
    }

    /** Factors that bfloat16 can hold, so that products are as in a real file. */
    private static float[] factors(SplittableRandom random, int count) {
        float[] factors = new float[count];
        for (int i = 0; i < count; i++) {
            float factor = (float) random.nextDouble(0.001, 0.1);
            factors[i] = NarrowFloats.fromBfloat16(NarrowFloats.toBfloat16(factor));
        }
        return factors;
    }

    /** Eight nibbles a word, lowest bits first. */
    private static int[] pack(int[][] nibbles) {
        int columns = nibbles[0].length;
        int[] words = new int[nibbles.length * columns / 8];
        for (int i = 0; i < nibbles.length * columns; i++) {
            words[i / 8] |= nibbles[i / columns][i % columns] << (4 * (i % 8));
        }
        return words;
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }

    private static byte[] f32(float... values) {
        return TestQuantizer.encode(DType.F32, values);
    }
}
