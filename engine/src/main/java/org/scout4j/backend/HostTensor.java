package org.scout4j.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Activations of the CPU backends: float32 in native order outside the Java heap, row after row
 * without gaps, the first at a multiple of 64 bytes.
 */
public final class HostTensor implements Tensor {
    private static final int ALIGNMENT = 64;

    private final MemorySegment values;
    private final int rows;
    private final int columns;

    private HostTensor(MemorySegment values, int rows, int columns) {
        this.values = values;
        this.rows = rows;
        this.columns = columns;
    }

    /** All zero; lives as long as the arena. */
    public static HostTensor allocate(Arena arena, int rows, int columns) {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("a tensor of " + rows + " by " + columns);
        }
        long bytes = Math.multiplyExact((long) Float.BYTES * rows, columns);
        return new HostTensor(arena.allocate(bytes, ALIGNMENT), rows, columns);
    }

    /**
     * The activations behind an operation's argument.
     *
     * @throws IllegalArgumentException if another backend made it, or it holds weights
     */
    public static HostTensor of(Tensor tensor) {
        if (tensor instanceof HostTensor host) {
            return host;
        }
        throw new IllegalArgumentException("not activations of a CPU backend: " + tensor);
    }

    /** The same, and sure to have these rows. */
    public static HostTensor of(Tensor tensor, int rows) {
        HostTensor host = of(tensor);
        if (rows < 0 || rows > host.rows) {
            throw new IllegalArgumentException(rows + " rows of " + tensor);
        }
        return host;
    }

    /** The same, and sure to have these rows and exactly these columns. */
    public static HostTensor of(Tensor tensor, int rows, int columns) {
        HostTensor host = of(tensor, rows);
        if (host.columns != columns) {
            throw new IllegalArgumentException(tensor + " should have " + columns + " columns");
        }
        return host;
    }

    /** The same memory with another row length. */
    public HostTensor view(int newRows, int newColumns) {
        if ((long) newRows * newColumns != (long) rows * columns) {
            throw new IllegalArgumentException(this + " seen as " + newRows + " by " + newColumns);
        }
        return new HostTensor(values, newRows, newColumns);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** The memory. */
    public MemorySegment values() {
        return values;
    }

    /** Byte at which a row begins. */
    public long offset(int row) {
        return (long) Float.BYTES * row * columns;
    }

    public float get(int row, int column) {
        return values.get(ValueLayout.JAVA_FLOAT, offset(row) + 4L * column);
    }

    public void set(int row, int column, float value) {
        values.set(ValueLayout.JAVA_FLOAT, offset(row) + 4L * column, value);
    }

    @Override
    public String toString() {
        return "activations [" + rows + ", " + columns + "]";
    }
}
