package org.scout4j.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.checkpoint.ModelShape.TemperatureShape;
import org.scout4j.checkpoint.StoredValues;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.Shape;

/** What the metadata and names of a GGUF model mean, on a model of a few hundred numbers. */
class GgufModelTest {

    @Test
    void constantsOfLlama4WhereKeysAreAbsent() {
        ModelShape shape = shape(g -> g);
        assertThat(shape.attentionChunk()).isEqualTo(8192);
        assertThat(shape.temperature()).contains(new TemperatureShape(8192, 0.1f));
        assertThat(shape.normaliseQueriesAndKeys()).isTrue();
        assertThat(shape.layers())
                .containsExactly(
                        new LayerShape(true, 0, 10),
                        new LayerShape(true, 3, 5),
                        new LayerShape(true, 0, 10),
                        new LayerShape(false, 3, 5));
        assertThat(shape.tiedEmbeddings()).isFalse();
        assertThat(shape.bosToken()).isEmpty();
        assertThat(shape.stopTokens()).isEmpty();
    }

    @Test
    void slidingWindowZeroMeansRotaryEverywhereAndNoChunks() {
        ModelShape shape = shape(g -> g.u32("llama4.attention.sliding_window", 0));
        assertThat(shape.attentionChunk()).isZero();
        assertThat(shape.temperature()).isEmpty();
        assertThat(shape.layers()).allMatch(LayerShape::rotary);
        assertThat(shape(g -> g.u32("llama4.attention.sliding_window", 4096)).attentionChunk())
                .as("other values are ignored")
                .isEqualTo(8192);
    }

    @Test
    void optionalKeysReplaceTheConstants() {
        ModelShape shape =
                shape(g ->
                        g.u32("llama4.attention.chunk_size", 64)
                                .u32("llama4.attention.temperature_length", 32)
                                .f32("llama4.attention.temperature_scale", 0.25f)
                                .flag("llama4.use_qk_norm", false));
        assertThat(shape.attentionChunk()).isEqualTo(64);
        assertThat(shape.temperature()).contains(new TemperatureShape(32, 0.25f));
        assertThat(shape.normaliseQueriesAndKeys()).isFalse();
        assertThat(shape(g -> g.f32("llama4.attention.temperature_scale", 0)).temperature())
                .isEmpty();
    }

    @Test
    void keyValueHeadsMayBeGivenForEachLayerIfTheyAgree() {
        String key = "llama4.attention.head_count_kv";
        assertThat(shape(g -> g.ints(key, 2, 2, 2, 2)).kvHeads()).isEqualTo(2);
        assertRefused(g -> g.ints(key, 2, 1, 2, 2), key + " differs from layer to layer");
        assertRefused(g -> g.ints(key), key + " differs from layer to layer");
    }

    @Test
    void linearScalingDividesFrequencies() {
        assertThat(
                        shape(g -> g.f32("llama4.rope.scaling.factor", 4))
                                .rope()
                                .frequencies()
                                .getFirst())
                .isEqualTo(0.25f);
        assertThat(
                        shape(g ->
                                        g.f32("llama4.rope.scaling.factor", 4)
                                                .text("llama4.rope.scaling.type", "none"))
                                .rope()
                                .frequencies()
                                .getFirst())
                .isEqualTo(1f);
        assertRefused(
                g -> g.text("llama4.rope.scaling.type", "yarn"), "yarn, expected none or linear");
    }

    @Test
    void ropeDivisorsAreChecked() {
        assertThat(shape(g -> g.tensor("rope_freqs.weight", 3)).rope().frequencies().getFirst())
                .isGreaterThan(0f)
                .isLessThan(1f);
        assertRefused(
                g -> g.tensor("rope_freqs.weight", 4),
                "rope_freqs.weight is F32[4], expected F32[3]");
        assertRefused(
                g -> g.tensor("rope_freqs.weight", 0, new long[] {3}, new byte[12]),
                "rope_freqs.weight holds 0.0");
    }

    @Test
    void stopTokensComeFromKeysAndFromControlTokensOfKnownNames() {
        UnaryOperator<GgufBytes> tables =
                g ->
                        g.text("tokenizer.ggml.model", "gpt2")
                                .texts(
                                        "tokenizer.ggml.tokens",
                                        List.of(
                                                "a",
                                                "<|eot|>",
                                                "<|eom|>",
                                                "b",
                                                "<|end_of_text|>",
                                                "<|eot_id|>",
                                                "x"))
                                .ints("tokenizer.ggml.token_type", 1, 3, 3, 1, 3, 1, 3)
                                .u32("tokenizer.ggml.eos_token_id", 6)
                                .u32("tokenizer.ggml.bos_token_id", 3);
        assertThat(shape(tables).stopTokens())
                .as("5 is no control token")
                .containsExactly(6, 1, 2, 4);
        assertThat(shape(tables).bosToken()).contains(3);
        assertRefused(
                g -> tables.apply(g).u32("tokenizer.ggml.eos_token_id", 7),
                "special token 7 lies outside the vocabulary of 7");
        assertRefused(
                g -> tables.apply(g).ints("tokenizer.ggml.token_type", 1, 3),
                "token_type has 2 elements, expected 7");
        assertRefused(
                g ->
                        tables.apply(g)
                                .texts("tokenizer.ggml.tokens", List.of("only"))
                                .without("tokenizer.ggml.token_type")
                                .u32("tokenizer.ggml.eos_token_id", 0)
                                .u32("tokenizer.ggml.bos_token_id", 0),
                "token_embd.weight has the shape [7, 8], expected [1, 8]");
    }

    @Test
    void withoutTokenizerKeysThereIsNoTokenizer() {
        try (Checkpoint checkpoint = SmallGguf.open(SmallGguf.llama4())) {
            assertThat(checkpoint.tokenizerData())
                    .isEqualTo(new TokenizerData.None(GgufBytes.FILE));
        }
    }

    @Test
    void licenceFallsBackToItsName() {
        try (Checkpoint checkpoint =
                SmallGguf.open(
                        SmallGguf.llama4()
                                .text("general.license", "other")
                                .text("general.license.name", "llama4"))) {
            assertThat(checkpoint.licence()).contains("llama4");
        }
    }

    @Test
    void fusedQueryKeyValueIsCutByRows() {
        GgufBytes gguf = SmallGguf.llama4();
        for (String kind : List.of("q", "k", "v")) {
            gguf.without("blk.2.attn_" + kind + ".weight");
        }
        gguf.tensor("blk.2.attn_qkv.weight", 8, 24 + 12 + 12).tensor("blk.2.attn_qkv.bias", 48);
        try (Checkpoint checkpoint = SmallGguf.open(gguf)) {
            TensorSource q = weight(checkpoint, WeightRole.QUERY, 2, 0);
            TensorSource k = weight(checkpoint, WeightRole.KEY, 2, 0);
            TensorSource v = weight(checkpoint, WeightRole.VALUE, 2, 0);
            assertThat(q.shape()).isEqualTo(Shape.of(24, 8));
            assertThat(v.shape()).isEqualTo(Shape.of(12, 8));
            float first = StoredValues.value(q, 0, 0);
            assertThat(StoredValues.value(k, 0, 0)).isEqualTo(first + 24 * 8);
            assertThat(StoredValues.value(v, 11, 7)).isEqualTo(first + 48 * 8 - 1);
            TensorSource bias = weight(checkpoint, WeightRole.VALUE_BIAS, 2, 0);
            assertThat(bias.shape()).isEqualTo(Shape.of(12));
            assertThat(StoredValues.value(bias, 0, 0))
                    .isEqualTo(
                            StoredValues.value(
                                            weight(checkpoint, WeightRole.QUERY_BIAS, 2, 0), 0, 0)
                                    + 36);
            assertThat(checkpoint.weight(WeightRole.QUERY_BIAS, 1, 0)).isEmpty();
            assertThat(checkpoint.unused()).isEmpty();
        }
    }

    @Test
    void fusedExpertsAreGateRowsThenUpRows() {
        GgufBytes gguf =
                SmallGguf.llama4()
                        .without("blk.3.ffn_gate_exps.weight")
                        .without("blk.3.ffn_up_exps.weight")
                        .tensor("blk.3.ffn_gate_up_exps.weight", 8, 10, 3);
        try (Checkpoint checkpoint = SmallGguf.open(gguf)) {
            float first =
                    StoredValues.value(weight(checkpoint, WeightRole.EXPERT_GATE, 3, 0), 0, 0);
            TensorSource up = weight(checkpoint, WeightRole.EXPERT_UP, 3, 2);
            assertThat(up.shape()).isEqualTo(Shape.of(5, 8));
            assertThat(StoredValues.value(up, 4, 7)).isEqualTo(first + 3 * 80 - 1);
            assertThat(StoredValues.value(weight(checkpoint, WeightRole.EXPERT_GATE, 3, 1), 0, 0))
                    .isEqualTo(first + 80);
        }
    }

    @Test
    void aSingleExpertMayLackItsDimension() {
        GgufBytes gguf = SmallGguf.llama4().u32("llama4.expert_count", 1);
        for (int layer : new int[] {1, 3}) {
            gguf.tensor("blk." + layer + ".ffn_gate_inp.weight", 8)
                    .tensor("blk." + layer + ".ffn_gate_exps.weight", 8, 5)
                    .tensor("blk." + layer + ".ffn_up_exps.weight", 8, 5)
                    .tensor("blk." + layer + ".ffn_down_exps.weight", 5, 8);
        }
        try (Checkpoint checkpoint = SmallGguf.open(gguf)) {
            assertThat(weight(checkpoint, WeightRole.ROUTER, 1, 0).shape())
                    .isEqualTo(Shape.of(1, 8));
            assertThat(weight(checkpoint, WeightRole.EXPERT_DOWN, 3, 0).shape())
                    .isEqualTo(Shape.of(8, 5));
        }
    }

    @Test
    void biasesOfLlamaAreFound() {
        try (Checkpoint checkpoint =
                SmallGguf.open(
                        SmallGguf.llama()
                                .tensor("blk.0.attn_q.bias", 24)
                                .tensor("blk.0.ffn_down.bias", 8))) {
            assertThat(weight(checkpoint, WeightRole.QUERY_BIAS, 0, 0).shape())
                    .isEqualTo(Shape.of(24));
            assertThat(weight(checkpoint, WeightRole.DOWN_BIAS, 0, 0).shape())
                    .isEqualTo(Shape.of(8));
            assertThat(checkpoint.weight(WeightRole.DOWN_BIAS, 1, 0)).isEmpty();
        }
    }

    @Test
    void tiedWithoutOutput() {
        assertThat(shape(g -> g.without("output.weight")).tiedEmbeddings()).isTrue();
    }

    @Test
    void expertsAreWhereTheirTensorsAreWhateverTheStepSays() {
        assertThat(shape(g -> g.u32("llama4.interleave_moe_layer_step", 1)).layers())
                .extracting(LayerShape::experts)
                .containsExactly(0, 3, 0, 3);
        assertRefused(
                g -> g.tensor("blk.1.ffn_gate.weight", 8, 10),
                "layer 1 has both blk.1.ffn_gate_inp.weight and blk.1.ffn_gate.weight");
        assertRefused(
                g -> g.u32("llama4.expert_count", 0),
                "expert_count is 0, but there is blk.1.ffn_gate_inp.weight");
        // Where a layer has nothing, the step says what is missing.
        assertRefused(
                g ->
                        g.without("blk.2.ffn_gate.weight")
                                .without("blk.2.ffn_up.weight")
                                .without("blk.2.ffn_down.weight"),
                "tensor blk.2.ffn_gate.weight is missing; expected [10, 8]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token_embd.weight",
                "output_norm.weight",
                "blk.0.attn_norm.weight",
                "blk.1.ffn_norm.weight",
                "blk.2.attn_q.weight",
                "blk.3.attn_output.weight",
                "blk.0.ffn_up.weight",
                "blk.1.ffn_gate_inp.weight",
                "blk.1.ffn_down_shexp.weight",
                "blk.3.ffn_gate_exps.weight",
                "blk.3.ffn_down_exps.weight"
            })
    void everyMissingTensorIsNamed(String name) {
        assertRefused(g -> g.without(name), "tensor " + name + " is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token_embd.weight|[8, 7]",
                "output_norm.weight|[3, 2]",
                "blk.1.attn_k.weight|[12, 9]",
                "blk.1.ffn_gate_inp.weight|[4, 8]",
                "blk.1.ffn_up_exps.weight|[3, 5, 9]",
                "blk.1.ffn_up_exps.weight|[5, 3, 8]"
            })
    void everyWrongShapeIsNamed(String name, String shape) {
        long[] extents =
                Pattern.compile("\\d+")
                        .matcher(shape)
                        .results()
                        .map(MatchResult::group)
                        .toList()
                        .reversed()
                        .stream()
                        .mapToLong(Long::parseLong)
                        .toArray();
        assertRefused(
                g -> g.tensor(name, extents),
                "tensor " + name + " has the shape " + shape + ", expected [");
    }

    @Test
    void integersAreNoWeights() {
        assertRefused(
                g -> g.tensor("output_norm.weight", 26, new long[] {8}, new byte[32]),
                "output_norm.weight is stored as I32, which holds no weights");
    }

    @Test
    void layersBeyondTheCountAreNotDroppedInSilence() {
        assertRefused(
                g -> g.u32("llama4.block_count", 3),
                "lies beyond the 3 layers of llama4.block_count");
    }

    @Test
    void factorsBesideTensorsAreNotIgnored() {
        assertRefused(
                g -> g.tensor("blk.0.attn_q.scale", 1),
                "separate scale factors (blk.0.attn_q.scale)");
    }

    @Test
    void unknownTensorsAreToleratedAndCounted() {
        try (Checkpoint checkpoint =
                SmallGguf.open(
                        SmallGguf.llama4()
                                .tensor("v.patch_embd.weight", 3)
                                .tensor("blk.0.extra", 2))) {
            assertThat(checkpoint.unused()).hasSize(2);
        }
    }

    @Test
    void aNanInANormIsFoundAtOnce() {
        byte[] nan = GgufBytes.le(32).putFloat(12, Float.NaN).array();
        assertRefused(
                g -> g.tensor("blk.2.ffn_norm.weight", 0, new long[] {8}, nan),
                "blk.2.ffn_norm.weight: element 3 is not a finite number");
    }

    @ParameterizedTest
    @CsvSource({
        "embedding_length,0",
        "block_count,0",
        "block_count,2147483647",
        "attention.head_count,0",
        "attention.head_count,3",
        "attention.head_count_kv,0",
        "attention.head_count_kv,3",
        "attention.key_length,5",
        "attention.value_length,8",
        "rope.dimension_count,4",
        "context_length,0",
        "expert_count,20000",
        "expert_used_count,0",
        "expert_used_count,4",
        "expert_feed_forward_length,0",
        "feed_forward_length,0",
        "feed_forward_length,4294967295",
        "attention.chunk_size,4294967295",
        "attention.temperature_length,0"
    })
    void absurdNumbersAreRefused(String key, long value) {
        GgufBytes gguf = SmallGguf.llama4().u32("llama4." + key, value);
        assertThatThrownBy(() -> SmallGguf.open(gguf)).isInstanceOf(VerificationFailed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "attention.layer_norm_rms_epsilon,0",
        "attention.layer_norm_rms_epsilon,NaN",
        "rope.freq_base,0",
        "rope.freq_base,-10000",
        "rope.freq_base,Infinity",
        "rope.freq_base,NaN",
        "attention.temperature_scale,NaN",
        "rope.scaling.factor,-1",
        "logit_scale,0.5"
    })
    void absurdFractionsAreRefused(String key, float value) {
        GgufBytes gguf = SmallGguf.llama4().f32("llama4." + key, value);
        assertThatThrownBy(() -> SmallGguf.open(gguf))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("llama4." + key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "block_count",
                "context_length",
                "embedding_length",
                "feed_forward_length",
                "expert_feed_forward_length",
                "expert_used_count",
                "attention.head_count",
                "attention.layer_norm_rms_epsilon",
                "vocab_size"
            })
    void neededKeysAreNamedWhenMissing(String key) {
        assertRefused(g -> g.without("llama4." + key), "llama4." + key + " is missing");
    }

    @Test
    void otherArchitecturesAndAdaptersAreRefusedByName() {
        assertRefused(
                g -> g.text("general.architecture", "qwen3moe"),
                "general.architecture is qwen3moe");
        assertRefused(g -> g.text("general.architecture", "clip"), "vision part (mmproj)");
        assertRefused(g -> g.without("general.architecture"), "general.architecture is missing");
        assertRefused(g -> g.text("general.type", "adapter"), "an adapter (LoRA)");
        assertThatThrownBy(() -> SmallGguf.open(SmallGguf.llama().u32("llama.expert_count", 8)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("Mixtral");
    }

    @Test
    void theSameTensorInTwoPartsIsRefused() {
        GgufFile whole = SmallGguf.llama4().parse();
        assertThatThrownBy(() -> GgufModel.of(Path.of("x"), List.of(whole, whole)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("is also in model.gguf");
    }

    private static ModelShape shape(UnaryOperator<GgufBytes> change) {
        try (Checkpoint checkpoint = SmallGguf.open(change.apply(SmallGguf.llama4()))) {
            return checkpoint.shape();
        }
    }

    private static TensorSource weight(
            Checkpoint checkpoint, WeightRole role, int layer, int expert) {
        return checkpoint.weight(role, layer, expert).orElseThrow();
    }

    private static void assertRefused(UnaryOperator<GgufBytes> change, String part) {
        GgufBytes gguf = change.apply(SmallGguf.llama4());
        assertThatThrownBy(() -> SmallGguf.open(gguf))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(part);
    }
}
