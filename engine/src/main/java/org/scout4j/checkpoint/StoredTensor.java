package org.scout4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/**
 * One tensor as a file stores it, its extent proved to lie inside the file.
 *
 * @param file the file it lies in, for messages
 * @param shape slowest dimension first, whatever order the file uses
 * @param bytes exactly its bytes, row-major, read-only
 */
public record StoredTensor(Path file, String name, DType dtype, Shape shape, MemorySegment bytes) {

    public TensorSummary summary() {
        return new TensorSummary(name, dtype, shape, bytes.byteSize());
    }

    /** The number that follows {@code prefix} in the name: {@code model.layers.17.…} is 17. */
    public OptionalInt layer(String prefix) {
        if (!name.startsWith(prefix)) {
            return OptionalInt.empty();
        }
        int end = name.indexOf('.', prefix.length());
        if (end <= prefix.length() || end - prefix.length() > 9) {
            return OptionalInt.empty();
        }
        int layer = 0;
        for (int i = prefix.length(); i < end; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalInt.empty();
            }
            layer = 10 * layer + digit;
        }
        return OptionalInt.of(layer);
    }

    /** The whole tensor under the shape {@code as}, which has as many elements and as long rows. */
    public TensorSource whole(Shape as) {
        return TensorSource.rowMajor(name, dtype, as, bytes);
    }

    /**
     * Consecutive rows, counted over all dimensions but the last.
     *
     * @param part what the rows are, for messages
     */
    public TensorSource rows(String part, long first, long count) {
        long rowBytes = dtype.bytes(shape.columns());
        return TensorSource.rowMajor(
                name + " (" + part + ")",
                dtype,
                Shape.of(count, shape.columns()),
                bytes.asSlice(
                        Math.multiplyExact(first, rowBytes), Math.multiplyExact(count, rowBytes)));
    }

    /**
     * Consecutive elements of a vector of a plain type.
     *
     * @param part what the elements are, for messages
     */
    public TensorSource elements(String part, long first, long count) {
        return TensorSource.rowMajor(
                name + " (" + part + ")",
                dtype,
                Shape.of(count),
                bytes.asSlice(dtype.bytes(first), dtype.bytes(count)));
    }
}
