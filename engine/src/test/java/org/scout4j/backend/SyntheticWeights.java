package org.scout4j.backend;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.checkpoint.TensorSource.Scales;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;
import org.scout4j.tensor.TestQuantizer;
import org.scout4j.tensor.WeightDecoder;

/** Random weights in every stored format, for tests of the backends. */
public final class SyntheticWeights {
    private static final Set<DType> ENCODED =
            EnumSet.of(
                    DType.F32,
                    DType.F16,
                    DType.BF16,
                    DType.Q8_0,
                    DType.Q4_0,
                    DType.Q4_1,
                    DType.Q5_0,
                    DType.Q4_K,
                    DType.Q5_K,
                    DType.Q6_K);

    private static final float LARGEST = 64;

    private SyntheticWeights() {}

    /** Types that hold weights by themselves, without factors beside them. */
    public static Set<DType> types() {
        Set<DType> types = EnumSet.allOf(DType.class);
        types.removeAll(
                EnumSet.of(DType.I64, DType.I32, DType.I16, DType.I8, DType.U8, DType.BOOL));
        return types;
    }

    /** A row-major matrix. */
    public static TensorSource matrix(DType dtype, int rows, int columns, RandomGenerator random) {
        byte[] bytes =
                ENCODED.contains(dtype)
                        ? TestQuantizer.encode(dtype, values(rows * columns, random))
                        : blocks(dtype, rows * columns, random);
        return TensorSource.rowMajor(
                dtype.name(), dtype, Shape.of(rows, columns), MemorySegment.ofArray(bytes));
    }

    /**
     * The same numbers for columns as another matrix has for rows: element (r, c) at c · stride +
     * r.
     */
    public static TensorSource columnMajor(
            DType dtype, int rows, int columns, int stride, RandomGenerator random) {
        byte[] bytes = TestQuantizer.encode(dtype, values(stride * columns, random));
        return new TensorSource(
                dtype + " column-major",
                dtype,
                Shape.of(rows, columns),
                MemorySegment.ofArray(bytes),
                new Layout.ColumnMajor(stride),
                null);
    }

    /** A matrix with a factor for each row (FP8) or each row and group of columns (int4). */
    public static TensorSource scaled(
            DType dtype, int rows, int columns, int groupColumns, RandomGenerator random) {
        TensorSource stored = matrix(dtype, rows, columns, random);
        int groups = Math.ceilDiv(columns, groupColumns);
        float[] factors = values(rows * groups, random);
        TensorSource table =
                TensorSource.rowMajor(
                        "factors",
                        DType.BF16,
                        Shape.of(rows, groups),
                        MemorySegment.ofArray(TestQuantizer.encode(DType.BF16, factors)));
        return new TensorSource(
                dtype + " scaled",
                dtype,
                stored.shape(),
                stored.bytes(),
                stored.layout(),
                new Scales(table, 1, groupColumns, null, null));
    }

    /** A vector of F32. */
    public static TensorSource vector(int length, RandomGenerator random) {
        byte[] bytes = TestQuantizer.encode(DType.F32, values(length, random));
        return TensorSource.rowMajor(
                "vector", DType.F32, Shape.of(length), MemorySegment.ofArray(bytes));
    }

    /** Numbers like those of a network: around zero, a few of them large or tiny. */
    public static float[] values(int count, RandomGenerator random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float x = (float) random.nextGaussian();
            values[i] =
                    switch (random.nextInt(64)) {
                        case 0 -> 0;
                        case 1 -> x * 30;
                        case 2 -> x * 1e-6f;
                        default -> x;
                    };
        }
        return values;
    }

    /** Random bytes whose blocks decode to finite numbers of no great size. */
    private static byte[] blocks(DType dtype, int elements, RandomGenerator random) {
        byte[] bytes = new byte[Math.toIntExact(dtype.bytes(elements))];
        byte[] block = new byte[dtype.blockBytes()];
        float[] decoded = new float[dtype.blockElements()];
        for (int at = 0; at < bytes.length; at += block.length) {
            do {
                random.nextBytes(block);
                WeightDecoder.decode(
                        dtype, MemorySegment.ofArray(block), 0, decoded, 0, decoded.length);
            } while (!tame(decoded));
            System.arraycopy(block, 0, bytes, at, block.length);
        }
        return bytes;
    }

    private static boolean tame(float[] values) {
        for (float value : values) {
            if (!(Math.abs(value) <= LARGEST)) {
                return false;
            }
        }
        return true;
    }

    /** Writes activations. */
    public static void fill(Backend backend, Tensor tensor, float... values) {
        MemorySegment memory = MemorySegment.ofArray(values);
        backend.write(tensor, memory, values.length / tensor.columns());
    }

    /** Reads activations. */
    public static float[] read(Backend backend, Tensor tensor, int rows) {
        float[] values = new float[rows * tensor.columns()];
        backend.read(tensor, MemorySegment.ofArray(values), rows);
        return values;
    }

    /** The values of a matrix, row-major, through the decoder of the tensor room. */
    public static float[] decoded(TensorSource source) {
        HostWeights weights = HostWeights.of(source);
        float[] values = new float[weights.rows() * weights.columns()];
        for (int r = 0; r < weights.rows(); r++) {
            weights.decode(r, values, r * weights.columns());
        }
        return values;
    }

    /** The bits, for comparisons that leave no room. */
    public static int[] bits(float... values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
