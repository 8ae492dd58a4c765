package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.scout4j.backend.HostTensor;

/**
 * Cosines and sines of the rotary angles of a step, computed once for all its layers and heads:
 * they depend on the rows' positions alone. Those of an encoded image stay the same for ever.
 */
final class RopeAngles {
    private float[] frequencies = {};
    private int[] positions = {};
    private int rows;

    /** {@code [rows, frequencies]} each. */
    private float[] cosines = {};

    private float[] sines = {};

    /** Whether the last angles were those of these frequencies. */
    boolean of(float[] newFrequencies) {
        return Arrays.equals(frequencies, newFrequencies);
    }

    /** Makes sure that the angles of these positions are there. */
    void prepare(float[] newFrequencies, int[] newPositions, int newRows) {
        if (rows == newRows
                && Arrays.equals(frequencies, newFrequencies)
                && Arrays.equals(positions, 0, rows, newPositions, 0, newRows)) {
            return;
        }
        frequencies = newFrequencies.clone();
        positions = Arrays.copyOf(newPositions, newRows);
        rows = newRows;
        int pairs = frequencies.length;
        cosines = Scratch.grown(cosines, Math.multiplyExact(newRows, pairs));
        sines = Scratch.grown(sines, newRows * pairs);
        for (int r = 0; r < newRows; r++) {
            for (int j = 0; j < pairs; j++) {
                // Float32 products lose the angle at large positions (spec "Model" §2.3).
                // StrictMath: the same bits on every machine.
                double angle = (double) positions[r] * frequencies[j];
                cosines[r * pairs + j] = (float) StrictMath.cos(angle);
                sines[r * pairs + j] = (float) StrictMath.sin(angle);
            }
        }
    }

    /** Rotates the heads of one of the prepared rows. */
    void rotate(HostTensor heads, int row, int headSize, boolean adjacent) {
        MemorySegment values = heads.values();
        int pairs = frequencies.length;
        long first = adjacent ? 2 * Float.BYTES : Float.BYTES;
        long second = adjacent ? Float.BYTES : (long) Float.BYTES * pairs;
        for (int head = 0; head < heads.columns(); head += headSize) {
            long start = heads.offset(row) + (long) Float.BYTES * head;
            for (int j = 0; j < pairs; j++) {
                float cosine = cosines[row * pairs + j];
                float sine = sines[row * pairs + j];
                long at = start + j * first;
                float a = values.get(ValueLayout.JAVA_FLOAT, at);
                float b = values.get(ValueLayout.JAVA_FLOAT, at + second);
                values.set(ValueLayout.JAVA_FLOAT, at, a * cosine - b * sine);
                values.set(ValueLayout.JAVA_FLOAT, at + second, a * sine + b * cosine);
            }
        }
    }
}
