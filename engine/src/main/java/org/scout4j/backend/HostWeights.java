package org.scout4j.backend;

import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.WeightRows;

/** Weights of the CPU backends: the checkpoint's bytes where they are mapped. */
public final class HostWeights implements Tensor {
    private final TensorSource source;
    private final WeightRows decoder;
    private final int rows;
    private float @Nullable [] vector;

    private HostWeights(TensorSource source) {
        this.source = source;
        this.decoder = WeightRows.of(source);
        this.rows = Math.toIntExact(decoder.rows());
    }

    /**
     * @throws IllegalArgumentException if the source is neither matrix nor vector, or its parts
     *     contradict each other
     */
    public static HostWeights of(TensorSource source) {
        if (source.shape().rank() < 1 || source.shape().rank() > 2) {
            throw new IllegalArgumentException(
                    source.name() + " " + source.shape() + " is neither matrix nor vector");
        }
        return new HostWeights(source);
    }

    /**
     * The weights behind an operation's argument.
     *
     * @throws IllegalArgumentException if another backend placed it, or it holds activations
     */
    public static HostWeights of(Tensor tensor) {
        if (tensor instanceof HostWeights host) {
            return host;
        }
        throw new IllegalArgumentException("not weights of a CPU backend: " + tensor);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return decoder.columns();
    }

    /** As they lie in the file. */
    public TensorSource source() {
        return source;
    }

    /** Decodes a row; threads may do so at once. */
    public void decode(int row, float[] out, int outOffset) {
        decoder.decode(row, out, outOffset);
    }

    /**
     * A gain or bias, decoded once. Only the thread that calls the backend may ask.
     *
     * @param length how many numbers it should have
     */
    public float[] vector(int length) {
        if (rows != 1 || columns() != length) {
            throw new IllegalArgumentException(this + " should be a vector of " + length);
        }
        if (vector == null) {
            vector = new float[length];
            decode(0, vector, 0);
        }
        return vector;
    }

    @Override
    public String toString() {
        return source.name() + " " + source.dtype() + " " + source.shape();
    }
}
