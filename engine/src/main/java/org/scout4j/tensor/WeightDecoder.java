package org.scout4j.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Decodes stored weights to float32: exactly the values that the format's own reference gives (spec
 * "Model" §5.4 and §6).
 */
public final class WeightDecoder {
    private WeightDecoder() {}

    /**
     * Decodes consecutive elements.
     *
     * @param bytes where the blocks lie, little endian
     * @param byteOffset start of the first block
     * @param out receives the values from {@code outOffset} on
     * @param count how many elements; a multiple of the type's block
     * @throws IllegalArgumentException if the type holds no weights (integers, booleans) or the
     *     count is not a whole number of blocks
     * @throws IndexOutOfBoundsException if the blocks or the values do not fit
     */
    public static void decode(
            DType dtype,
            MemorySegment bytes,
            long byteOffset,
            float[] out,
            int outOffset,
            int count) {
        // Checked here once; the decoders below rely on it.
        long length = dtype.bytes(count);
        Objects.checkFromIndexSize(byteOffset, length, bytes.byteSize());
        Objects.checkFromIndexSize(outOffset, count, out.length);
        int blocks = count / dtype.blockElements();
        switch (dtype) {
            case F64 -> PlainFormats.f64(bytes, byteOffset, out, outOffset, blocks);
            case F32 -> PlainFormats.f32(bytes, byteOffset, out, outOffset, blocks);
            case F16 -> PlainFormats.f16(bytes, byteOffset, out, outOffset, blocks);
            case BF16 -> PlainFormats.bf16(bytes, byteOffset, out, outOffset, blocks);
            case F8_E4M3 -> PlainFormats.e4m3(bytes, byteOffset, out, outOffset, blocks);
            case F8_E5M2 -> PlainFormats.e5m2(bytes, byteOffset, out, outOffset, blocks);
            case I64, I32, I16, I8, U8, BOOL ->
                    throw new IllegalArgumentException(dtype + " holds no weights");
            case PACKED_INT4 -> LinearBlocks.packedInt4(bytes, byteOffset, out, outOffset, blocks);
            case Q4_0 -> LinearBlocks.q4v0(bytes, byteOffset, out, outOffset, blocks);
            case Q4_1 -> LinearBlocks.q4v1(bytes, byteOffset, out, outOffset, blocks);
            case Q5_0 -> LinearBlocks.q5v0(bytes, byteOffset, out, outOffset, blocks);
            case Q5_1 -> LinearBlocks.q5v1(bytes, byteOffset, out, outOffset, blocks);
            case Q8_0 -> LinearBlocks.q8v0(bytes, byteOffset, out, outOffset, blocks);
            case Q2_K -> KQuants.q2k(bytes, byteOffset, out, outOffset, blocks);
            case Q3_K -> KQuants.q3k(bytes, byteOffset, out, outOffset, blocks);
            case Q4_K -> KQuants.q4k(bytes, byteOffset, out, outOffset, blocks);
            case Q5_K -> KQuants.q5k(bytes, byteOffset, out, outOffset, blocks);
            case Q6_K -> KQuants.q6k(bytes, byteOffset, out, outOffset, blocks);
            case IQ4_NL -> LookupBlocks.iq4nl(bytes, byteOffset, out, outOffset, blocks);
            case IQ4_XS -> LookupBlocks.iq4xs(bytes, byteOffset, out, outOffset, blocks);
            case IQ1_S -> GridBlocks.iq1s(bytes, byteOffset, out, outOffset, blocks);
            case IQ1_M -> GridBlocks.iq1m(bytes, byteOffset, out, outOffset, blocks);
            case IQ2_XXS -> GridBlocks.iq2xxs(bytes, byteOffset, out, outOffset, blocks);
            case IQ2_XS -> GridBlocks.iq2xs(bytes, byteOffset, out, outOffset, blocks);
            case IQ2_S -> GridBlocks.iq2s(bytes, byteOffset, out, outOffset, blocks);
            case IQ3_XXS -> GridBlocks.iq3xxs(bytes, byteOffset, out, outOffset, blocks);
            case IQ3_S -> GridBlocks.iq3s(bytes, byteOffset, out, outOffset, blocks);
            case TQ1_0 -> TernaryBlocks.tq1v0(bytes, byteOffset, out, outOffset, blocks);
            case TQ2_0 -> TernaryBlocks.tq2v0(bytes, byteOffset, out, outOffset, blocks);
            case MXFP4 -> LookupBlocks.mxfp4(bytes, byteOffset, out, outOffset, blocks);
            case NVFP4 -> LookupBlocks.nvfp4(bytes, byteOffset, out, outOffset, blocks);
        }
    }

    /**
     * Decodes one element of a plain floating-point type.
     *
     * @throws IllegalArgumentException if the type is another
     * @throws IndexOutOfBoundsException if the element does not lie within the bytes
     */
    public static float element(DType dtype, MemorySegment bytes, long byteOffset) {
        return switch (dtype) {
            case F64 -> (float) bytes.get(LittleEndian.DOUBLE, byteOffset);
            case F32 -> bytes.get(LittleEndian.FLOAT, byteOffset);
            case F16 -> LittleEndian.half(bytes, byteOffset);
            case BF16 -> NarrowFloats.fromBfloat16(bytes.get(LittleEndian.SHORT, byteOffset));
            case F8_E4M3 -> NarrowFloats.fromE4m3(bytes.get(ValueLayout.JAVA_BYTE, byteOffset));
            case F8_E5M2 -> NarrowFloats.fromE5m2(bytes.get(ValueLayout.JAVA_BYTE, byteOffset));
            default -> throw new IllegalArgumentException(dtype + " is no plain number");
        };
    }
}
