package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.ModelSummary.KeyValueBytes;
import org.scout4j.checkpoint.ModelSummary.Layers;
import org.scout4j.checkpoint.ModelSummary.TypeShare;
import org.scout4j.tensor.DType;

/** Counts come from the files' own headers, added up with Python's gguf and safetensors readers. */
class ModelSummaryTest {

    @Test
    void scoutNano() {
        ModelSummary summary = summary(GoldenFiles.scoutNano());
        assertThat(summary.name()).isEqualTo("scout-nano");
        assertThat(summary.licence()).isEqualTo("apache-2.0");
        assertThat(summary.layers()).isEqualTo(new Layers(40, 30, 10, 10, 30));
        assertThat(summary.experts()).isEqualTo(4);
        assertThat(summary.parameters().text()).isEqualTo(148_926_528);
        assertThat(summary.parameters().vision()).isEqualTo(2_569_344);
        assertThat(summary.types())
                .containsExactly(
                        new TypeShare(DType.Q4_1, 210, 66_355_200),
                        new TypeShare(DType.Q5_0, 1, 19_464_192),
                        new TypeShare(DType.Q8_0, 47, 7_285_248),
                        new TypeShare(DType.Q4_0, 80, 5_598_720),
                        new TypeShare(DType.F32, 137, 372_480),
                        new TypeShare(DType.F16, 1, 225_792));
        assertThat(summary.storedBytes()).isEqualTo(99_301_632);
        assertThat(summary.weightType()).isEqualTo(DType.Q4_1);
        // keys and values, 3 heads of 64 float32: 1536 bytes a layer
        assertThat(summary.keyValueBytes()).isEqualTo(new KeyValueBytes(30 * 1536, 10 * 1536));
        assertThat(summary.tokenizer()).isEqualTo("gpt2 (smollm)");
        assertThat(summary.unknownTensors()).isZero();
    }

    /** Per layer 576·(576+2·192+576) + feed-forward; tied head 49152·576. */
    @Test
    void activeParametersOfScoutNano() {
        long attention = 576 * (576 + 192 + 192) + 576 * 576;
        long dense = 3 * 576 * 1536;
        long routed = 2 * 3 * 576 * 64 + 4 * 576; // shared and one expert, router
        assertThat(summary(GoldenFiles.scoutNano()).parameters().active())
                .isEqualTo(40 * attention + 30 * dense + 10 * routed + 49_152L * 576);
    }

    @Test
    void multimodalScout() {
        ModelSummary summary = summary(golden("model/scout-mm-tiny"));
        assertThat(summary.parameters().text()).isEqualTo(216_640);
        assertThat(summary.parameters().vision()).isEqualTo(126_896);
        assertThat(summary.storedBytes()).isEqualTo(1_374_144);
        assertThat(summary.types()).containsExactly(new TypeShare(DType.F32, 109, 1_374_144));
        assertThat(summary.attentionChunk()).isEqualTo(64);
        assertThat(summary.tokenizer()).isEqualTo("tokenizer.json");
        assertThat(summary.unknownTensors()).isZero();
    }

    @Test
    void denseLlamaSeesEverythingInEveryLayer() {
        ModelSummary summary = summary(golden("model/llama-dense-tiny"));
        assertThat(summary.layers()).isEqualTo(new Layers(4, 4, 0, 0, 4));
        assertThat(summary.parameters().text()).isEqualTo(193_088);
        assertThat(summary.keyValueBytes()).isEqualTo(new KeyValueBytes(0, 4 * 2 * 2 * 16 * 4));
    }

    @Test
    void packedWeightsKeepTheirParameterCount() {
        ModelSummary summary = summary(golden("quantised/scout-tiny-w4a16"));
        assertThat(summary.parameters().text()).isEqualTo(388_160);
        assertThat(summary.weightType()).isEqualTo(DType.PACKED_INT4);
        assertThat(summary.storedBytes()).isEqualTo(284_160);
    }

    private static ModelSummary summary(Path model) {
        try (Checkpoint checkpoint = Checkpoints.open(model)) {
            return ModelSummary.of(checkpoint);
        }
    }
}
