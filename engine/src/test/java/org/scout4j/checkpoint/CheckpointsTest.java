package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.checkpoint.GoldenFiles.golden;
import static org.scout4j.checkpoint.GoldenFiles.scoutNano;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scout4j.checkpoint.WeightPlan.Slot;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.Shape;

class CheckpointsTest {
    private static final String FIRST = "scout-nano-q4_1-00001-of-00002.gguf";
    private static final String SECOND = "scout-nano-q4_1-00002-of-00002.gguf";

    @TempDir Path folder;

    static Stream<Path> everyModel() throws IOException {
        try (Stream<Path> hf = Files.list(golden("model"));
                Stream<Path> quantised = Files.list(golden("quantised"));
                Stream<Path> gguf = Files.list(golden("gguf"))) {
            return Stream.of(
                    hf,
                    quantised,
                    gguf.filter(f -> f.toString().endsWith(".gguf")),
                    Stream.of(scoutNano()))
                    .flatMap(s -> s)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("everyModel")
    void everyRoleOfEveryGoldenModelIsThereInItsShape(Path model) {
        try (Checkpoint checkpoint = Checkpoints.open(model)) {
            WeightPlan plan = new WeightPlan(checkpoint.shape());
            List<Slot> slots = plan.slots().filter(s -> !plan.optional(s.role())).toList();
            assertThat(slots).hasSizeGreaterThan(8 * checkpoint.shape().layers().size());
            for (Slot slot : slots) {
                TensorSource weight =
                        checkpoint.weight(slot.role(), slot.layer(), slot.expert()).orElseThrow();
                Shape expected = plan.extents(slot.role(), slot.layer());
                assertThat(weight.shape()).as("%s", slot).isEqualTo(expected);
                assertThat(weight.bytes().isReadOnly()).isTrue();
                if (weight.layout() instanceof TensorSource.Layout.RowMajor) {
                    assertThat(weight.bytes().byteSize())
                            .as("%s", slot)
                            .isEqualTo(weight.dtype().bytes(expected.columns()) * expected.rows());
                }
            }
            assertThat(checkpoint.path()).isEqualTo(model);
        }
    }

    @Test
    void rolesThatAModelDoesNotHaveAreEmpty() {
        try (Checkpoint checkpoint = Checkpoints.open(golden("model/llama-dense-tiny"))) {
            assertThat(checkpoint.weight(WeightRole.HEAD, 0, 0)).as("tied").isEmpty();
            assertThat(checkpoint.weight(WeightRole.ROUTER, 1, 0)).isEmpty();
            assertThat(checkpoint.weight(WeightRole.EXPERT_GATE, 1, 7)).isEmpty();
            assertThat(checkpoint.weight(WeightRole.QUERY_BIAS, 1, 0)).isEmpty();
            assertThatThrownBy(() -> checkpoint.weight(WeightRole.QUERY, 4, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> checkpoint.weight(WeightRole.EMBEDDING, 1, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void whatLiesBesideTheWeightsIsFound() {
        try (Checkpoint checkpoint = Checkpoints.open(golden("model/scout-tiny"))) {
            assertThat(checkpoint.tokenizerData())
                    .isEqualTo(
                            new TokenizerData.HuggingFace(
                                    golden("model/scout-tiny").resolve("tokenizer.json")));
            assertThat(checkpoint.chatTemplate()).isEmpty();
            assertThat(checkpoint.licence()).isEmpty();
            assertThat(checkpoint.tensors()).hasSize(99);
            assertThat(checkpoint.unused()).isEmpty();
            assertThat(checkpoint.files())
                    .containsExactly(golden("model/scout-tiny").resolve("model.safetensors"));
        }
    }

    @Test
    void everyVisionWeightHasItsExtents() {
        for (Path model : List.of(golden("model/scout-mm-tiny"), scoutNano())) {
            try (Checkpoint checkpoint = Checkpoints.open(model)) {
                VisionPlan plan =
                        new VisionPlan(
                                checkpoint.shape().vision().orElseThrow(),
                                checkpoint.shape().hidden());
                for (VisionPlan.Slot slot : plan.slots().toList()) {
                    TensorSource weight = checkpoint.visionWeight(slot.role(), slot.layer());
                    assertThat(weight.shape()).as("%s", slot).isEqualTo(plan.extents(slot.role()));
                }
                assertThat(checkpoint.unused()).isEmpty();
                assertThatThrownBy(() -> checkpoint.visionWeight(VisionRole.QUERY, 4))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void modelsWithoutVisionHaveNoVisionWeights() {
        try (Checkpoint checkpoint = Checkpoints.open(golden("model/scout-tiny"))) {
            assertThat(checkpoint.shape().vision()).isEmpty();
            assertThatThrownBy(() -> checkpoint.visionWeight(VisionRole.QUERY, 0))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void quantisationCompanionsCountAsUsed() {
        try (Checkpoint packed = Checkpoints.open(golden("quantised/scout-tiny-w4a16"));
                Checkpoint eight = Checkpoints.open(golden("quantised/scout-tiny-fp8"))) {
            assertThat(packed.unused()).isEmpty();
            assertThat(eight.unused()).isEmpty();
        }
    }

    @Test
    void aFolderOfOneSplitModelWithItsVisionPart() {
        try (Checkpoint checkpoint = Checkpoints.open(scoutNano())) {
            assertThat(checkpoint.files())
                    .containsExactly(
                            scoutNano().resolve(FIRST),
                            scoutNano().resolve(SECOND),
                            scoutNano().resolve("mmproj-scout-nano-q8_0.gguf"));
            assertThat(checkpoint.tensors()).hasSize(402 + 74);
            assertThat(checkpoint.unused()).isEmpty();
            assertThat(checkpoint.name()).contains("scout-nano");
            assertThat(checkpoint.licence()).contains("apache-2.0");
            assertThat(checkpoint.chatTemplate().orElseThrow()).startsWith("{%- macro lit(v) -%}");
            TokenizerData.Gguf tables = (TokenizerData.Gguf) checkpoint.tokenizerData();
            assertThat(tables.model()).isEqualTo("gpt2");
            assertThat(tables.preTokenizer()).contains("smollm");
            assertThat(tables.tokens()).hasSize(49_152).startsWith("<|begin_of_text|>");
            assertThat(tables.tokenTypes()).hasSize(49_152).startsWith(3).endsWith(1);
            assertThat(tables.merges()).hasSize(48_900).startsWith("Ġ t");
            assertThat(tables.bosToken()).contains(0);
            assertThat(tables.eosToken()).contains(2);
            assertThat(tables.endOfTurnToken()).contains(2);
            assertThat(tables.addBos()).contains(true);
        }
    }

    @Test
    void anyPartNamesTheWholeModel() {
        try (Checkpoint checkpoint = Checkpoints.open(scoutNano().resolve(SECOND))) {
            assertThat(checkpoint.files().getFirst()).isEqualTo(scoutNano().resolve(FIRST));
            assertThat(checkpoint.tensors()).hasSize(402 + 74);
        }
    }

    @Test
    void missingPartsAreNamed() throws IOException {
        Files.copy(scoutNano().resolve(SECOND), folder.resolve(SECOND));
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve(SECOND)))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining(FIRST);
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining(FIRST);
    }

    @Test
    void aPartUnderAnotherNameCannotFindTheOthers() throws IOException {
        Files.copy(scoutNano().resolve(SECOND), folder.resolve("part.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("part.gguf")))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("one of 2 parts");
    }

    @Test
    void partsOfDifferentPlacesDoNotGoTogether() throws IOException {
        Files.copy(scoutNano().resolve(SECOND), folder.resolve(FIRST));
        Files.copy(scoutNano().resolve(SECOND), folder.resolve(SECOND));
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("split.no is 1, expected 0");
    }

    @Test
    void aVisionPartAloneIsNoModel() {
        assertThatThrownBy(
                        () -> Checkpoints.open(scoutNano().resolve("mmproj-scout-nano-q8_0.gguf")))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("vision part");
    }

    @Test
    void nothingThereSaysWhatWasLookedFor() {
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("*.gguf");
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("absent")))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("absent does not exist");
    }

    /** As repositories of GGUF files often look. */
    @Test
    void aConfigurationBesideGgufDoesNotMatter() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.copy(golden("gguf/scout-tiny.q4_0.gguf"), folder.resolve("model.gguf"));
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.files()).containsExactly(folder.resolve("model.gguf"));
        }
    }

    @Test
    void picklesAreNotRead() throws IOException {
        Files.write(folder.resolve("pytorch_model.bin"), new byte[] {1});
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("pickles");
    }

    @Test
    void severalModelsInAFolderAreNamed() throws IOException {
        Files.write(folder.resolve("a.gguf"), new byte[] {1});
        Files.write(folder.resolve("b.gguf"), new byte[] {1});
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("a.gguf, b.gguf");
    }

    @Test
    void aShardAloneAsksForItsFolder() {
        assertThatThrownBy(() ->
                        Checkpoints.open(golden("model/scout-tiny").resolve("model.safetensors")))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("one file of a model folder");
    }

    @Test
    void emptyFilesAndOtherFilesAreRefused() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(empty))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("the file is empty");
        Path text = Files.writeString(folder.resolve("text.gguf"), "<!DOCTYPE html>");
        assertThatThrownBy(() -> Checkpoints.open(text))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("not a GGUF file");
    }

    @Test
    void linksAreFollowedButNotIntoTheVoid() throws IOException {
        Path link = folder.resolve("link.gguf");
        Files.createSymbolicLink(link, golden("gguf/scout-tiny.f32.gguf"));
        try (Checkpoint checkpoint = Checkpoints.open(link)) {
            assertThat(checkpoint.shape().hidden()).isEqualTo(64);
        }
        Path dangling = folder.resolve("dangling.gguf");
        Files.createSymbolicLink(dangling, folder.resolve("nowhere"));
        assertThatThrownBy(() -> Checkpoints.open(dangling))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("a link to nothing");
        Path loop = folder.resolve("loop.gguf");
        Files.createSymbolicLink(loop, loop);
        assertThatThrownBy(() -> Checkpoints.open(loop)).isInstanceOf(ModelNotFound.class);
    }

    @Test
    void withoutPermissionTheErrorSaysSo() throws IOException {
        Path secret = Files.createDirectory(folder.resolve("secret"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        try {
            Assumptions.assumeFalse(Files.isReadable(secret), "the superuser may read everything");
            assertThatThrownBy(() -> Checkpoints.open(secret))
                    .isInstanceOf(VerificationFailed.class)
                    .hasMessageContaining("permission");
        } finally {
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void closingUnmapsAndMayBeRepeated() {
        Checkpoint checkpoint = Checkpoints.open(golden("gguf/scout-tiny.f32.gguf"));
        TensorSource norm = checkpoint.weight(WeightRole.FINAL_NORM, 0, 0).orElseThrow();
        checkpoint.close();
        checkpoint.close();
        assertThatThrownBy(() -> norm.bytes().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
