package org.scout4j.checkpoint.gguf;

import java.util.Optional;
import org.scout4j.tensor.DType;

/** The numbers by which GGUF files name element types (spec "Model" §6). */
final class GgufTensorType {
    private GgufTensorType() {}

    /**
     * The type of an id.
     *
     * @return empty for ids that are unknown, were withdrawn, or name types that only exist while
     *     computing (Q8_1, Q8_K)
     */
    static Optional<DType> of(long id) {
        if (id < 0 || id > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        return switch ((int) id) {
            case 0 -> Optional.of(DType.F32);
            case 1 -> Optional.of(DType.F16);
            case 2 -> Optional.of(DType.Q4_0);
            case 3 -> Optional.of(DType.Q4_1);
            case 6 -> Optional.of(DType.Q5_0);
            case 7 -> Optional.of(DType.Q5_1);
            case 8 -> Optional.of(DType.Q8_0);
            case 10 -> Optional.of(DType.Q2_K);
            case 11 -> Optional.of(DType.Q3_K);
            case 12 -> Optional.of(DType.Q4_K);
            case 13 -> Optional.of(DType.Q5_K);
            case 14 -> Optional.of(DType.Q6_K);
            case 16 -> Optional.of(DType.IQ2_XXS);
            case 17 -> Optional.of(DType.IQ2_XS);
            case 18 -> Optional.of(DType.IQ3_XXS);
            case 19 -> Optional.of(DType.IQ1_S);
            case 20 -> Optional.of(DType.IQ4_NL);
            case 21 -> Optional.of(DType.IQ3_S);
            case 22 -> Optional.of(DType.IQ2_S);
            case 23 -> Optional.of(DType.IQ4_XS);
            case 24 -> Optional.of(DType.I8);
            case 25 -> Optional.of(DType.I16);
            case 26 -> Optional.of(DType.I32);
            case 27 -> Optional.of(DType.I64);
            case 28 -> Optional.of(DType.F64);
            case 29 -> Optional.of(DType.IQ1_M);
            case 30 -> Optional.of(DType.BF16);
            case 34 -> Optional.of(DType.TQ1_0);
            case 35 -> Optional.of(DType.TQ2_0);
            case 39 -> Optional.of(DType.MXFP4);
            case 40 -> Optional.of(DType.NVFP4);
            default -> Optional.empty();
        };
    }
}
