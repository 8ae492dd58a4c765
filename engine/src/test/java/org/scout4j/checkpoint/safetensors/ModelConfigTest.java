package org.scout4j.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.checkpoint.ModelShape.Pairing;
import org.scout4j.checkpoint.ModelShape.TemperatureShape;
import org.scout4j.error.VerificationFailed;

/** Keys, spellings and defaults of spec "Model" §1. */
class ModelConfigTest {

    @Test
    void anEmptyTextConfigIsScout() {
        ModelShape shape =
                new SmallConfig()
                        .with("model_type", "\"llama4\"")
                        .with("text_config", "{}")
                        .shape();
        assertThat(shape.vocabulary()).isEqualTo(202_048);
        assertThat(shape.hidden()).isEqualTo(5120);
        assertThat(shape.heads()).isEqualTo(40);
        assertThat(shape.kvHeads()).isEqualTo(8);
        assertThat(shape.headSize()).isEqualTo(128);
        assertThat(shape.layers())
                .hasSize(48)
                .allMatch(l -> l.experts() == 16 && l.width() == 8192);
        assertThat(shape.layers().stream().filter(l -> !l.rotary())).hasSize(12);
        assertThat(shape.layers().get(3).rotary()).isFalse();
        assertThat(shape.attentionChunk()).isEqualTo(8192);
        assertThat(shape.temperature()).contains(new TemperatureShape(8192, 0.1f));
        assertThat(shape.normaliseQueriesAndKeys()).isTrue();
        assertThat(shape.normEpsilon()).isEqualTo(1e-5f);
        assertThat(shape.expertsPerToken()).isEqualTo(1);
        assertThat(shape.tiedEmbeddings()).isFalse();
        assertThat(shape.contextLength()).isEqualTo(131_072);
        assertThat(shape.rope().frequencies().get(32)).isEqualTo((float) (1 / Math.sqrt(500_000)));
    }

    @Test
    void publishedScoutInstruct() {
        ModelShape shape =
                new SmallConfig()
                        .with("model_type", "\"llama4\"")
                        .with("tie_word_embeddings", "false")
                        .with(
                                "text_config",
                                """
                                {"attn_temperature_tuning": 4, "no_rope_layers": [], "rope_theta": 500000.0,
                                 "max_position_embeddings": 10485760, "bos_token_id": 200000,
                                 "eos_token_id": [200001, 200007, 200008], "model_type": "llama4_text",
                                 "rope_scaling": {"factor": 16.0, "high_freq_factor": 1.0, "low_freq_factor": 1.0,
                                  "original_max_position_embeddings": 8192, "rope_type": "llama3"}}
                                """)
                        .shape();
        assertThat(shape.contextLength()).isEqualTo(10_485_760);
        assertThat(shape.bosToken()).contains(200_000);
        assertThat(shape.stopTokens()).containsExactly(200_001, 200_007, 200_008);
        assertThat(shape.rope().frequencies().get(63)).isEqualTo(1.534463e-07f);
    }

    @Test
    void defaultsOfDenseLlama() {
        ModelShape shape = SmallConfig.llama().shape();
        assertThat(shape.architecture()).isEqualTo("llama");
        assertThat(shape.kvHeads()).as("as many as heads").isEqualTo(4);
        assertThat(shape.headSize()).as("hidden / heads").isEqualTo(2);
        assertThat(shape.normEpsilon()).isEqualTo(1e-6f);
        assertThat(shape.rope().pairing()).isEqualTo(Pairing.HALVES);
        assertThat(shape.contextLength()).isEqualTo(2048);
        assertThat(shape.layers())
                .containsExactly(new LayerShape(true, 0, 10), new LayerShape(true, 0, 10));
        assertThat(shape.attentionChunk()).isZero();
        assertThat(shape.temperature()).isEmpty();
        assertThat(shape.expertsPerToken()).isZero();
    }

    @Test
    void nullIsNotTheSameAsAbsent() {
        assertThat(SmallConfig.llama4().with("num_key_value_heads", "null").shape().kvHeads())
                .isEqualTo(4);
        assertThat(SmallConfig.llama4().with("head_dim", "null").shape().headSize()).isEqualTo(2);
        assertThat(SmallConfig.llama4().without("head_dim").shape().headSize()).isEqualTo(128);
        assertThat(
                        SmallConfig.llama4()
                                .with("attention_chunk_size", "null")
                                .shape()
                                .attentionChunk())
                .isZero();
        assertThat(
                        SmallConfig.llama4()
                                .with("moe_layers", "null")
                                .shape()
                                .layers()
                                .get(1)
                                .experts())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"4,true", "true,true", "1,true", "0,false", "false,false"})
    void temperatureTuningIsASwitchWhateverItsType(String json, boolean on) {
        assertThat(
                        SmallConfig.llama4()
                                .with("attn_temperature_tuning", json)
                                .with("floor_scale", "32.0")
                                .with("attn_scale", "0.25")
                                .shape()
                                .temperature())
                .isEqualTo(on ? Optional.of(new TemperatureShape(32, 0.25f)) : Optional.empty());
    }

    @Test
    void listsOfLayersWinOverSteps() {
        ModelShape shape =
                SmallConfig.llama4()
                        .with("moe_layers", "[0, 2]")
                        .with("no_rope_layers", "[0, 1, true, false]")
                        .shape();
        assertThat(shape.layers())
                .containsExactly(
                        new LayerShape(false, 3, 5),
                        new LayerShape(true, 0, 10),
                        new LayerShape(true, 3, 5),
                        new LayerShape(false, 0, 10));
        assertThat(SmallConfig.llama4().with("moe_layers", "[]").shape().expertsPerToken())
                .isZero();
        assertThat(SmallConfig.llama4().with("no_rope_layer_interval", "2").shape().layers())
                .extracting(LayerShape::rotary)
                .containsExactly(true, false, true, false);
    }

    @Test
    void layerTypesMustAgreeWithTheRotaryLayers() {
        String agreed =
                "[\"chunked_attention\", \"chunked_attention\", \"chunked_attention\", \"full_attention\"]";
        assertThat(SmallConfig.llama4().with("layer_types", agreed).shape().attentionChunk())
                .isEqualTo(8192);
        String full =
                "[\"full_attention\", \"full_attention\", \"full_attention\", \"full_attention\"]";
        assertThat(SmallConfig.llama4().with("layer_types", full).shape().attentionChunk())
                .isZero();
        assertRefused(
                SmallConfig.llama4().with("layer_types", agreed.replaceFirst("chunked", "full")),
                "layer_types[0] is \"full_attention\", expected chunked_attention");
        assertRefused(
                SmallConfig.llama4().with("layer_types", "[\"chunked_attention\"]"),
                "layer_types has 1 entries, expected 4");
    }

    @Test
    void bothSpellingsOfRotaryParameters() {
        List<Float> old =
                SmallConfig.llama4()
                        .with("rope_theta", "10000")
                        .with("rope_scaling", "{\"type\": \"linear\", \"factor\": 2}")
                        .shape()
                        .rope()
                        .frequencies();
        List<Float> newer =
                SmallConfig.llama4()
                        .with("rope_theta", "7")
                        .with(
                                "rope_parameters",
                                "{\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 10000}")
                        .shape()
                        .rope()
                        .frequencies();
        assertThat(old).isEqualTo(newer).startsWith(0.5f);
        assertThat(SmallConfig.llama4().with("rope_scaling", "{}").shape().rope())
                .isEqualTo(SmallConfig.llama4().shape().rope());
    }

    @Test
    void stopTokensMayBeOneOrManyAndGenerationConfigWins() {
        assertThat(SmallConfig.llama4().with("eos_token_id", "2").shape().stopTokens())
                .containsExactly(2);
        assertThat(SmallConfig.llama4().shape().stopTokens()).isEmpty();
        ModelConfig config = SmallConfig.llama4().with("eos_token_id", "[1, 2, 1]").parse();
        assertThat(config.shape(false, Optional.empty()).stopTokens()).containsExactly(1, 2);
        assertThat(
                        config.shape(false, Optional.of(section("{\"eos_token_id\": [3, 4]}")))
                                .stopTokens())
                .containsExactly(3, 4);
        assertThat(
                        config.shape(false, Optional.of(section("{\"eos_token_id\": null}")))
                                .stopTokens())
                .containsExactly(1, 2);
    }

    @Test
    void tiedEmbeddingsAreReadWhereTheyStand() {
        String tied = "{\"tie_word_embeddings\": true}";
        SmallConfig nested =
                new SmallConfig().with("model_type", "\"llama4\"").with("text_config", tied);
        assertThat(nested.with("tie_word_embeddings", "false").shape().tiedEmbeddings()).isTrue();
        assertThat(
                        nested.with("text_config", "{}")
                                .with("tie_word_embeddings", "true")
                                .shape()
                                .tiedEmbeddings())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "model_type|\"mistral\"|model_type is mistral, expected llama4",
                "hidden_act|\"gelu\"|hidden_act is gelu, expected silu",
                "partial_rotary_factor|0.5|partial_rotary_factor is 0.5",
                "rope_scaling|{\"rope_type\": \"yarn\", \"factor\": 4}|rope_scaling.rope_type is yarn",
                "rope_scaling|{\"type\": \"dynamic\", \"factor\": 4}|is dynamic, expected default, linear or llama3",
                "rope_scaling|{\"rope_type\": \"llama3\", \"factor\": 4}|rope_scaling.low_freq_factor is missing",
                "rope_scaling|{\"rope_type\": \"linear\", \"factor\": 0}|rope_scaling.factor is 0",
                "rope_parameters|{\"full_attention\": {\"rope_theta\": 1}}|rope_parameters differ by kind of layer",
                "rope_parameters|{\"partial_rotary_factor\": 0.25}|rope_parameters.partial_rotary_factor is 0.25",
                "rope_theta|0|rope_theta is 0",
                "rope_theta|1e308|rope_theta is 1.0E308",
                "rope_theta|1e400|rope_theta is",
                "rope_theta|\"500000\"|expected a number",
                "rms_norm_eps|-1|rms_norm_eps is -1",
                "rms_norm_eps|NaN|damaged JSON",
                "num_hidden_layers|2147483647|num_hidden_layers is 2147483647, expected a whole number from 1 to 4096",
                "num_hidden_layers|0|num_hidden_layers is 0",
                "num_hidden_layers|-4|num_hidden_layers is -4",
                "num_hidden_layers|4.5|num_hidden_layers is 4.5",
                "num_hidden_layers|1e308|num_hidden_layers is",
                "num_hidden_layers|99999999999999999999999999|num_hidden_layers is",
                "num_hidden_layers|\"4\"|num_hidden_layers is \"4\"",
                "num_hidden_layers|[4]|num_hidden_layers is [4]",
                "num_attention_heads|0|num_attention_heads is 0",
                "num_key_value_heads|0|num_key_value_heads is 0",
                "hidden_size|16777217|hidden_size is 16777217",
                "vocab_size|0|vocab_size is 0",
                "interleave_moe_layer_step|0|interleave_moe_layer_step is 0",
                "no_rope_layer_interval|0|no_rope_layer_interval is 0",
                "no_rope_layers|[1, 1, 1]|no_rope_layers has 3 entries, expected 4",
                "no_rope_layers|[1, 1, 1, 2]|no_rope_layers is 2, expected 0 or 1",
                "no_rope_layers|7|no_rope_layers is 7, expected a list",
                "moe_layers|[4]|moe_layers is 4, expected layers below 4",
                "moe_layers|[0.5]|moe_layers is 0.5",
                "attention_chunk_size|-1|attention_chunk_size is -1",
                "attention_chunk_size|4294967296|attention_chunk_size is 4294967296",
                "floor_scale|0|floor_scale is 0",
                "floor_scale|4.5|floor_scale is 4.5",
                "eos_token_id|-1|eos_token_id is -1",
                "eos_token_id|{}|eos_token_id is {}",
                "use_qk_norm|1|use_qk_norm is 1, expected true or false",
                "quantization_config|{\"quant_method\": \"gptq\"}|quantization_config.quant_method is gptq",
                "quantization_config|{\"quant_method\": \"awq\"}|quantization_config.quant_method is awq",
                "quantization_config|{\"quant_method\": \"bitsandbytes\"}|quantization_config.quant_method is bitsandbytes",
                "quantization_config|{\"quant_method\": \"compressed-tensors\", \"format\": \"marlin-24\"}|format is marlin-24",
                "quantization_config|{\"quant_method\": \"compressed-tensors\", \"sparsity_config\": {\"format\": \"sparse-24-bitmask\"}}|sparse-24-bitmask, expected dense",
                "quantization_config|{\"quant_method\": \"compressed-tensors\", \"config_groups\": {\"g\": {\"weights\": {\"num_bits\": 3, \"type\": \"int\"}}}}|3 and int",
                "quantization_config|{\"quant_method\": \"compressed-tensors\", \"config_groups\": {\"g\": {\"weights\": {\"num_bits\": 4, \"type\": \"float\"}}}}|4 and float",
                "quantization_config|{\"quant_method\": \"compressed-tensors\", \"config_groups\": {\"g\": {\"format\": \"nvfp4-pack-quantized\"}}}|format is nvfp4-pack-quantized",
                "quantization_config|{\"quant_method\": \"compressed-tensors\", \"transform_config\": {\"config_groups\": {\"u\": {\"type\": \"hadamard\"}}}}|rotations",
            })
    void whatIsNotSupportedIsRefusedByName(String key, String json, String part) {
        SmallConfig config = SmallConfig.llama4().with(key, json);
        assertThatThrownBy(
                        () -> {
                            ModelConfig parsed = config.parse();
                            parsed.shape(false, Optional.empty());
                            parsed.quantisation();
                        })
                .isInstanceOf(VerificationFailed.class)
                .hasMessageStartingWith("config.json: ")
                .hasMessageContaining(part);
    }

    @Test
    void headsMustDivideWhereTheirSizeIsNotGiven() {
        assertRefused(
                SmallConfig.llama().with("num_attention_heads", "3"),
                "num_attention_heads is 3, which does not divide 8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "7",
                "\"x\"",
                "{",
                "{}",
                "{} {}",
                "{'a': 1}",
                "{\"a\": 1,}",
                "{\"model_type\": \"llama\", \"model_type\": \"llama\"}",
                "{\"model_type\": 4}",
                "{\"model_type\": \"llama4\"}",
                "{\"model_type\": \"llama4\", \"text_config\": []}",
                "{\"model_type\": \"llama4\", \"text_config\": null}",
                "\u0000",
                "{\"a\": \"\ud800\"}"
            })
    void whatIsNoConfigurationIsRefused(String json) {
        assertThatThrownBy(() ->
                        ModelConfig.parse(SmallConfig.FILE, json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(VerificationFailed.class);
    }

    @Test
    void deepOrLongConfigurationsAreRefused() {
        assertRefusedText("{\"a\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertRefusedText("{\"a\": " + "{\"a\":".repeat(100) + "1" + "}".repeat(100) + "}");
        assertRefusedText("{\"a\": [" + "0,".repeat(2_000_001) + "0]}");
        assertRefusedText("{\"model_type\": 1" + "0".repeat(1000) + "}");
    }

    @Test
    void theNameIsTheLastPartOfAPath() {
        assertThat(
                        SmallConfig.llama4()
                                .with("_name_or_path", "\"meta-llama/Llama-4\"")
                                .parse()
                                .name())
                .contains("Llama-4");
        assertThat(SmallConfig.llama4().with("_name_or_path", "\"\"").parse().name()).isEmpty();
        assertThat(SmallConfig.llama4().parse().name()).isEmpty();
    }

    private static void assertRefusedText(String json) {
        assertThatThrownBy(() ->
                        ModelConfig.parse(SmallConfig.FILE, json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(VerificationFailed.class);
    }

    private static JsonSection section(String json) {
        return JsonSection.parse(SmallConfig.FILE, json.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(SmallConfig config, String part) {
        assertThatThrownBy(config::shape)
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(part);
    }
}
