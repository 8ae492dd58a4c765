package org.scout4j.checkpoint.safetensors;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.MappedCheckpoint;
import org.scout4j.checkpoint.TokenizerData;

/** The tensors that go with {@link SmallConfig}, to be bent by tests. */
final class SmallModel {
    private SmallModel() {}

    /** Those of {@link SmallConfig#llama4()}, their names beginning with {@code prefix}. */
    static SafetensorsBytes llama4(String prefix) {
        SafetensorsBytes files = common(new SafetensorsBytes(), prefix);
        for (int layer = 0; layer < 4; layer++) {
            String in = prefix + "model.layers." + layer + ".";
            attention(files, in, 12);
            String feedForward = in + "feed_forward.";
            if (layer % 2 == 0) {
                feedForward(files, feedForward, 10);
            } else {
                files.tensor(feedForward + "router.weight", 3, 8);
                feedForward(files, feedForward + "shared_expert.", 5);
                files.tensor(feedForward + "experts.gate_up_proj", 3, 8, 10);
                files.tensor(feedForward + "experts.down_proj", 3, 5, 8);
            }
        }
        return files;
    }

    /** Those of {@link SmallConfig#llama()}. */
    static SafetensorsBytes llama() {
        SafetensorsBytes files = common(new SafetensorsBytes(), "");
        for (int layer = 0; layer < 2; layer++) {
            String in = "model.layers." + layer + ".";
            files.tensor(in + "input_layernorm.weight", 8)
                    .tensor(in + "post_attention_layernorm.weight", 8);
            for (String kind : List.of("q", "k", "v", "o")) {
                files.tensor(in + "self_attn." + kind + "_proj.weight", 8, 8);
            }
            feedForward(files, in + "mlp.", 10);
        }
        return files;
    }

    /** Reads and checks it as {@code Checkpoints.open} would. */
    static Checkpoint open(SmallConfig config, SafetensorsBytes tensors) {
        return MappedCheckpoint.verified(
                HuggingFaceModel.of(
                        SmallConfig.FILE,
                        config.parse(),
                        Optional.empty(),
                        SafetensorsFiles.of(List.of(tensors.parse())),
                        new SideFiles(new TokenizerData.None(SmallConfig.FILE), null, null)),
                Arena.ofConfined());
    }

    private static SafetensorsBytes common(SafetensorsBytes files, String prefix) {
        return files.tensor(prefix + "model.embed_tokens.weight", 7, 8)
                .tensor(prefix + "lm_head.weight", 7, 8)
                .tensor(prefix + "model.norm.weight", 8);
    }

    private static void attention(SafetensorsBytes files, String in, int keys) {
        files.tensor(in + "input_layernorm.weight", 8)
                .tensor(in + "post_attention_layernorm.weight", 8)
                .tensor(in + "self_attn.q_proj.weight", 24, 8)
                .tensor(in + "self_attn.k_proj.weight", keys, 8)
                .tensor(in + "self_attn.v_proj.weight", keys, 8)
                .tensor(in + "self_attn.o_proj.weight", 8, 24);
    }

    private static void feedForward(SafetensorsBytes files, String in, int width) {
        files.tensor(in + "gate_proj.weight", width, 8)
                .tensor(in + "up_proj.weight", width, 8)
                .tensor(in + "down_proj.weight", 8, width);
    }
}
