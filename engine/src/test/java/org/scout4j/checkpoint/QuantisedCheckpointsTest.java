package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.WeightPlan.Slot;
import org.scout4j.tensor.DType;

/**
 * scout-tiny as compressed-tensors: each weight lies within one quantisation step of the float32
 * original, which only holds if every group, row and expert got its own factor.
 */
class QuantisedCheckpointsTest {
    private static final Set<WeightRole> EXPERTS =
            EnumSet.of(WeightRole.EXPERT_GATE, WeightRole.EXPERT_UP, WeightRole.EXPERT_DOWN);

    @Test
    void fourBitWordsWithGroupsOf32() {
        try (Checkpoint original = Checkpoints.open(golden("model/scout-tiny"));
                Checkpoint packed = Checkpoints.open(golden("quantised/scout-tiny-w4a16"))) {
            TensorSource gate = packed.weight(WeightRole.EXPERT_GATE, 5, 3).orElseThrow();
            assertThat(gate.dtype()).isEqualTo(DType.PACKED_INT4);
            TensorSource.Scales scales = Objects.requireNonNull(gate.scales());
            assertThat(scales.columnsPerGroup()).isEqualTo(32);
            assertThat(scales.rowsPerGroup()).isEqualTo(1);
            assertThat(packed.weight(WeightRole.ROUTER, 0, 0).orElseThrow().dtype())
                    .isEqualTo(DType.BF16);
            // Symmetric int4: half a step, and the step itself is rounded to bfloat16.
            assertWithinOneStep(original, packed, DType.PACKED_INT4, 0.55f);
        }
    }

    @Test
    void eightBitFloatsWithRowFactors() {
        try (Checkpoint original = Checkpoints.open(golden("model/scout-tiny"));
                Checkpoint eight = Checkpoints.open(golden("quantised/scout-tiny-fp8"))) {
            TensorSource up = eight.weight(WeightRole.EXPERT_UP, 7, 0).orElseThrow();
            assertThat(up.dtype()).isEqualTo(DType.F8_E4M3);
            assertThat(eight.weight(WeightRole.QUERY, 0, 0).orElseThrow().dtype())
                    .isEqualTo(DType.BF16);
            // The largest step of E4M3 is 32, at 256 to 448: half of it.
            assertWithinOneStep(original, eight, DType.F8_E4M3, 17f);
        }
    }

    private static void assertWithinOneStep(
            Checkpoint original, Checkpoint quantised, DType dtype, float steps) {
        EnumSet<WeightRole> seen = EnumSet.noneOf(WeightRole.class);
        for (Slot slot : new WeightPlan(original.shape()).slots().toList()) {
            TensorSource coarse =
                    quantised.weight(slot.role(), slot.layer(), slot.expert()).orElse(null);
            if (coarse == null || coarse.dtype() != dtype) {
                continue;
            }
            seen.add(slot.role());
            TensorSource exact =
                    original.weight(slot.role(), slot.layer(), slot.expert()).orElseThrow();
            TensorSource.Scales scales = Objects.requireNonNull(coarse.scales());
            for (long row = 0; row < exact.shape().rows(); row++) {
                for (long column = 0; column < exact.shape().columns(); column++) {
                    float step =
                            StoredValues.value(
                                    scales.factors(), row, column / scales.columnsPerGroup());
                    float distance =
                            Math.abs(
                                    StoredValues.value(exact, row, column)
                                            - StoredValues.value(coarse, row, column));
                    if (!(distance <= steps * step)) {
                        assertThat(distance)
                                .as("%s [%d, %d]", slot, row, column)
                                .isLessThanOrEqualTo(steps * step);
                    }
                }
            }
        }
        assertThat(seen).containsAll(EXPERTS).contains(WeightRole.DOWN);
    }
}
