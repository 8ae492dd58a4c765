package org.scout4j.checkpoint;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/**
 * One vector or matrix of weights as it lies in a mapped file; nothing is copied.
 *
 * @param name its name in the checkpoint, for messages
 * @param dtype how its elements are stored
 * @param shape logical shape: {@code [n]} or {@code [rows, columns]} with {@code y = W x}
 * @param bytes the mapped bytes, beginning with element (0, 0); read-only, and aligned to nothing
 *     (safetensors headers have any length)
 * @param layout how rows and columns follow each other in {@code bytes}
 * @param scales factors kept beside the weights (FP8, int4), or null
 */
public record TensorSource(
        String name,
        DType dtype,
        Shape shape,
        MemorySegment bytes,
        Layout layout,
        @Nullable Scales scales) {

    /** A plain row-major tensor without separate scales. */
    public static TensorSource rowMajor(
            String name, DType dtype, Shape shape, MemorySegment bytes) {
        return new TensorSource(name, dtype, shape, bytes, Layout.ROW_MAJOR, null);
    }

    /** How the elements of a matrix follow each other. */
    public sealed interface Layout {
        Layout ROW_MAJOR = new RowMajor();

        /** Row r begins at {@code r * dtype.bytes(columns)}. The only layout of block formats. */
        record RowMajor() implements Layout {}

        /**
         * Element (r, c) is number {@code c * stride + r}: Hugging Face keeps the experts of Llama
         * 4 input-major. The type is a plain one (blocks of one element).
         *
         * @param stride elements from one column to the next; at least the number of rows
         */
        record ColumnMajor(long stride) implements Layout {}
    }

    /**
     * Scale factors of a matrix, whatever its layout: {@code value(r, c) = (stored(r, c) − zero) *
     * scale}, where scale and zero are those of row group {@code r / rowsPerGroup} and column group
     * {@code c / columnsPerGroup} (or {@code groupOfColumn[c]} when given).
     *
     * @param factors F32, F16 or BF16, {@code [row groups, column groups]}, row-major
     * @param rowsPerGroup rows that share a factor: 1, a block's height, or all rows
     * @param columnsPerGroup columns that share a factor: a group's width, or all columns
     * @param zeroPoints PACKED_INT4 words along rows as compressed-tensors stores them, {@code [row
     *     groups / 8 rounded up, column groups]} of I32; null when symmetric
     * @param groupOfColumn activation order: the group of each column; null when consecutive
     */
    public record Scales(
            TensorSource factors,
            long rowsPerGroup,
            long columnsPerGroup,
            @Nullable TensorSource zeroPoints,
            int @Nullable [] groupOfColumn) {}
}
