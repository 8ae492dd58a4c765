package org.scout4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.checkpoint.TensorSource.Scales;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.WeightDecoder;

/**
 * The rows of a {@link TensorSource} as float32, whatever its type, layout and scales: the one
 * definition of what a stored weight is worth (spec "Model" §5.4 and §6). A vector is one row.
 *
 * <p>Immutable; threads may decode at once. Valid as long as the source's bytes are mapped.
 */
public final class WeightRows {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TensorSource source;
    private final long rows;
    private final int columns;

    /** Columns of {@link Scales#factors}; 0 without scales. */
    private final long columnGroups;

    private WeightRows(TensorSource source) {
        this.source = source;
        this.rows = source.shape().rows();
        this.columns = Math.toIntExact(source.shape().columns());
        checkBytes();
        this.columnGroups = source.scales() == null ? 0 : checkedColumnGroups(source.scales());
    }

    /**
     * A view of this tensor's rows.
     *
     * @throws IllegalArgumentException if type, layout, scales and bytes contradict each other
     * @throws ArithmeticException if a row has more elements than an array can hold
     */
    public static WeightRows of(TensorSource source) {
        return new WeightRows(source);
    }

    public long rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /**
     * Writes all columns of a row.
     *
     * @param out receives {@link #columns()} values from {@code outOffset} on
     * @throws IndexOutOfBoundsException if there is no such row or the values do not fit
     */
    public void decode(long row, float[] out, int outOffset) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(outOffset, columns, out.length);
        switch (source.layout()) {
            case Layout.RowMajor() -> decodeStored(row, out, outOffset);
            case Layout.ColumnMajor(long stride) -> gather(row, stride, out, outOffset);
        }
        if (source.scales() != null) {
            scale(source.scales(), row, out, outOffset);
        }
    }

    private void decodeStored(long row, float[] out, int outOffset) {
        DType dtype = source.dtype();
        MemorySegment bytes = source.bytes();
        long start = row * dtype.bytes(columns);
        if (dtype == DType.I8) {
            for (int i = 0; i < columns; i++) {
                out[outOffset + i] = bytes.get(ValueLayout.JAVA_BYTE, start + i);
            }
        } else {
            WeightDecoder.decode(dtype, bytes, start, out, outOffset, columns);
        }
    }

    private void gather(long row, long stride, float[] out, int outOffset) {
        for (int column = 0; column < columns; column++) {
            out[outOffset + column] = element(source, column * stride + row);
        }
    }

    /** Turns stored numbers into {@code (stored − zero) * factor}. */
    private void scale(Scales scales, long row, float[] out, int outOffset) {
        long rowGroup = row / scales.rowsPerGroup();
        int[] groupOfColumn = scales.groupOfColumn();
        if (groupOfColumn != null) {
            for (int column = 0; column < columns; column++) {
                scale(scales, rowGroup, groupOfColumn[column], out, outOffset + column, 1);
            }
            return;
        }
        int width = (int) Math.min(scales.columnsPerGroup(), columns);
        for (int column = 0; column < columns; column += width) {
            int count = Math.min(width, columns - column);
            scale(scales, rowGroup, column / width, out, outOffset + column, count);
        }
    }

    private void scale(
            Scales scales, long rowGroup, int columnGroup, float[] out, int start, int count) {
        float factor = element(scales.factors(), rowGroup * columnGroups + columnGroup);
        float zero = zeroPoint(scales.zeroPoints(), rowGroup, columnGroup);
        for (int i = start; i < start + count; i++) {
            out[i] = (out[i] - zero) * factor;
        }
    }

    private float zeroPoint(@Nullable TensorSource zeroPoints, long rowGroup, int columnGroup) {
        if (zeroPoints == null) {
            return 0;
        }
        long index = rowGroup / 8 * columnGroups + columnGroup;
        int word = zeroPoints.bytes().get(INT, index * Integer.BYTES);
        int shift = 4 * (int) (rowGroup % 8);
        return (word >>> shift & 15) - 8;
    }

    private static float element(TensorSource plain, long index) {
        return WeightDecoder.element(
                plain.dtype(), plain.bytes(), index * plain.dtype().blockBytes());
    }

    private void checkBytes() {
        DType dtype = source.dtype();
        boolean weights =
                switch (dtype) {
                    case I64, I32, I16, U8, BOOL -> false;
                    case I8 -> source.scales() != null;
                    default -> true;
                };
        require(weights, dtype + " holds no weights");
        long needed =
                switch (source.layout()) {
                    case Layout.RowMajor() -> Math.multiplyExact(rows, dtype.bytes(columns));
                    case Layout.ColumnMajor(long stride) -> columnMajorBytes(stride);
                };
        requireBytes(source, needed);
    }

    private long columnMajorBytes(long stride) {
        DType dtype = source.dtype();
        require(dtype.blockElements() == 1, dtype + " cannot be column-major");
        require(source.scales() == null, "scales need a row-major matrix");
        require(stride >= rows, "columns of " + rows + " rows cannot be " + stride + " apart");
        if (columns == 0) {
            return 0;
        }
        long elements = Math.addExact(Math.multiplyExact(columns - 1L, stride), rows);
        return Math.multiplyExact(elements, dtype.blockBytes());
    }

    private long checkedColumnGroups(Scales scales) {
        require(
                scales.rowsPerGroup() > 0 && scales.columnsPerGroup() > 0,
                "groups of scales have at least one row and column");
        long rowGroups = Math.ceilDiv(rows, scales.rowsPerGroup());
        int[] groupOfColumn = scales.groupOfColumn();
        long groups =
                groupOfColumn == null
                        ? Math.ceilDiv(columns, scales.columnsPerGroup())
                        : scales.factors().shape().columns();
        requireTable(scales.factors(), Math.multiplyExact(rowGroups, groups));
        require(
                switch (scales.factors().dtype()) {
                    case F32, F16, BF16 -> true;
                    default -> false;
                },
                "scales of type " + scales.factors().dtype());
        if (groupOfColumn != null) {
            require(
                    groupOfColumn.length == columns,
                    groupOfColumn.length + " groups for " + columns + " columns");
            require(
                    Arrays.stream(groupOfColumn).allMatch(group -> group >= 0 && group < groups),
                    "columns in groups beyond " + groups);
        }
        TensorSource zeroPoints = scales.zeroPoints();
        if (zeroPoints != null) {
            require(
                    source.dtype() == DType.PACKED_INT4 && zeroPoints.dtype() == DType.I32,
                    "zero points need packed nibbles");
            requireTable(zeroPoints, Math.multiplyExact(Math.ceilDiv(rowGroups, 8), groups));
        }
        return groups;
    }

    private void requireTable(TensorSource table, long elements) {
        require(
                table.layout() instanceof Layout.RowMajor && table.scales() == null,
                table.name() + " is not plain");
        require(
                table.shape().elements() == elements,
                table.name() + " is " + table.shape() + ", not of " + elements + " elements");
        requireBytes(table, table.dtype().bytes(elements));
    }

    private void requireBytes(TensorSource tensor, long needed) {
        require(
                tensor.bytes().byteSize() >= needed,
                tensor.name() + " has " + tensor.bytes().byteSize() + " bytes, needs " + needed);
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(
                    source.name() + " " + source.shape() + ": " + otherwise);
        }
    }
}
