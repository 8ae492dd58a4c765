package org.scout4j.checkpoint.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.VerificationFailed;

/** {@code vision_config} (spec "Model" §1). */
class VisionConfigTest {

    private static VisionShape read(String json) {
        return VisionConfig.read(
                JsonSection.parse(Path.of("config.json"), json.replace('\'', '"').getBytes(UTF_8)));
    }

    @Test
    void scout() {
        assertThat(
                        read(
                                "{'hidden_size': 1408, 'num_hidden_layers': 34,"
                                        + " 'num_attention_heads': 16, 'intermediate_size': 5632,"
                                        + " 'image_size': 336, 'patch_size': 14,"
                                        + " 'pixel_shuffle_ratio': 0.5,"
                                        + " 'projector_input_dim': 4096,"
                                        + " 'projector_output_dim': 4096,"
                                        + " 'vision_output_dim': 4096, 'rope_theta': 10000,"
                                        + " 'norm_eps': 1e-05, 'hidden_act': 'gelu'}"))
                .isEqualTo(new VisionShape(336, 14, 1408, 16, 34, 5632, 2, 4096, 10_000f, 1e-5f));
    }

    @Test
    void defaults() {
        assertThat(read("{'hidden_size': 1408}"))
                .isEqualTo(new VisionShape(448, 14, 1408, 16, 34, 5632, 2, 4096, 10_000f, 1e-5f));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'intermediate_size': 5631 | intermediate_size is 5631, expected 5632",
                "'pixel_shuffle_ratio': 0.3 | pixel_shuffle_ratio is 0.3, expected one over",
                "'pixel_shuffle_ratio': 0 | pixel_shuffle_ratio is 0, expected a number from",
                "'pixel_shuffle_ratio': 1 | intermediate_size is 5632, expected 1408",
                "'projector_input_dim': 40 | projector_input_dim is 40, projector_output_dim 4096",
                "'vision_output_dim': 7680 | vision_output_dim 7680",
                "'image_size': -1 | image_size is -1, expected a whole number from 1",
                "'patch_size': 1e9 | patch_size is",
                "'num_channels': 1 | num_channels is 1, expected 3",
                "'norm_eps': 'x' | norm_eps is",
                "'hidden_size': 0 | hidden_size is 0",
            },
            quoteCharacter = '`')
    void contradictions(String field, String message) {
        assertThatThrownBy(() ->
                        read(
                                "{"
                                        + (field.contains("hidden_size")
                                                ? ""
                                                : "'hidden_size': 1408, ")
                                        + field
                                        + "}"))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(message);
    }
}
