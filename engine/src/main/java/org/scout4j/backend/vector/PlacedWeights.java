package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.HostWeights;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.checkpoint.TensorSource.Scales;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.WeightDecoder;

/** A matrix or vector of weights and the kernels that read it; null where there is none. */
final class PlacedWeights implements Tensor {
    private final HostWeights host;

    /** Row-major weights by vectors; else rows are decoded one element at a time. */
    final @Nullable RowFormat format;

    /** Column-major weights of a plain type. */
    final @Nullable RunFormat run;

    /** Factors beside the weights, or null. If there is a format too, they are simple. */
    final @Nullable Scales scales;

    /** Bytes from one row to the next (row-major), or from one column to the next. */
    final long stride;

    PlacedWeights(TensorSource source, Kernels kernels) {
        host = HostWeights.of(source);
        DType dtype = source.dtype();
        RowFormat known = kernels.formats().get(dtype);
        scales = source.scales();
        switch (source.layout()) {
            case Layout.RowMajor() -> {
                format = scales == null || simple(scales, host.columns()) ? known : null;
                run = null;
                stride = dtype.bytes(host.columns());
            }
            case Layout.ColumnMajor(long elements) -> {
                format = null;
                run = known instanceof RunFormat r ? r : null;
                stride = elements * dtype.blockBytes();
            }
        }
    }

    /** Whether whole groups of columns share a factor and zero stands for zero. */
    private static boolean simple(Scales scales, int columns) {
        return scales.zeroPoints() == null
                && scales.groupOfColumn() == null
                && (scales.columnsPerGroup() >= columns
                        || scales.columnsPerGroup() % Panels.GROUP == 0);
    }

    /** The factor of an element of weights with these scales. */
    float factor(Scales own, int row, int column) {
        TensorSource table = own.factors();
        long columnGroups = Math.ceilDiv(columns(), own.columnsPerGroup());
        long index = row / own.rowsPerGroup() * columnGroups + column / own.columnsPerGroup();
        return WeightDecoder.element(
                table.dtype(), table.bytes(), index * table.dtype().blockBytes());
    }

    /**
     * The weights behind an operation's argument.
     *
     * @throws IllegalArgumentException if another backend placed it, or it holds activations
     */
    static PlacedWeights of(Tensor tensor) {
        if (tensor instanceof PlacedWeights placed) {
            return placed;
        }
        throw new IllegalArgumentException("not weights of this backend: " + tensor);
    }

    @Override
    public int rows() {
        return host.rows();
    }

    @Override
    public int columns() {
        return host.columns();
    }

    /** Whether {@link RowFormat#multiply} can take the rows. */
    boolean direct() {
        return format != null && scales == null && host.columns() % Panels.GROUP == 0;
    }

    MemorySegment bytes() {
        return host.source().bytes();
    }

    /** Byte at which a row-major row's column begins; the column begins a block. */
    long rowOffset(int row, int column) {
        return row * stride + host.source().dtype().bytes(column);
    }

    /** Byte at which an element of column-major weights lies. */
    long columnOffset(int row, int column) {
        return column * stride + (long) row * host.source().dtype().blockBytes();
    }

    /** Decodes a row, whatever the format; threads may do so at once. */
    void decode(int row, float[] out, int outOffset) {
        host.decode(row, out, outOffset);
    }

    /** A gain or bias. Only the thread that calls the backend may ask. */
    float[] vector(int length) {
        return host.vector(length);
    }

    @Override
    public String toString() {
        return host.toString();
    }
}
