package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.checkpoint.ModelShape.Pairing;
import org.scout4j.checkpoint.ModelShape.RopeShape;
import org.scout4j.checkpoint.ModelShape.TemperatureShape;

/**
 * Shapes of the golden models, spelled out from their config.json; frequencies are those of
 * golden/generate/numpy_reference.py.
 */
class GoldenShapesTest {
    private static final VisionShape VISION =
            new VisionShape(84, 14, 48, 4, 3, 192, 2, 40, 10_000f, 1e-5f);
    private static final List<Float> TINY_FREQUENCIES =
            List.of(
                    1.0f,
                    0.012120171f,
                    0.002350377f,
                    0.00045579154f,
                    8.838835e-05f,
                    1.7140512e-05f,
                    3.3239348e-06f,
                    6.445866e-07f);
    private static final List<Float> MAVERICK_FREQUENCIES =
            List.of(
                    1.0f,
                    0.095839985f,
                    0.0125f,
                    0.003952847f,
                    0.00125f,
                    0.0003952847f,
                    0.000125f,
                    3.952847e-05f);
    private static final List<Float> DENSE_FREQUENCIES =
            List.of(
                    1.0f,
                    0.06713304f,
                    0.0011751885f,
                    0.00022789577f,
                    4.4194174e-05f,
                    8.570256e-06f,
                    1.6619674e-06f,
                    3.222933e-07f);

    @Test
    void scoutTiny() {
        assertThat(shape("model/scout-tiny"))
                .isEqualTo(
                        new ModelShape(
                                "llama4",
                                320,
                                64,
                                4,
                                2,
                                16,
                                repeated(
                                        2,
                                        rotary(4, 32),
                                        rotary(4, 32),
                                        rotary(4, 32),
                                        still(4, 32)),
                                1e-5f,
                                new RopeShape(Pairing.ADJACENT, TINY_FREQUENCIES),
                                16,
                                true,
                                Optional.of(new TemperatureShape(4, 0.5f)),
                                1,
                                false,
                                4096,
                                Optional.of(301),
                                List.of(302, 308, 309),
                                Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantised/scout-tiny-w4a16", "quantised/scout-tiny-fp8"})
    void quantisedModelsHaveTheSameShape(String model) {
        assertThat(shape(model)).isEqualTo(shape("model/scout-tiny"));
    }

    @Test
    void maverickTiny() {
        assertThat(shape("model/maverick-tiny"))
                .isEqualTo(
                        new ModelShape(
                                "llama4",
                                320,
                                32,
                                4,
                                2,
                                16,
                                List.of(
                                        rotary(0, 96),
                                        rotary(128, 32),
                                        rotary(0, 96),
                                        still(128, 32)),
                                1e-5f,
                                new RopeShape(Pairing.ADJACENT, MAVERICK_FREQUENCIES),
                                16,
                                false,
                                Optional.of(new TemperatureShape(8, 0.4f)),
                                1,
                                false,
                                4096,
                                Optional.of(301),
                                List.of(302, 308, 309),
                                Optional.empty()));
    }

    @Test
    void shardedScoutWithListsOfLayers() {
        assertThat(shape("model/scout-bf16-sharded"))
                .isEqualTo(
                        new ModelShape(
                                "llama4",
                                320,
                                80,
                                5,
                                1,
                                16,
                                List.of(
                                        rotary(0, 112),
                                        still(8, 48),
                                        rotary(8, 48),
                                        rotary(0, 112)),
                                1e-5f,
                                new RopeShape(
                                        Pairing.ADJACENT,
                                        List.of(
                                                1.0f,
                                                0.31622776f,
                                                0.1f,
                                                0.031622775f,
                                                0.01f,
                                                0.0031622776f,
                                                0.001f,
                                                0.00031622776f)),
                                8,
                                true,
                                Optional.empty(),
                                1,
                                false,
                                2048,
                                Optional.of(301),
                                List.of(302, 308, 309),
                                Optional.empty()));
    }

    @Test
    void multimodalScout() {
        assertThat(shape("model/scout-mm-tiny"))
                .isEqualTo(
                        new ModelShape(
                                "llama4",
                                336,
                                64,
                                4,
                                2,
                                16,
                                List.of(rotary(4, 32), rotary(4, 32), rotary(4, 32), still(4, 32)),
                                1e-5f,
                                new RopeShape(
                                        Pairing.ADJACENT,
                                        List.of(
                                                1.0f,
                                                0.19392274f,
                                                0.03760603f,
                                                0.0072926646f,
                                                0.0014142136f,
                                                1.7140512e-05f,
                                                3.3239348e-06f,
                                                6.445866e-07f)),
                                64,
                                true,
                                Optional.of(new TemperatureShape(32, 0.5f)),
                                1,
                                false,
                                4096,
                                Optional.of(317),
                                List.of(318, 324, 325),
                                Optional.of(VISION)));
    }

    @Test
    void denseLlama() {
        assertThat(shape("model/llama-dense-tiny"))
                .isEqualTo(
                        new ModelShape(
                                "llama",
                                320,
                                64,
                                4,
                                2,
                                16,
                                repeated(4, rotary(0, 160)),
                                1e-5f,
                                new RopeShape(Pairing.HALVES, DENSE_FREQUENCIES),
                                0,
                                false,
                                Optional.empty(),
                                0,
                                true,
                                4096,
                                Optional.of(301),
                                List.of(302, 308, 309),
                                Optional.empty()));
    }

    /** What GGUF does not say is 8192, 8192 and 0.1; the rest equals config.json. */
    @ParameterizedTest
    @ValueSource(strings = {"f32", "q8_0", "q4_0"})
    void scoutTinyAsGguf(String type) {
        ModelShape hf = shape("model/scout-tiny");
        ModelShape gguf = shape("gguf/scout-tiny." + type + ".gguf");
        assertThat(gguf.attentionChunk()).isEqualTo(8192);
        assertThat(gguf.temperature()).contains(new TemperatureShape(8192, 0.1f));
        assertSame(gguf, hf, 8192, Optional.of(new TemperatureShape(8192, 0.1f)));
    }

    @Test
    void scoutTinyAsGgufWithOptionalKeys() {
        ModelShape hf = shape("model/scout-tiny");
        assertSame(
                shape("gguf/scout-tiny.f16-keys.gguf"),
                hf,
                16,
                Optional.of(new TemperatureShape(4, 0.5f)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f16", "q8_0"})
    void maverickTinyAsGgufHasNoNormOfQueriesAndKeys(String type) {
        assertSame(
                shape("gguf/maverick-tiny." + type + ".gguf"),
                shape("model/maverick-tiny"),
                8192,
                Optional.of(new TemperatureShape(8192, 0.1f)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f32", "q8_0", "q4_0"})
    void denseLlamaAsGgufRotatesAdjacentPairs(String type) {
        ModelShape gguf = shape("gguf/llama-dense-tiny." + type + ".gguf");
        assertThat(gguf.rope().pairing()).isEqualTo(Pairing.ADJACENT);
        assertSame(gguf, shape("model/llama-dense-tiny"), 0, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"q2_k", "q3_k_m", "q4_k_m", "q6_k", "iq4_xs"})
    void kQuantsHaveExpertsInTheLastLayerOnly(String type) {
        ModelShape shape = shape("gguf/kquant." + type + ".gguf");
        assertThat(shape.layers())
                .containsExactly(rotary(0, 256), rotary(0, 256), rotary(0, 256), still(2, 256));
        assertThat(shape.heads()).isEqualTo(4);
        assertThat(shape.kvHeads()).isEqualTo(1);
        assertThat(shape.headSize()).isEqualTo(64);
        assertThat(shape.normaliseQueriesAndKeys()).isTrue();
    }

    @Test
    void scoutNano() {
        try (Checkpoint checkpoint = Checkpoints.open(GoldenFiles.scoutNano())) {
            ModelShape shape = checkpoint.shape();
            assertThat(shape.architecture()).isEqualTo("llama4");
            assertThat(shape.vocabulary()).isEqualTo(49_152);
            assertThat(shape.hidden()).isEqualTo(576);
            assertThat(shape.heads()).isEqualTo(9);
            assertThat(shape.kvHeads()).isEqualTo(3);
            assertThat(shape.headSize()).isEqualTo(64);
            assertThat(shape.layers())
                    .isEqualTo(
                            repeated(
                                    10,
                                    rotary(0, 1536),
                                    rotary(0, 1536),
                                    rotary(0, 1536),
                                    still(4, 64)));
            assertThat(shape.rope().pairing()).isEqualTo(Pairing.ADJACENT);
            // No rope_freqs in the file: 100000^(-2j/64).
            assertThat(shape.rope().frequencies()).hasSize(32).startsWith(1.0f);
            assertThat(shape.rope().frequencies().get(16)).isEqualTo((float) Math.pow(1e5, -0.5));
            assertThat(shape.normaliseQueriesAndKeys()).isFalse();
            assertThat(shape.temperature()).contains(new TemperatureShape(8192, 0.1f));
            assertThat(shape.attentionChunk()).isEqualTo(8192);
            assertThat(shape.expertsPerToken()).isEqualTo(1);
            assertThat(shape.tiedEmbeddings()).isTrue();
            assertThat(shape.contextLength()).isEqualTo(8192);
            assertThat(shape.bosToken()).contains(0);
            assertThat(shape.stopTokens()).containsExactly(2, 5, 4);
            assertThat(shape.vision())
                    .contains(new VisionShape(112, 14, 192, 6, 4, 768, 2, 384, 10_000f, 1e-5f));
        }
    }

    private static void assertSame(
            ModelShape gguf, ModelShape hf, int chunk, Optional<TemperatureShape> temperature) {
        assertThat(gguf.stopTokens()).containsExactlyInAnyOrderElementsOf(hf.stopTokens());
        assertThat(gguf.rope().frequencies()).hasSameSizeAs(hf.rope().frequencies());
        for (int pair = 0; pair < hf.rope().frequencies().size(); pair++) {
            float expected = hf.rope().frequencies().get(pair);
            // The divisors are float32 themselves.
            assertThat(Math.abs(gguf.rope().frequencies().get(pair) / expected - 1))
                    .as("frequency %d", pair)
                    .isLessThan(3e-7f);
        }
        assertThat(gguf)
                .isEqualTo(
                        new ModelShape(
                                hf.architecture(),
                                hf.vocabulary(),
                                hf.hidden(),
                                hf.heads(),
                                hf.kvHeads(),
                                hf.headSize(),
                                hf.layers(),
                                hf.normEpsilon(),
                                gguf.rope(),
                                chunk,
                                hf.normaliseQueriesAndKeys(),
                                temperature,
                                hf.expertsPerToken(),
                                hf.tiedEmbeddings(),
                                hf.contextLength(),
                                hf.bosToken(),
                                gguf.stopTokens(),
                                Optional.empty()));
    }

    private static ModelShape shape(String relative) {
        try (Checkpoint checkpoint = Checkpoints.open(golden(relative))) {
            return checkpoint.shape();
        }
    }

    private static LayerShape rotary(int experts, int width) {
        return new LayerShape(true, experts, width);
    }

    private static LayerShape still(int experts, int width) {
        return new LayerShape(false, experts, width);
    }

    private static List<LayerShape> repeated(int times, LayerShape... layers) {
        List<LayerShape> all = new ArrayList<>();
        IntStream.range(0, times).forEach(_ -> Collections.addAll(all, layers));
        return all;
    }
}
