package org.scout4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.SafetensorsFixture;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.backend.Routing;
import org.scout4j.backend.Tensor;

/**
 * The decoder against the official implementation, on small random checkpoints of the same
 * architecture (golden/README.md) and on the embedded model. Every position is compared: some
 * mistakes do not show at the last one.
 */
class DecoderGoldenTest {
    private static final float LOGIT_TOLERANCE = 1e-3f;
    private static final float QUANTISED_TOLERANCE = 2e-3f;
    private static final int NOTHING_BANNED = -1;

    private static final List<String> CHECKPOINTS =
            List.of(
                    "scout-tiny",
                    "maverick-tiny",
                    "scout-bf16-sharded",
                    "scout-mm-tiny",
                    "llama-dense-tiny",
                    "scout-odd",
                    "scout-top3",
                    "llama-bias");

    private static final List<String> GGUF_FILES =
            List.of(
                    "scout-tiny.f32",
                    "scout-tiny.f16-keys",
                    "scout-tiny.q8_0",
                    "scout-tiny.q4_0",
                    "maverick-tiny.f16",
                    "maverick-tiny.q8_0",
                    "llama-dense-tiny.f32",
                    "llama-dense-tiny.q8_0",
                    "llama-dense-tiny.q4_0",
                    "kquant.q2_k",
                    "kquant.q3_k_m",
                    "kquant.q4_k_m",
                    "kquant.q6_k",
                    "kquant.iq4_xs");

    static Stream<Arguments> checkpoints() {
        return crossedWithBackends(CHECKPOINTS);
    }

    static Stream<Arguments> ggufFiles() {
        return crossedWithBackends(GGUF_FILES);
    }

    static Stream<Arguments> quantisedCheckpoints() {
        return crossedWithBackends(List.of("scout-tiny-w4a16", "scout-tiny-fp8"));
    }

    private static Stream<Arguments> crossedWithBackends(List<String> names) {
        return names.stream()
                .flatMap(name ->
                        Stream.of("scalar", "vector").map(backend -> Arguments.of(name, backend)));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsEqualTheReferenceAtEveryPosition(String name, String backend) {
        SafetensorsFixture expected =
                SafetensorsFixture.open("model/" + name + "/expected.safetensors");
        try (RunningDecoder decoder = open("model/" + name, backend)) {
            for (String prompt : textPrompts(expected)) {
                int[] ids = expected.ints(prompt + ".input_ids");

                float[][] logits = decoder.logits(ids, 96);

                assertClose(logits, expected.floats(prompt + ".logits"), LOGIT_TOLERANCE, prompt);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void greedyTokensEqualTheReference(String name, String backend) {
        SafetensorsFixture expected =
                SafetensorsFixture.open("model/" + name + "/expected.safetensors");
        try (RunningDecoder decoder = open("model/" + name, backend)) {
            for (String prompt : textPrompts(expected)) {
                int[] ids = expected.ints(prompt + ".input_ids");
                int[] greedy = expected.ints(prompt + ".greedy.ids");

                assertThat(decoder.greedy(ids, greedy.length, NOTHING_BANNED))
                        .as(prompt)
                        .isEqualTo(greedy);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void hiddenStatesAndRouterChoicesEqualTheReference(String name, String backendName) {
        SafetensorsFixture expected =
                SafetensorsFixture.open("model/" + name + "/expected.safetensors");
        Backend backend = Backends.open(backendName, 2);
        Recorder recorder = new Recorder(backend);
        int compared = 0;
        try (RunningDecoder decoder =
                new RunningDecoder(RunningDecoder.golden("model/" + name), backend, 8, recorder)) {
            for (String prompt : textPrompts(expected)) {
                recorder.clear();
                decoder.logits(expected.ints(prompt + ".input_ids"), 96);
                compared += recorder.compare(expected, prompt);
            }
        }
        assertThat(compared).as("tensors compared").isPositive();
    }

    @ParameterizedTest
    @MethodSource("ggufFiles")
    void ggufLogitsEqualFloatMathOnTheSameWeights(String name, String backend) {
        SafetensorsFixture expected =
                SafetensorsFixture.open("gguf/" + name + ".expected.safetensors");
        try (RunningDecoder decoder = open("gguf/" + name + ".gguf", backend)) {
            for (String prompt : List.of("p0", "p1")) {
                int[] ids = expected.ints(prompt + ".input_ids");
                String keysHonoured = prompt + ".keys.logits";
                String logits =
                        expected.contains(keysHonoured) ? keysHonoured : prompt + ".float.logits";

                assertClose(
                        decoder.logits(ids, 96),
                        expected.floats(logits),
                        QUANTISED_TOLERANCE,
                        prompt);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("quantisedCheckpoints")
    void compressedCheckpointsEqualFloatMathOnTheSameWeights(String name, String backend) {
        SafetensorsFixture expected =
                SafetensorsFixture.open("quantised/" + name + "/expected.safetensors");
        try (RunningDecoder decoder = open("quantised/" + name, backend)) {
            for (String prompt : textPrompts(expected)) {
                int[] ids = expected.ints(prompt + ".input_ids");

                assertClose(
                        decoder.logits(ids, 96),
                        expected.floats(prompt + ".logits"),
                        LOGIT_TOLERANCE,
                        prompt);
            }
        }
    }

    /**
     * The reference keeps the 64 largest logits of each position. Where two experts were all but
     * equally good another summation order may choose the other one, and logits there and after
     * move: such prompts are compared up to there (README of the embedded model).
     */
    @ParameterizedTest
    @ValueSource(strings = {"chat", "turns", "tool"})
    void embeddedModelEqualsItsReference(String prompt) {
        SafetensorsFixture expected = SafetensorsFixture.open(nano("expected.safetensors"));
        int[] ids = expected.ints(prompt + ".input_ids");
        int[] topIds = expected.ints(prompt + ".logits.top_ids");
        float[] top = expected.floats(prompt + ".logits.top");
        float[] last = expected.floats(prompt + ".logits.last");
        int[] greedy = expected.ints(prompt + ".greedy.ids");
        try (RunningDecoder decoder = new RunningDecoder(nano("."), Backends.open("vector", 2))) {
            float[][] logits = decoder.logits(ids, 96);
            int kept = top.length / ids.length;
            for (int position = 0; position < ids.length; position++) {
                for (int i = position * kept; i < (position + 1) * kept; i++) {
                    assertThat(logits[position][topIds[i]])
                            .as("%s position %d id %d", prompt, position, topIds[i])
                            .isCloseTo(top[i], offset(QUANTISED_TOLERANCE));
                }
            }
            assertClose(new float[][] {logits[ids.length - 1]}, last, QUANTISED_TOLERANCE, prompt);
            int patch = 13;
            assertThat(decoder.greedy(ids, greedy.length, patch)).isEqualTo(greedy);
        }
    }

    @Test
    void logitsOfTheEmbeddedModelAreThoseOfTheScalarBackend() {
        SafetensorsFixture expected = SafetensorsFixture.open(nano("expected.safetensors"));
        int[] ids = expected.ints("chat.input_ids");
        try (RunningDecoder vector = new RunningDecoder(nano("."), Backends.open("vector", 2));
                RunningDecoder scalar = new RunningDecoder(nano("."), Backends.open("scalar", 1))) {
            float[] judged = flatten(scalar.logits(ids, 96));

            assertClose(vector.logits(ids, 96), judged, LOGIT_TOLERANCE, "chat");
        }
    }

    private static RunningDecoder open(String model, String backend) {
        return new RunningDecoder(RunningDecoder.golden(model), Backends.open(backend, 2));
    }

    private static Path nano(String file) {
        return Path.of("../models/scout-nano", file);
    }

    /** Prompts without images: the image cases are named otherwise. */
    private static List<String> textPrompts(SafetensorsFixture expected) {
        List<String> prompts =
                expected.names().stream()
                        .filter(name -> name.matches("p\\d+\\.input_ids"))
                        .map(name -> name.substring(0, name.indexOf('.')))
                        .toList();
        assertThat(prompts).isNotEmpty();
        return prompts;
    }

    private static void assertClose(
            float[][] actual, float[] expected, float tolerance, String what) {
        assertThat(actual.length * actual[0].length).as(what).isEqualTo(expected.length);
        for (int row = 0; row < actual.length; row++) {
            for (int column = 0; column < actual[row].length; column++) {
                float want = expected[row * actual[row].length + column];
                if (!(Math.abs(actual[row][column] - want) <= tolerance)) {
                    throw new AssertionError(
                            what
                                    + " row "
                                    + row
                                    + " column "
                                    + column
                                    + ": expected "
                                    + want
                                    + " within "
                                    + tolerance
                                    + ", got "
                                    + actual[row][column]);
                }
            }
        }
    }

    private static float[] flatten(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * rows[row].length, rows[row].length);
        }
        return flat;
    }

    /** Keeps what the decoder shows of one step. */
    private static final class Recorder implements DecoderTrace {
        private final Backend backend;
        private final Map<Integer, float[][]> hidden = new HashMap<>();
        private final Map<Integer, float[][]> scores = new HashMap<>();
        private final Map<Integer, int[]> choices = new HashMap<>();

        Recorder(Backend backend) {
            this.backend = backend;
        }

        void clear() {
            hidden.clear();
            scores.clear();
            choices.clear();
        }

        @Override
        public void hidden(int layer, Tensor tensor, int rows) {
            hidden.put(layer, copy(tensor, rows));
        }

        @Override
        public void routed(int layer, Tensor tensor, Routing routing, int rows) {
            scores.put(layer, copy(tensor, rows));
            List<Integer> best = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                best.add(routing.expert[row * routing.perToken]);
            }
            choices.put(layer, best.stream().mapToInt(Integer::intValue).toArray());
        }

        private float[][] copy(Tensor tensor, int rows) {
            float[][] copy = new float[rows][tensor.columns()];
            for (int row = 0; row < rows; row++) {
                backend.readRow(tensor, row, MemorySegment.ofArray(copy[row]));
            }
            return copy;
        }

        /** Compares with whatever the reference kept of this prompt; returns how many tensors. */
        int compare(SafetensorsFixture expected, String prompt) {
            int compared = 0;
            for (Map.Entry<Integer, float[][]> layer : hidden.entrySet()) {
                String name = prompt + ".hidden." + layer.getKey();
                if (expected.contains(name)) {
                    assertClose(layer.getValue(), expected.floats(name), LOGIT_TOLERANCE, name);
                    compared++;
                }
            }
            for (Map.Entry<Integer, int[]> layer : choices.entrySet()) {
                String name = prompt + ".router." + layer.getKey();
                assertThat(layer.getValue()).as(name).isEqualTo(expected.ints(name + ".choice"));
                compared++;
            }
            for (Map.Entry<Integer, float[][]> layer : scores.entrySet()) {
                String name = prompt + ".router." + layer.getKey() + ".logits";
                assertClose(layer.getValue(), expected.floats(name), LOGIT_TOLERANCE, name);
                compared++;
            }
            return compared;
        }
    }
}
