package org.scout4j.tensor;

/**
 * How numbers are stored. A type is a run of blocks: {@link #blockElements()} consecutive elements
 * of a row take {@link #blockBytes()} bytes. Plain types have blocks of one element.
 *
 * <p>Layouts and the value of each element: spec "Model" §6 (GGUF block formats) and §5.4 (FP8,
 * compressed-tensors int4).
 */
public enum DType {
    F64(1, 8),
    F32(1, 4),
    F16(1, 2),
    BF16(1, 2),
    /** IEEE-like without infinities (E4M3FN): ±448, NaN at 0x7F and 0xFF. */
    F8_E4M3(1, 1),
    F8_E5M2(1, 1),
    I64(1, 8),
    I32(1, 4),
    I16(1, 2),
    I8(1, 1),
    U8(1, 1),
    BOOL(1, 1),
    /** compressed-tensors {@code pack-quantized}: eight nibbles in a 32-bit word, value n − 8. */
    PACKED_INT4(8, 4),
    Q4_0(32, 18),
    Q4_1(32, 20),
    Q5_0(32, 22),
    Q5_1(32, 24),
    Q8_0(32, 34),
    Q2_K(256, 84),
    Q3_K(256, 110),
    Q4_K(256, 144),
    Q5_K(256, 176),
    Q6_K(256, 210),
    IQ4_NL(32, 18),
    IQ4_XS(256, 136),
    IQ1_S(256, 50),
    IQ1_M(256, 56),
    IQ2_XXS(256, 66),
    IQ2_XS(256, 74),
    IQ2_S(256, 82),
    IQ3_XXS(256, 98),
    IQ3_S(256, 110),
    TQ1_0(256, 54),
    TQ2_0(256, 66),
    MXFP4(32, 17),
    NVFP4(64, 36);

    private final int blockElements;
    private final int blockBytes;

    DType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Elements in one block; a row's length is a multiple of it. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes that a row of this many elements takes.
     *
     * @throws IllegalArgumentException if the count is negative or not a whole number of blocks
     * @throws ArithmeticException if the result exceeds a long
     */
    public long bytes(long elements) {
        if (elements < 0 || elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    elements
                            + " elements are not a whole number of "
                            + this
                            + " blocks of "
                            + blockElements);
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }
}
