package org.scout4j.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.MappedCheckpoint;
import org.scout4j.checkpoint.Mutation;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.VisionRole;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.ScoutException;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.Shape;

/** The vision part of GGUF models: which file holds it, and what its numbers and names mean. */
class GgufVisionTest {
    private static final long SEED = 0x7115;
    private static final VisionShape TINY =
            new VisionShape(84, 14, 48, 4, 3, 192, 2, 40, 10_000f, 1e-5f);
    private static final VisionShape SMALL =
            new VisionShape(8, 2, 8, 2, 1, 6, 2, 5, 10_000f, 1e-5f);

    @TempDir Path folder;

    /** A vision part for {@link SmallGguf}: 16 patches of 2 by 2 pixels, one layer. */
    private static GgufBytes small() {
        GgufBytes gguf =
                new GgufBytes()
                        .text("general.architecture", "clip")
                        .text("clip.projector_type", "llama4")
                        .flag("clip.has_vision_encoder", true)
                        .u32("clip.vision.projection_dim", SmallGguf.HIDDEN)
                        .u32("clip.vision.image_size", 8)
                        .u32("clip.vision.patch_size", 2)
                        .u32("clip.vision.embedding_length", 8)
                        .u32("clip.vision.feed_forward_length", 6)
                        .u32("clip.vision.block_count", 1)
                        .u32("clip.vision.attention.head_count", 2)
                        .u32("clip.vision.projector.scale_factor", 2)
                        .f32("clip.vision.attention.layer_norm_epsilon", 1e-5f)
                        .tensor("v.class_embd", 8)
                        .tensor("v.position_embd.weight", 8, 17)
                        .tensor("v.patch_embd.weight", 12, 8)
                        .tensor("mm.model.mlp.1.weight", 32, 5)
                        .tensor("mm.model.mlp.2.weight", 5, 5)
                        .tensor("mm.model.fc.weight", 5, SmallGguf.HIDDEN);
        halves(gguf, "image_mean", 0.5f);
        halves(gguf, "image_std", 0.5f);
        for (String norm : List.of("v.pre_ln", "v.post_ln", "v.blk.0.ln1", "v.blk.0.ln2")) {
            gguf.tensor(norm + ".weight", 8).tensor(norm + ".bias", 8);
        }
        for (String kind : List.of("q", "k", "v", "out")) {
            gguf.tensor("v.blk.0.attn_" + kind + ".weight", 8, 8)
                    .tensor("v.blk.0.attn_" + kind + ".bias", 8);
        }
        return gguf.tensor("v.blk.0.ffn_up.weight", 8, 6)
                .tensor("v.blk.0.ffn_up.bias", 6)
                .tensor("v.blk.0.ffn_down.weight", 6, 8)
                .tensor("v.blk.0.ffn_down.bias", 8);
    }

    private static GgufBytes halves(GgufBytes gguf, String name, float last) {
        byte[] values = GgufBytes.le(12).putFloat(0.5f).putFloat(0.5f).putFloat(last).array();
        return gguf.array("clip.vision." + name, GgufBytes.F32, 3, values);
    }

    private static Checkpoint open(GgufBytes text, GgufBytes vision) {
        GgufFile file = vision.parse();
        assertThat(GgufVision.misfit(file, SmallGguf.HIDDEN)).isEmpty();
        return MappedCheckpoint.verified(
                GgufVision.add(GgufModel.of(GgufBytes.FILE, List.of(text.parse())), file),
                Arena.ofConfined());
    }

    private static void assertRefused(UnaryOperator<GgufBytes> change, String message) {
        assertThatThrownBy(() -> open(SmallGguf.llama4(), change.apply(small())).close())
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(message);
    }

    @Test
    void numbersAndDefaults() {
        try (Checkpoint checkpoint = open(SmallGguf.llama4(), small())) {
            assertThat(checkpoint.shape().vision()).contains(SMALL);
            assertThat(checkpoint.unused()).isEmpty();
        }
        try (Checkpoint checkpoint =
                open(
                        SmallGguf.llama4(),
                        small().without("clip.vision.projector.scale_factor")
                                .without("clip.vision.image_mean")
                                .without("clip.vision.image_std")
                                .without("clip.has_vision_encoder")
                                .without("clip.vision.attention.layer_norm_epsilon"))) {
            assertThat(checkpoint.shape().vision()).contains(SMALL);
        }
    }

    @Test
    void bothNamesOfTheSecondNorm() {
        for (String name : List.of("f32", "f32-attn_post_norm")) {
            try (Checkpoint checkpoint = tiny(name);
                    Checkpoint twin = Checkpoints.open(golden("model/scout-mm-tiny"))) {
                assertThat(checkpoint.shape().vision()).contains(TINY);
                assertThat(checkpoint.shape().vision()).isEqualTo(twin.shape().vision());
                TensorSource gain = checkpoint.visionWeight(VisionRole.FEED_FORWARD_NORM, 2);
                TensorSource same = twin.visionWeight(VisionRole.FEED_FORWARD_NORM, 2);
                assertThat(gain.bytes().mismatch(same.bytes())).isEqualTo(-1);
            }
        }
    }

    @Test
    void aKernelOfPatchesIsTheSameMatrix() {
        GgufBytes kernel = small().without("v.patch_embd.weight");
        kernel.tensor("v.patch_embd.weight", 2, 2, 3, 8);
        try (Checkpoint checkpoint = open(SmallGguf.llama4(), kernel)) {
            assertThat(checkpoint.visionWeight(VisionRole.PATCH_EMBEDDING, 0).shape())
                    .isEqualTo(Shape.of(8, 12));
        }
        assertRefused(
                g -> g.without("v.patch_embd.weight").tensor("v.patch_embd.weight", 2, 3, 2, 8),
                "has the shape [8, 2, 3, 2], expected [8, 12]");
    }

    @ParameterizedTest
    @CsvSource({
        "image_size, 9, patches of 2 pixels do not divide tiles of 9",
        "image_size, 2, squares of 2 by 2 patches do not divide a grid of 1",
        "image_size, 0, image_size is 0",
        "image_size, 16384, patches in a tile are more than any model has",
        "patch_size, 4, 'tensor v.patch_embd.weight has the shape [8, 12], expected [8, 48]'",
        "patch_size, 4294967295, patch_size is 4294967295",
        "embedding_length, 16, 'tensor v.patch_embd.weight has the shape [8, 12]'",
        "embedding_length, 9, heads do not divide the vision width 9",
        "attention.head_count, 4, into heads of a multiple of 4",
        "attention.head_count, 0, head_count is 0",
        "block_count, 2, tensor v.blk.1.ln1.weight is missing",
        "feed_forward_length, 7, 'v.blk.0.ffn_up.weight has the shape [6, 8], expected [7, 8]'",
        "projector.scale_factor, 3, squares of 3 by 3 patches",
        "projector.scale_factor, 4, 'mm.model.mlp.1.weight has the shape [5, 32]'",
    })
    void wrongNumbers(String key, long value, String message) {
        assertRefused(g -> g.u32("clip.vision." + key, value), message);
    }

    @Test
    void whatChangesTheMathematicsIsRefused() {
        assertRefused(g -> halves(g, "image_mean", 0.48f), "image_mean is [0.5, 0.5, 0.47999");
        assertRefused(g -> halves(g, "image_std", Float.NaN), "image_std is [0.5, 0.5, NaN]");
        assertRefused(g -> g.flag("clip.use_silu", true), "only GELU is supported");
        assertRefused(g -> g.flag("clip.has_vision_encoder", false), "has_vision_encoder is false");
        assertRefused(g -> g.tensor("v.blk.0.attn_q.scale", 1), "separate scale factors");
        assertRefused(
                g -> g.tensor("v.blk.1.ln1.weight", 8), "lies beyond the 1 layers of clip.vision");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v.class_embd",
                "v.position_embd.weight",
                "v.blk.0.attn_out.bias",
                "v.blk.0.ln2.bias",
                "mm.model.mlp.2.weight",
                "mm.model.fc.weight"
            })
    void missingTensorsAreNamed(String name) {
        assertRefused(g -> g.without(name), "tensor " + name + " is missing");
    }

    @Test
    void smallTensorsAreScannedForNumbersThatAreNone() {
        byte[] bias = GgufBytes.le(32).putFloat(20, Float.NaN).array();
        assertRefused(
                g -> g.tensor("v.blk.0.attn_k.bias", GgufBytes.TYPE_F32, new long[] {8}, bias),
                "v.blk.0.attn_k.bias: element 5 is not a finite number");
    }

    /** ollama keeps the vision part of Llama 4 in the model's file under names of its own. */
    @Test
    void aVisionPartInsideTheModelIsNotRead() {
        GgufBytes both =
                SmallGguf.llama4()
                        .u32("llama4.vision.block_count", 34)
                        .tensor("v.patch_embedding.weight", 12, 8)
                        .tensor("mm.linear_1.weight", 5, 8);
        try (Checkpoint checkpoint = SmallGguf.open(both)) {
            assertThat(checkpoint.shape().vision()).isEmpty();
            assertThat(checkpoint.unused()).hasSize(2);
        }
        try (Checkpoint checkpoint = open(both, small())) {
            assertThat(checkpoint.shape().vision()).contains(SMALL);
        }
    }

    @Test
    void damagedHeadersAndTruncatedFiles() throws IOException {
        byte[] bytes = Files.readAllBytes(mmproj("f32"));
        byte[] scratch = bytes.clone();
        SplittableRandom random = new SplittableRandom(SEED);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            Mutation.damage(bytes, scratch, 4096, random);
            refused += refused(scratch, "damage " + i);
        }
        assertThat(refused).as("most damages are noticed").isGreaterThan(100);
        for (byte[] part : Mutation.truncated(bytes, 200, random)) {
            assertThat(refused(part, "cut to " + part.length)).isEqualTo(1);
        }
    }

    private static int refused(byte[] bytes, String which) {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile text = SmallTextModel.parse();
            GgufFile file = GgufFile.parse(GgufBytes.FILE, MemorySegment.ofArray(bytes));
            if (GgufVision.misfit(file, 64).isPresent()) {
                return 1;
            }
            MappedCheckpoint.verified(
                    GgufVision.add(GgufModel.of(GgufBytes.FILE, List.of(text)), file), arena);
            return 0;
        } catch (ScoutException expected) {
            return 1;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(which + ", seed " + SEED, e);
        }
    }

    /** The text model that the tiny vision part fits. */
    private static final class SmallTextModel {
        static GgufFile parse() {
            try {
                return GgufFile.parse(
                        GgufBytes.FILE,
                        MemorySegment.ofArray(
                                Files.readAllBytes(golden("gguf/scout-tiny.q4_0.gguf"))));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Path mmproj(String name) {
        return golden("mmproj/scout-mm-tiny.mmproj." + name + ".gguf");
    }

    private static Checkpoint tiny(String name) {
        return Checkpoints.open(golden("gguf/scout-tiny.q4_0.gguf"), Optional.of(mmproj(name)));
    }

    private Path model() throws IOException {
        return Files.copy(golden("gguf/scout-tiny.q4_0.gguf"), folder.resolve("model.gguf"));
    }

    private void put(String name, GgufBytes gguf) throws IOException {
        Files.write(folder.resolve(name), gguf.bytes());
    }

    @Test
    void theOneBesideTheModelThatFitsIsTaken() throws IOException {
        Path model = model();
        try (Checkpoint checkpoint = Checkpoints.open(model)) {
            assertThat(checkpoint.shape().vision()).as("none there").isEmpty();
        }
        Path part = Files.copy(mmproj("f32"), folder.resolve("MMPROJ-model-f32.gguf"));
        put("other-mmproj.gguf", small()); // of another width
        put("foreign-mmproj.gguf", small().text("clip.projector_type", "pixtral"));
        put("text-mmproj.gguf", SmallGguf.llama4());
        for (Path named : List.of(model, folder)) {
            try (Checkpoint checkpoint = Checkpoints.open(named)) {
                assertThat(checkpoint.shape().vision()).contains(TINY);
                assertThat(checkpoint.files()).containsExactly(model, part);
            }
        }
    }

    @Test
    void severalThatFitAreNamedAndOneMayBeChosen() throws IOException {
        Path model = model();
        Files.copy(mmproj("f32"), folder.resolve("mmproj-a.gguf"));
        Path second = Files.copy(mmproj("f32"), folder.resolve("mmproj-b.gguf"));
        assertThatThrownBy(() -> Checkpoints.open(model))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("2 vision parts")
                .hasMessageContaining("mmproj-a.gguf, mmproj-b.gguf");
        try (Checkpoint checkpoint = Checkpoints.open(model, Optional.of(second))) {
            assertThat(checkpoint.files()).containsExactly(model, second);
        }
        try (Checkpoint checkpoint = Checkpoints.openText(model)) {
            assertThat(checkpoint.shape().vision()).isEmpty();
            assertThat(checkpoint.files()).containsExactly(model);
        }
    }

    @Test
    void aDamagedOneIsPassedOverOnlyIfAnotherFits() throws IOException {
        Path model = model();
        byte[] whole = Files.readAllBytes(mmproj("f32"));
        Files.write(folder.resolve("mmproj-cut.gguf"), Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Checkpoints.open(model))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("mmproj-cut.gguf");
        Files.write(folder.resolve("mmproj-whole.gguf"), whole);
        try (Checkpoint checkpoint = Checkpoints.open(model)) {
            assertThat(checkpoint.shape().vision()).contains(TINY);
        }
    }

    @Test
    void oneThatIsNamedMustFit() throws IOException {
        Path model = model();
        put("small.gguf", small());
        Path small = folder.resolve("small.gguf");
        assertThatThrownBy(() -> Checkpoints.open(model, Optional.of(small)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("projection_dim is 8, expected the model's width 64");
        assertThatThrownBy(() -> Checkpoints.open(model, Optional.of(model)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("not a vision part (mmproj)");
        assertThatThrownBy(() -> Checkpoints.open(model, Optional.of(folder.resolve("absent"))))
                .isInstanceOf(ModelNotFound.class);
        assertThatThrownBy(() ->
                        Checkpoints.open(golden("model/scout-mm-tiny"), Optional.of(mmproj("f32"))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("safetensors");
    }
}
