package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.HostWeights;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.tensor.DType;

/** A matrix or vector of weights and the kernels that read it; null where there is none. */
final class PlacedWeights implements Tensor {
    private final HostWeights host;

    /** Row-major weights by vectors; else rows are decoded one element at a time. */
    final @Nullable RowFormat format;

    /** A single activation row without a panel. */
    final @Nullable RowProduct product;

    /** Column-major weights of a plain type. */
    final @Nullable RunFormat run;

    /** Bytes from one row to the next (row-major), or from one column to the next. */
    final long stride;

    PlacedWeights(TensorSource source, Kernels kernels) {
        host = HostWeights.of(source);
        DType dtype = source.dtype();
        RowFormat known = source.scales() == null ? kernels.formats().get(dtype) : null;
        switch (source.layout()) {
            case Layout.RowMajor() -> {
                format = known;
                boolean wholeGroups = host.columns() % Panels.GROUP == 0;
                product = wholeGroups && known instanceof RowProduct p ? p : null;
                run = null;
                stride = dtype.bytes(host.columns());
            }
            case Layout.ColumnMajor(long elements) -> {
                format = null;
                product = null;
                run = known instanceof RunFormat r ? r : null;
                stride = elements * dtype.blockBytes();
            }
        }
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
