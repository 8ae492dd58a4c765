package org.scout4j.checkpoint.gguf;

import java.lang.foreign.Arena;
import java.util.List;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.MappedCheckpoint;

/** A complete model of a few hundred numbers, to be bent by tests. */
final class SmallGguf {
    static final int HIDDEN = 8;
    static final int HEADS = 4;
    static final int KV_HEADS = 2;
    static final int HEAD_SIZE = 6;
    static final int DENSE = 10;
    static final int WIDTH = 5;
    static final int EXPERTS = 3;
    static final int VOCABULARY = 7;
    static final int LAYERS = 4;

    private SmallGguf() {}

    /** Llama 4 with experts in layers 1 and 3. */
    static GgufBytes llama4() {
        GgufBytes gguf =
                common("llama4")
                        .u32("llama4.expert_feed_forward_length", WIDTH)
                        .u32("llama4.expert_count", EXPERTS)
                        .u32("llama4.expert_used_count", 1)
                        .u32("llama4.interleave_moe_layer_step", 2);
        for (int layer = 0; layer < LAYERS; layer++) {
            attention(gguf, layer);
            String in = "blk." + layer + ".ffn_";
            if (layer % 2 == 0) {
                feedForward(gguf, in, "", DENSE);
            } else {
                gguf.tensor(in + "gate_inp.weight", HIDDEN, EXPERTS);
                feedForward(gguf, in, "_shexp", WIDTH);
                gguf.tensor(in + "gate_exps.weight", HIDDEN, WIDTH, EXPERTS);
                gguf.tensor(in + "up_exps.weight", HIDDEN, WIDTH, EXPERTS);
                gguf.tensor(in + "down_exps.weight", WIDTH, HIDDEN, EXPERTS);
            }
        }
        return gguf;
    }

    /** Dense Llama. */
    static GgufBytes llama() {
        GgufBytes gguf = common("llama");
        for (int layer = 0; layer < LAYERS; layer++) {
            attention(gguf, layer);
            feedForward(gguf, "blk." + layer + ".ffn_", "", DENSE);
        }
        return gguf;
    }

    /** Reads and checks it as {@code Checkpoints.open} would. */
    static Checkpoint open(GgufBytes gguf) {
        return MappedCheckpoint.verified(
                GgufModel.of(GgufBytes.FILE, List.of(gguf.parse())), Arena.ofConfined());
    }

    private static GgufBytes common(String architecture) {
        return new GgufBytes()
                .text("general.architecture", architecture)
                .u32(architecture + ".vocab_size", VOCABULARY)
                .u32(architecture + ".block_count", LAYERS)
                .u32(architecture + ".context_length", 100)
                .u32(architecture + ".embedding_length", HIDDEN)
                .u32(architecture + ".feed_forward_length", DENSE)
                .u32(architecture + ".attention.head_count", HEADS)
                .u32(architecture + ".attention.head_count_kv", KV_HEADS)
                .u32(architecture + ".attention.key_length", HEAD_SIZE)
                .u32(architecture + ".attention.value_length", HEAD_SIZE)
                .u32(architecture + ".rope.dimension_count", HEAD_SIZE)
                .f32(architecture + ".rope.freq_base", 10_000)
                .f32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
                .tensor("token_embd.weight", HIDDEN, VOCABULARY)
                .tensor("output.weight", HIDDEN, VOCABULARY)
                .tensor("output_norm.weight", HIDDEN);
    }

    private static void attention(GgufBytes gguf, int layer) {
        String in = "blk." + layer + ".";
        gguf.tensor(in + "attn_norm.weight", HIDDEN)
                .tensor(in + "ffn_norm.weight", HIDDEN)
                .tensor(in + "attn_q.weight", HIDDEN, HEADS * HEAD_SIZE)
                .tensor(in + "attn_k.weight", HIDDEN, KV_HEADS * HEAD_SIZE)
                .tensor(in + "attn_v.weight", HIDDEN, KV_HEADS * HEAD_SIZE)
                .tensor(in + "attn_output.weight", HEADS * HEAD_SIZE, HIDDEN);
    }

    private static void feedForward(GgufBytes gguf, String in, String kind, int width) {
        gguf.tensor(in + "gate" + kind + ".weight", HIDDEN, width)
                .tensor(in + "up" + kind + ".weight", HIDDEN, width)
                .tensor(in + "down" + kind + ".weight", width, HIDDEN);
    }
}
