package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.WeightPlan.Slot;

/** The same weights out of Hugging Face files and out of GGUF: equal to the last bit, by role. */
class TwinCheckpointsTest {

    @Test
    void scoutInFloat32() {
        assertEqualWeights("model/scout-tiny", "gguf/scout-tiny.f32.gguf", false);
    }

    @Test
    void maverickInFloat16() {
        assertEqualWeights("model/maverick-tiny", "gguf/maverick-tiny.f16.gguf", false);
    }

    /** Rows 2j and 2j + 1 of a head in GGUF are its rows j and j + d/2 in Hugging Face files. */
    @Test
    void denseLlamaWithPermutedQueriesAndKeys() {
        assertEqualWeights("model/llama-dense-tiny", "gguf/llama-dense-tiny.f32.gguf", true);
    }

    private static void assertEqualWeights(String huggingFace, String gguf, boolean permuted) {
        try (Checkpoint hf = Checkpoints.open(golden(huggingFace));
                Checkpoint twin = Checkpoints.open(golden(gguf))) {
            WeightPlan plan = new WeightPlan(hf.shape());
            long compared = 0;
            for (Slot slot : plan.slots().toList()) {
                if (hf.weight(slot.role(), slot.layer(), slot.expert()).isEmpty()) {
                    assertThat(twin.weight(slot.role(), slot.layer(), slot.expert())).isEmpty();
                    continue;
                }
                TensorSource a = hf.weight(slot.role(), slot.layer(), slot.expert()).orElseThrow();
                TensorSource b =
                        twin.weight(slot.role(), slot.layer(), slot.expert()).orElseThrow();
                boolean rotated =
                        permuted
                                && (slot.role() == WeightRole.QUERY
                                        || slot.role() == WeightRole.KEY);
                compared += compare(slot, a, b, rotated ? hf.shape().headSize() : 0);
            }
            assertThat(compared).isEqualTo(plan.parameters());
        }
    }

    private static long compare(Slot slot, TensorSource a, TensorSource b, int headSize) {
        assertThat(b.shape()).isEqualTo(a.shape());
        for (long row = 0; row < a.shape().rows(); row++) {
            long other = headSize == 0 ? row : adjacent(row, headSize);
            for (long column = 0; column < a.shape().columns(); column++) {
                float expected = StoredValues.value(a, row, column);
                if (StoredValues.value(b, other, column) != expected) {
                    assertThat(StoredValues.value(b, other, column))
                            .as("%s [%d, %d]", slot, row, column)
                            .isEqualTo(expected);
                }
            }
        }
        return a.shape().elements();
    }

    private static long adjacent(long row, int headSize) {
        long head = row / headSize;
        long within = row % headSize;
        int half = headSize / 2;
        return head * headSize + 2 * (within % half) + within / half;
    }
}
