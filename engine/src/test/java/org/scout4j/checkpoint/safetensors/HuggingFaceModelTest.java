package org.scout4j.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.checkpoint.safetensors.SafetensorsBytes.words;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.StoredValues;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.checkpoint.TensorSource.Scales;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/** How weights are found and straightened, on a model of a few hundred numbers. */
class HuggingFaceModelTest {
    private static final String EXPERTS = "model.layers.1.feed_forward.experts.";

    @Test
    void fusedExpertsAreSeenAsMatrices() {
        try (Checkpoint checkpoint = SmallModel.open(SmallConfig.llama4(), SmallModel.llama4(""))) {
            TensorSource gate = weight(checkpoint, WeightRole.EXPERT_GATE, 1, 0);
            TensorSource up = weight(checkpoint, WeightRole.EXPERT_UP, 1, 2);
            TensorSource down = weight(checkpoint, WeightRole.EXPERT_DOWN, 1, 1);
            assertThat(gate.layout()).isEqualTo(new Layout.ColumnMajor(10));
            assertThat(down.layout()).isEqualTo(new Layout.ColumnMajor(8));
            assertThat(down.shape()).isEqualTo(Shape.of(8, 5));
            // [experts, hidden, 2 width] counts up: gate (r, c) of expert e is at 80 e + 10 c + r.
            float first = StoredValues.value(gate, 0, 0);
            assertThat(StoredValues.value(gate, 4, 7)).isEqualTo(first + 74);
            assertThat(StoredValues.value(up, 0, 0)).isEqualTo(first + 165);
            assertThat(StoredValues.value(up, 4, 7)).isEqualTo(first + 239);
            // [experts, width, hidden]
            float start =
                    StoredValues.value(weight(checkpoint, WeightRole.EXPERT_DOWN, 1, 0), 0, 0);
            assertThat(StoredValues.value(down, 3, 2)).isEqualTo(start + 40 + 2 * 8 + 3);
            assertThat(up.bytes().byteSize()).isEqualTo(4 * (7 * 10 + 5));
        }
    }

    @Test
    void expertsOfTheirOwnAreFoundToo() {
        SafetensorsBytes files = SmallModel.llama4("");
        for (int layer : new int[] {1, 3}) {
            String in = "model.layers." + layer + ".feed_forward.experts.";
            files.without(in + "gate_up_proj").without(in + "down_proj");
            for (int expert = 0; expert < 3; expert++) {
                files.tensor(in + expert + ".gate_proj.weight", 5, 8)
                        .tensor(in + expert + ".up_proj.weight", 5, 8)
                        .tensor(in + expert + ".down_proj.weight", 8, 5);
            }
        }
        try (Checkpoint checkpoint = SmallModel.open(SmallConfig.llama4(), files)) {
            assertThat(weight(checkpoint, WeightRole.EXPERT_UP, 3, 2).layout())
                    .isEqualTo(Layout.ROW_MAJOR);
            assertThat(checkpoint.unused()).isEmpty();
        }
        assertRefused(
                SmallConfig.llama4(),
                files.without(EXPERTS + "2.up_proj.weight"),
                "tensor " + EXPERTS + "2.up_proj.weight is missing; expected [5, 8]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "language_model."})
    void namesMayHaveThePrefixOfMultimodalModels(String prefix) {
        try (Checkpoint checkpoint =
                SmallModel.open(
                        SmallConfig.llama4(),
                        SmallModel.llama4(prefix).tensor("vision_model.class_embedding", 4))) {
            assertThat(checkpoint.shape().vision())
                    .as("the configuration is of a text model")
                    .isEmpty();
            assertThat(checkpoint.unused()).hasSize(1);
        }
    }

    @Test
    void tiedModelsNeedNoHeadAndIgnoreOne() {
        SmallConfig tied = SmallConfig.llama().with("tie_word_embeddings", "true");
        try (Checkpoint checkpoint =
                SmallModel.open(tied, SmallModel.llama().without("lm_head.weight"))) {
            assertThat(checkpoint.weight(WeightRole.HEAD, 0, 0)).isEmpty();
        }
        assertRefused(
                SmallConfig.llama(),
                SmallModel.llama().without("lm_head.weight"),
                "tensor lm_head.weight is missing; expected [7, 8]");
    }

    @Test
    void biasesAreThereExactlyIfTheConfigurationSaysSo() {
        SafetensorsBytes biased = SmallModel.llama();
        for (int layer = 0; layer < 2; layer++) {
            String in = "model.layers." + layer + ".";
            for (String kind : List.of("q", "k", "v", "o")) {
                biased.tensor(in + "self_attn." + kind + "_proj.bias", 8);
            }
            biased.tensor(in + "mlp.gate_proj.bias", 10)
                    .tensor(in + "mlp.up_proj.bias", 10)
                    .tensor(in + "mlp.down_proj.bias", 8);
        }
        SmallConfig config =
                SmallConfig.llama().with("attention_bias", "true").with("mlp_bias", "true");
        try (Checkpoint checkpoint = SmallModel.open(config, biased)) {
            assertThat(weight(checkpoint, WeightRole.UP_BIAS, 1, 0).shape())
                    .isEqualTo(Shape.of(10));
            assertThat(weight(checkpoint, WeightRole.KEY_BIAS, 0, 0).shape())
                    .isEqualTo(Shape.of(8));
        }
        assertRefused(
                SmallConfig.llama(),
                biased,
                "attention_bias is false in config.json, but model.layers.0.self_attn.q_proj.bias is there");
        assertRefused(
                config,
                SmallModel.llama(),
                "attention_bias is true in config.json, but model.layers.0.self_attn.q_proj.bias is missing");
    }

    @Test
    void layersBeyondTheCountAreNotDroppedInSilence() {
        assertRefused(
                SmallConfig.llama4().with("num_hidden_layers", "3"),
                SmallModel.llama4(""),
                "lies beyond the 3 layers of config.json");
    }

    @Test
    void wrongShapesAndTypesAreNamed() {
        assertRefused(
                SmallConfig.llama4(),
                SmallModel.llama4("").tensor("model.layers.2.self_attn.k_proj.weight", 12, 9),
                "tensor model.layers.2.self_attn.k_proj.weight has the shape [12, 9], expected [12, 8]");
        assertRefused(
                SmallConfig.llama4(),
                SmallModel.llama4("")
                        .tensor("model.norm.weight", "I32", new long[] {8}, new byte[32]),
                "stored as I32, which holds no weights");
        assertRefused(
                SmallConfig.llama4(),
                SmallModel.llama4("")
                        .tensor("lm_head.weight", "I8", new long[] {7, 8}, new byte[56]),
                "stored as I8, which holds no weights");
        assertRefused(
                SmallConfig.llama4(),
                SmallModel.llama4("").tensor(EXPERTS + "gate_up_proj", 3, 10, 8),
                EXPERTS + "gate_up_proj is F32[3, 10, 8], expected [3, 8, 10]");
    }

    @Test
    void nansInNormsAndFactorsAreFound() {
        byte[] nan = SafetensorsBytes.le(32).putFloat(28, Float.POSITIVE_INFINITY).array();
        assertRefused(
                SmallConfig.llama4(),
                SmallModel.llama4("").tensor("model.norm.weight", "F32", new long[] {8}, nan),
                "model.norm.weight: element 7 is not a finite number");
        assertRefused(
                compressed(""),
                eightBit("model.layers.0.self_attn.o_proj", 8, 24)
                        .tensor(
                                "model.layers.0.self_attn.o_proj.weight_scale",
                                "F32",
                                new long[] {8, 1},
                                nan),
                "o_proj.weight_scale: element 7 is not a finite number");
    }

    @Test
    void factorsForTheWholeMatrix() {
        for (long[] shape : new long[][] {{}, {1}, {1, 1}}) {
            Scales scales = scales(compressed(""), "weight_scale", shape);
            assertThat(scales.rowsPerGroup()).isEqualTo(8);
            assertThat(scales.columnsPerGroup()).isEqualTo(24);
            assertThat(scales.factors().shape()).isEqualTo(Shape.of(1, 1));
        }
    }

    @Test
    void factorsForRows() {
        for (long[] shape : new long[][] {{8}, {8, 1}}) {
            Scales scales = scales(compressed(""), "weight_scale", shape);
            assertThat(scales.rowsPerGroup()).isEqualTo(1);
            assertThat(scales.columnsPerGroup()).isEqualTo(24);
            assertThat(scales.factors().shape()).isEqualTo(Shape.of(8, 1));
        }
    }

    @Test
    void factorsForBlocksHaveTheSizesOfTheConfiguration() {
        Scales scales = scales(compressed(", \"block_structure\": [5, 16]"), "weight_scale", 2, 2);
        assertThat(scales.rowsPerGroup()).isEqualTo(5);
        assertThat(scales.columnsPerGroup()).isEqualTo(16);
        Scales even = scales(compressed(""), "weight_scale", 2, 4);
        assertThat(even.rowsPerGroup()).isEqualTo(4);
        assertThat(even.columnsPerGroup()).isEqualTo(6);
        Scales inverse =
                scales(
                        SmallConfig.llama4()
                                .with(
                                        "quantization_config",
                                        "{\"quant_method\": \"fp8\", \"weight_block_size\": [4, 12]}"),
                        "weight_scale_inv",
                        2,
                        2);
        assertThat(inverse.rowsPerGroup()).isEqualTo(4);
        assertThat(inverse.columnsPerGroup()).isEqualTo(12);
    }

    @Test
    void factorsThatFitNothingAreRefused() {
        String in = "model.layers.0.self_attn.o_proj";
        for (long[] shape : new long[][] {{3, 1}, {8, 5}, {8, 0}, {0, 1}, {7}, {8, 1, 1}}) {
            assertRefused(
                    compressed(""),
                    eightBit(in, 8, 24).tensor(in + ".weight_scale", shape),
                    "o_proj.weight_scale is F32");
        }
        assertRefused(compressed(""), eightBit(in, 8, 24), "o_proj.weight lacks its weight_scale");
        assertRefused(
                compressed(""),
                eightBit(in, 8, 24)
                        .tensor(in + ".weight_scale", "I32", new long[] {8}, new byte[32]),
                "expected factors in F32, F16 or BF16");
    }

    @Test
    void eightBitIntegersNeedFactorsAndNoZeroPoints() {
        String in = "model.layers.0.self_attn.o_proj";
        SafetensorsBytes files =
                SmallModel.llama4("")
                        .tensor(in + ".weight", "I8", new long[] {8, 24}, new byte[192])
                        .tensor(in + ".weight_scale", 8, 1)
                        .tensor(in + ".weight_zero_point", "I8", new long[] {8, 1}, new byte[8]);
        try (Checkpoint checkpoint = SmallModel.open(compressed(""), files)) {
            TensorSource weight = weight(checkpoint, WeightRole.ATTENTION_OUTPUT, 0, 0);
            assertThat(weight.dtype()).isEqualTo(DType.I8);
            assertThat(Objects.requireNonNull(weight.scales()).zeroPoints()).isNull();
            assertThat(checkpoint.unused()).isEmpty();
        }
        assertRefused(
                compressed(""),
                files.tensor(
                        in + ".weight_zero_point",
                        "I8",
                        new long[] {8, 1},
                        new byte[] {0, 0, 0, 1, 0, 0, 0, 0}),
                "asymmetric 8-bit weights");
    }

    @Test
    void fusedExpertsInEightBitsHaveOneFactorARow() {
        SafetensorsBytes files = SmallModel.llama4("");
        for (int layer : new int[] {1, 3}) {
            String in = "model.layers." + layer + ".feed_forward.experts.";
            files.tensor(in + "gate_up_proj", "F8_E4M3", new long[] {3, 8, 10}, counting(240))
                    .tensor(in + "gate_up_proj_scale", 3, 1, 10)
                    .tensor(in + "down_proj", "F8_E4M3", new long[] {3, 5, 8}, counting(120))
                    .tensor(in + "down_proj_scale", 3, 8, 1);
        }
        SmallConfig config =
                SmallConfig.llama4()
                        .with("quantization_config", "{\"quant_method\": \"fbgemm_fp8\"}");
        try (Checkpoint checkpoint = SmallModel.open(config, files)) {
            float gateScale =
                    StoredValues.value(factors(checkpoint, WeightRole.EXPERT_GATE, 1, 0), 0, 0);
            assertThat(StoredValues.value(factors(checkpoint, WeightRole.EXPERT_UP, 1, 2), 4, 0))
                    .isEqualTo(gateScale + 29);
            float downScale =
                    StoredValues.value(factors(checkpoint, WeightRole.EXPERT_DOWN, 1, 0), 0, 0);
            TensorSource down = weight(checkpoint, WeightRole.EXPERT_DOWN, 1, 1);
            assertThat(Objects.requireNonNull(down.scales()).columnsPerGroup()).isEqualTo(5);
            // byte 40 + 2 * 8 + 3 = 59 = 0x3b: exponent 7, mantissa 3, so 1.375
            assertThat(StoredValues.value(down, 3, 2)).isEqualTo(1.375f * (downScale + 8 + 3));
            assertThat(checkpoint.unused()).isEmpty();
        }
        assertRefused(
                config,
                files.without(EXPERTS + "down_proj_scale"),
                "experts.down_proj lacks its _scale");
    }

    @Test
    void fourBitWordsWithZeroPointsAndActivationOrder() {
        SafetensorsBytes files = packed(24, 3, 8);
        String in = "model.layers.0.self_attn.o_proj.";
        // nibbles 0..7 in the only word of each column group: row r has zero r − 8
        files.tensor(
                        in + "weight_zero_point",
                        "I32",
                        new long[] {1, 3},
                        words(0x76543210, 0x76543210, 0x76543210))
                .tensor(
                        in + "weight_g_idx",
                        "I32",
                        new long[] {24},
                        words(IntStream.range(0, 24).map(column -> column % 3).toArray()));
        try (Checkpoint checkpoint = SmallModel.open(compressed(""), files)) {
            TensorSource weight = weight(checkpoint, WeightRole.ATTENTION_OUTPUT, 0, 0);
            assertThat(weight.dtype()).isEqualTo(DType.PACKED_INT4);
            assertThat(weight.shape()).isEqualTo(Shape.of(8, 24));
            Scales scales = Objects.requireNonNull(weight.scales());
            assertThat(scales.columnsPerGroup()).isEqualTo(8);
            assertThat(scales.groupOfColumn()).hasSize(24).startsWith(0, 1, 2, 0);
            // All words are 0xfedcba98: the nibble of column c is 8 + c % 8, its value c % 8.
            float factor = StoredValues.value(scales.factors(), 5, 1);
            assertThat(StoredValues.value(weight, 5, 4)).isEqualTo((4 - (5 - 8)) * factor);
            assertThat(checkpoint.unused()).isEmpty();
        }
    }

    @Test
    void anUnusedActivationOrderIsNone() {
        String in = "model.layers.0.self_attn.o_proj.";
        byte[] minusOne = new byte[96];
        Arrays.fill(minusOne, (byte) -1);
        try (Checkpoint checkpoint =
                SmallModel.open(
                        compressed(""),
                        packed(24, 3, 8)
                                .tensor(in + "weight_g_idx", "I32", new long[] {24}, minusOne))) {
            Scales scales =
                    Objects.requireNonNull(
                            weight(checkpoint, WeightRole.ATTENTION_OUTPUT, 0, 0).scales());
            assertThat(scales.groupOfColumn()).isNull();
        }
        byte[] beyond = new byte[96];
        beyond[40] = 3;
        assertRefused(
                compressed(""),
                packed(24, 3, 8).tensor(in + "weight_g_idx", "I32", new long[] {24}, beyond),
                "weight_g_idx names group 3 of 3");
    }

    @Test
    void fourBitWordsThatContradictThemselvesAreRefused() {
        String in = "model.layers.0.self_attn.o_proj.";
        assertRefused(
                compressed(""),
                packed(24, 3, 8).without(in + "weight_scale"),
                "lacks its weight_scale");
        assertRefused(
                compressed(""),
                packed(24, 5, 8),
                "weight_scale is F32[8, 5], expected factors that 24 columns share");
        // eight bits in words: half as many weights in a word
        assertRefused(
                compressed(""),
                packed(24, 3, 8)
                        .tensor(in + "weight_packed", "I32", new long[] {8, 6}, new byte[192]),
                "weight_packed is I32[8, 6], expected I32[8, 3] of eight 4-bit weights");
        assertRefused(
                compressed(""),
                packed(24, 3, 8)
                        .tensor(
                                in + "weight_shape",
                                "I64",
                                new long[] {2},
                                SafetensorsBytes.le(16).putLong(8).putLong(-24).array()),
                "weight_shape is 8, -24");
        assertRefused(
                compressed(""),
                packed(24, 3, 8)
                        .tensor(
                                in + "weight_shape",
                                "I64",
                                new long[] {2},
                                SafetensorsBytes.le(16).putLong(8).putLong(32).array()),
                "weight_packed is I32[8, 3], expected I32[8, 4]");
        assertRefused(
                compressed(""),
                packed(24, 3, 8)
                        .tensor(in + "weight_zero_point", "I32", new long[] {8, 3}, new byte[96]),
                "weight_zero_point is I32[8, 3], expected I32[1, 3]");
    }

    /** The output projection of layer 0 as [rows, columns / 8] words with factors for groups. */
    private static SafetensorsBytes packed(int columns, int groups, int rows) {
        String in = "model.layers.0.self_attn.o_proj.";
        int[] words = new int[rows * columns / 8];
        Arrays.fill(words, 0xfedcba98);
        return SmallModel.llama4("")
                .without(in + "weight")
                .tensor(in + "weight_packed", "I32", new long[] {rows, columns / 8}, words(words))
                .tensor(in + "weight_scale", rows, groups)
                .tensor(
                        in + "weight_shape",
                        "I64",
                        new long[] {2},
                        SafetensorsBytes.le(16).putLong(rows).putLong(columns).array());
    }

    private static SafetensorsBytes eightBit(String module, int rows, int columns) {
        return SmallModel.llama4("")
                .tensor(
                        module + ".weight",
                        "F8_E4M3",
                        new long[] {rows, columns},
                        new byte[rows * columns]);
    }

    private static Scales scales(SmallConfig config, String name, long... shape) {
        String in = "model.layers.0.self_attn.o_proj";
        try (Checkpoint checkpoint =
                SmallModel.open(config, eightBit(in, 8, 24).tensor(in + "." + name, shape))) {
            assertThat(checkpoint.unused()).isEmpty();
            return Objects.requireNonNull(
                    weight(checkpoint, WeightRole.ATTENTION_OUTPUT, 0, 0).scales());
        }
    }

    private static SmallConfig compressed(String more) {
        return SmallConfig.llama4()
                .with(
                        "quantization_config",
                        """
                        {"quant_method": "compressed-tensors",
                         "config_groups": {"g": {"weights": {"num_bits": 8, "type": "float"%s}}}}
                        """
                                .formatted(more));
    }

    private static byte[] counting(int bytes) {
        byte[] counting = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            counting[i] = (byte) i;
        }
        return counting;
    }

    private static TensorSource factors(
            Checkpoint checkpoint, WeightRole role, int layer, int expert) {
        return Objects.requireNonNull(weight(checkpoint, role, layer, expert).scales()).factors();
    }

    private static TensorSource weight(
            Checkpoint checkpoint, WeightRole role, int layer, int expert) {
        return checkpoint.weight(role, layer, expert).orElseThrow();
    }

    private static void assertRefused(SmallConfig config, SafetensorsBytes tensors, String part) {
        assertThatThrownBy(() -> SmallModel.open(config, tensors))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(part);
    }
}
