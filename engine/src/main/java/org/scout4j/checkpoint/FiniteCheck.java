package org.scout4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.scout4j.error.VerificationFailed;

/**
 * Looks for NaN and infinities in weights when a model is opened, as far as a budget of bytes goes:
 * one of them in a norm or a router spoils every answer, and finding it then costs nothing.
 */
final class FiniteCheck {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private long budget;

    /**
     * A check that has looked at nothing yet.
     *
     * @param budget bytes to look at; a tensor that no longer fits is skipped
     */
    FiniteCheck(long budget) {
        this.budget = budget;
    }

    /**
     * Looks at a tensor if the budget allows.
     *
     * @throws VerificationFailed naming the first element that is not a finite number
     */
    void scan(Path file, TensorSource tensor) {
        long size = tensor.bytes().byteSize();
        if (size <= budget) {
            budget -= size;
            requireFinite(file, tensor);
        }
    }

    /**
     * Looks at every element of a plain floating-point tensor; block formats pass unseen.
     *
     * @throws VerificationFailed naming the first element that is not a finite number
     */
    static void requireFinite(Path file, TensorSource tensor) {
        long at = firstNonFinite(tensor);
        if (at >= 0) {
            throw new VerificationFailed(
                    file, tensor.name() + ": element " + at + " is not a finite number");
        }
    }

    private static long firstNonFinite(TensorSource tensor) {
        MemorySegment bytes = tensor.bytes();
        long elements = bytes.byteSize() / tensor.dtype().blockBytes();
        return switch (tensor.dtype()) {
            case F64 -> {
                for (long i = 0; i < elements; i++) {
                    if ((~bytes.getAtIndex(LONG, i) & 0x7ff0_0000_0000_0000L) == 0) {
                        yield i;
                    }
                }
                yield -1;
            }
            case F32 -> {
                for (long i = 0; i < elements; i++) {
                    if ((~bytes.getAtIndex(INT, i) & 0x7f80_0000) == 0) {
                        yield i;
                    }
                }
                yield -1;
            }
            case F16 -> firstWithExponent(bytes, elements, 0x7c00);
            case BF16 -> firstWithExponent(bytes, elements, 0x7f80);
            default -> -1;
        };
    }

    // An exponent of all ones marks NaN and infinity.
    private static long firstWithExponent(MemorySegment bytes, long elements, int exponent) {
        for (long i = 0; i < elements; i++) {
            if ((~bytes.getAtIndex(SHORT, i) & exponent) == 0) {
                return i;
            }
        }
        return -1;
    }
}
