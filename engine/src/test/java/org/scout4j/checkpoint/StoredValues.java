package org.scout4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.checkpoint.TensorSource.Scales;

/** The value of one element as {@link TensorSource} defines it: slow, plain types and factors. */
public final class StoredValues {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private StoredValues() {}

    /** Element (row, column) of a matrix; (0, column) of a vector. */
    public static float value(TensorSource tensor, long row, long column) {
        long index =
                switch (tensor.layout()) {
                    case Layout.RowMajor() -> row * tensor.shape().columns() + column;
                    case Layout.ColumnMajor(long stride) -> column * stride + row;
                };
        float stored = stored(tensor, index);
        Scales scales = tensor.scales();
        if (scales == null) {
            return stored;
        }
        int[] order = scales.groupOfColumn();
        long rowGroup = row / scales.rowsPerGroup();
        long columnGroup = order == null ? column / scales.columnsPerGroup() : order[(int) column];
        long zero = 0;
        TensorSource zeroPoints = scales.zeroPoints();
        if (zeroPoints != null) {
            long word = (rowGroup / 8) * zeroPoints.shape().columns() + columnGroup;
            zero = nibble(zeroPoints.bytes(), word, (int) (rowGroup % 8));
        }
        return (stored - zero) * value(scales.factors(), rowGroup, columnGroup);
    }

    private static float stored(TensorSource tensor, long index) {
        MemorySegment bytes = tensor.bytes();
        return switch (tensor.dtype()) {
            case F32 -> Float.intBitsToFloat(bytes.getAtIndex(INT, index));
            case F16 -> Float.float16ToFloat(bytes.getAtIndex(SHORT, index));
            case BF16 -> Float.intBitsToFloat(bytes.getAtIndex(SHORT, index) << 16);
            case I8 -> bytes.get(ValueLayout.JAVA_BYTE, index);
            case F8_E4M3 -> e4m3(bytes.get(ValueLayout.JAVA_BYTE, index));
            case PACKED_INT4 -> nibble(bytes, index / 8, (int) (index % 8));
            default -> throw new IllegalArgumentException(tensor.dtype().toString());
        };
    }

    private static int nibble(MemorySegment bytes, long word, int place) {
        return (bytes.getAtIndex(INT, word) >>> (4 * place) & 15) - 8;
    }

    // Spec "Model" §5.4
    private static float e4m3(byte bits) {
        int exponent = bits >> 3 & 15;
        int mantissa = bits & 7;
        double magnitude =
                exponent == 0
                        ? mantissa * Math.pow(2, -9)
                        : (1 + mantissa / 8.0) * Math.pow(2, exponent - 7);
        return (float) (bits < 0 ? -magnitude : magnitude);
    }
}
