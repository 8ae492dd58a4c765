package org.scout4j.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, slowest dimension first: a matrix of {@code y = W x} is {@code [rows,
 * columns]} = {@code [out, in]}. Products are checked when the shape is made, so {@link
 * #elements()} never overflows.
 */
public final class Shape {
    private final long[] extents;
    private final long elements;

    private Shape(long[] extents) {
        this.extents = extents;
        long product = 1;
        for (long extent : extents) {
            if (extent < 0) {
                throw new IllegalArgumentException(
                        "negative extent in " + Arrays.toString(extents));
            }
            product = Math.multiplyExact(product, extent);
        }
        this.elements = product;
    }

    /**
     * A shape of these extents, slowest first.
     *
     * @throws IllegalArgumentException if an extent is negative
     * @throws ArithmeticException if the number of elements exceeds a long
     */
    public static Shape of(long... extents) {
        return new Shape(extents.clone());
    }

    public int rank() {
        return extents.length;
    }

    public long extent(int dimension) {
        return extents[dimension];
    }

    public long elements() {
        return elements;
    }

    /** The last extent; 1 for a scalar. */
    public long columns() {
        return extents.length == 0 ? 1 : extents[extents.length - 1];
    }

    /** The product of all extents but the last. */
    public long rows() {
        long product = 1;
        for (int i = 0; i < extents.length - 1; i++) {
            product *= extents[i];
        }
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    @Override
    public String toString() {
        return Arrays.stream(extents)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
