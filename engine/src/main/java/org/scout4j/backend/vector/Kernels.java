package org.scout4j.backend.vector;

import java.util.EnumMap;
import java.util.Map;
import org.scout4j.tensor.DType;

/**
 * The kernels for one width of vectors.
 *
 * @param lanes floats in a vector
 * @param formats how stored types are read; types that are missing are decoded one element at a
 *     time
 */
record Kernels(
        int lanes,
        Panels panels,
        Elements elements,
        LayerNorm norms,
        AttentionBlocks attention,
        Map<DType, RowFormat> formats) {

    /**
     * @param bits 128, 256 or 512
     */
    static Kernels of(int bits) {
        Map<DType, RowFormat> formats = new EnumMap<>(DType.class);
        formats.put(DType.F32, Lanes.kernels(RowFormat.class, F32Rows.class, bits));
        formats.put(DType.F16, Lanes.kernels(RowFormat.class, F16Rows.class, bits));
        formats.put(DType.BF16, Lanes.kernels(RowFormat.class, Bf16Rows.class, bits));
        formats.put(DType.F8_E4M3, Lanes.kernels(RowFormat.class, F8Rows.class, bits));
        formats.put(DType.PACKED_INT4, Lanes.kernels(RowFormat.class, Int4Rows.class, bits));
        formats.put(DType.Q8_0, Lanes.kernels(RowFormat.class, Q8Rows.class, bits));
        formats.put(DType.Q4_0, Lanes.kernels(RowFormat.class, Q4Rows.class, bits));
        formats.put(DType.Q4_1, Lanes.kernels(RowFormat.class, Q41Rows.class, bits));
        formats.put(DType.Q5_0, Lanes.kernels(RowFormat.class, Q50Rows.class, bits));
        formats.put(DType.Q4_K, Lanes.kernels(RowFormat.class, Q4KRows.class, bits));
        formats.put(DType.Q5_K, Lanes.kernels(RowFormat.class, Q5KRows.class, bits));
        formats.put(DType.Q6_K, Lanes.kernels(RowFormat.class, Q6KRows.class, bits));
        return new Kernels(
                bits / Float.SIZE,
                Lanes.kernels(Panels.class, PanelKernels.class, bits),
                Lanes.kernels(Elements.class, ElementKernels.class, bits),
                Lanes.kernels(LayerNorm.class, LayerNormKernels.class, bits),
                Lanes.kernels(AttentionBlocks.class, AttentionKernels.class, bits),
                formats);
    }
}
