package org.scout4j.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;

/** Whole folders: shards and their index, links, and what lies beside the weights. */
class ModelFolderTest {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String NORM = "model.norm.weight";

    @TempDir Path temporary;
    private Path folder = Path.of("");

    @BeforeEach
    void twoShards() throws IOException {
        folder = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(folder.resolve("config.json"), SmallConfig.llama().json());
        Files.write(folder.resolve("a.safetensors"), SmallModel.llama().without(NORM).bytes());
        Files.write(
                folder.resolve("b.safetensors"), new SafetensorsBytes().tensor(NORM, 8).bytes());
        index("\"lm_head.weight\": \"a.safetensors\", \"" + NORM + "\": \"b.safetensors\"");
    }

    @Test
    void shardsAreOpenedAsTheIndexNamesThem() {
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.files())
                    .containsExactly(
                            folder.resolve("a.safetensors"), folder.resolve("b.safetensors"));
            assertThat(checkpoint.tensors()).hasSize(21);
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Files.delete(folder.resolve("b.safetensors"));
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("lacks b.safetensors");
    }

    @Test
    void aTensorMissingFromItsShardIsNamed() throws IOException {
        index("\"lm_head.weight\": \"b.safetensors\", \"" + NORM + "\": \"a.safetensors\"");
        assertRefused("tensor lm_head.weight is not in b.safetensors");
        index("\"x\": \"a.safetensors\", \"" + NORM + "\": \"b.safetensors\"");
        assertRefused("tensor x is not in a.safetensors");
    }

    @Test
    void aTensorInTwoShardsIsRefused() throws IOException {
        Files.write(folder.resolve("a.safetensors"), SmallModel.llama().bytes());
        assertRefused("tensor " + NORM + " is also in a.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "/etc/passwd",
                "../b.safetensors",
                "sub/b.safetensors",
                "b.safetensors/",
                "..\\\\b.safetensors",
                "b.safetensors\\u0000",
                "",
                "..",
                "b.safetensors ",
                "C:b.safetensors",
                "b.gguf"
            })
    void shardsAreNamedByPlainNamesOnly(String name) throws IOException {
        index("\"" + NORM + "\": \"" + name + "\"");
        assertRefused("expected the plain name of a .safetensors file beside it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": []}",
                "{\"weight_map\": {\"a\": 1}}",
                "{\"weight_map\": {\"a\": \"a.safetensors\", \"a\": \"b.safetensors\"}}",
                "{\"weight_map\": {\"a\": \"a.safetensors\"}",
                "{\"weight_map\": {\"a\": \"a.safetensors\"}} x"
            })
    void damagedIndexesAreRefused(String json) throws IOException {
        Files.writeString(folder.resolve(INDEX), json);
        assertThatThrownBy(() -> Checkpoints.open(folder)).isInstanceOf(VerificationFailed.class);
    }

    @Test
    void linksMayNotLeadOut() throws IOException {
        Path elsewhere = temporary.resolve("elsewhere.safetensors");
        Files.move(folder.resolve("b.safetensors"), elsewhere);
        Files.createSymbolicLink(folder.resolve("b.safetensors"), elsewhere);
        assertRefused("a link that leads out of the model's folder");
        Files.delete(folder.resolve("b.safetensors"));
        Files.move(elsewhere, folder.resolve("real.safetensors"));
        Files.createSymbolicLink(folder.resolve("b.safetensors"), Path.of("real.safetensors"));
        Checkpoints.open(folder).close();
    }

    @Test
    void theDownloadCacheOfHuggingFaceIsInside() throws IOException {
        Path repository = Files.createDirectories(temporary.resolve("models--a--b"));
        Path blobs = Files.createDirectory(repository.resolve("blobs"));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve("abc"));
        int number = 0;
        for (String name : new String[] {"config.json", "a.safetensors", "b.safetensors", INDEX}) {
            Path blob = blobs.resolve("blob" + number++);
            Files.move(folder.resolve(name), blob);
            Files.createSymbolicLink(snapshot.resolve(name), snapshot.relativize(blob));
        }
        Checkpoints.open(snapshot).close();
        Path link = Files.createSymbolicLink(temporary.resolve("current"), snapshot);
        Checkpoints.open(link).close();
    }

    @Test
    void aLinkToNothingIsNamed() throws IOException {
        Files.delete(folder.resolve("b.safetensors"));
        Files.createSymbolicLink(folder.resolve("b.safetensors"), folder.resolve("gone"));
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContaining("b.safetensors");
    }

    @Test
    void aFolderInPlaceOfAFileIsRefused() throws IOException {
        Files.delete(folder.resolve("b.safetensors"));
        Files.createDirectory(folder.resolve("b.safetensors"));
        assertRefused("expected a file, found a directory");
    }

    @Test
    void emptyFilesAreRefused() throws IOException {
        Files.write(folder.resolve("b.safetensors"), new byte[0]);
        assertRefused("the file is empty");
        Files.write(folder.resolve("config.json"), new byte[0]);
        assertThatThrownBy(() -> Checkpoints.open(folder)).isInstanceOf(VerificationFailed.class);
    }

    @Test
    void generationConfigNamesTheStopTokens() throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [5, 6]}");
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.shape().stopTokens()).containsExactly(5, 6);
        }
    }

    @Test
    void tokenizerFilesInOrderOfPreference() throws IOException {
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.tokenizerData()).isEqualTo(new TokenizerData.None(folder));
        }
        Path tiktoken = Files.write(folder.resolve("tokenizer.model"), new byte[1]);
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.tokenizerData()).isEqualTo(new TokenizerData.Tiktoken(tiktoken));
        }
        Path json = Files.write(folder.resolve("tokenizer.json"), new byte[1]);
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.tokenizerData()).isEqualTo(new TokenizerData.HuggingFace(json));
        }
    }

    @Test
    void chatTemplatesInOrderOfPreference() throws IOException {
        Files.writeString(
                folder.resolve("chat_template.json"), "{\"chat_template\": \"processor\"}");
        assertTemplate("processor");
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"},"
                        + " {\"name\": \"default\", \"template\": \"named\"}]}");
        assertTemplate("named");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"one\"}");
        assertTemplate("one");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ file }}");
        assertTemplate("{{ file }}");
    }

    @Test
    void damagedSideFilesAreNamed() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": 7}");
        assertRefused("tokenizer_config.json: chat_template is 7, expected a string");
    }

    @Test
    void licenceOfTheModelCardOrTheFileThatHoldsIt() throws IOException {
        Files.writeString(folder.resolve("LICENSE"), "text");
        assertLicence("LICENSE");
        Files.writeString(
                folder.resolve("README.md"), "---\nlanguage: en\nlicense: apache-2.0\n---\n# x");
        assertLicence("apache-2.0");
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlicense: other\nlicense_name: \"llama4\"\n---\n");
        assertLicence("llama4");
        Files.writeString(folder.resolve("README.md"), "# title\nlicense: mit\n");
        assertLicence("LICENSE");
        Files.write(folder.resolve("README.md"), new byte[] {'-', '-', '-', '\n', (byte) 0xff});
        assertLicence("LICENSE");
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(
                folder.resolve(INDEX),
                "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {" + weightMap + "}}",
                StandardCharsets.UTF_8);
    }

    private void assertTemplate(String expected) {
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.chatTemplate()).contains(expected);
        }
    }

    private void assertLicence(String expected) {
        try (Checkpoint checkpoint = Checkpoints.open(folder)) {
            assertThat(checkpoint.licence()).contains(expected);
        }
    }

    private void assertRefused(String part) {
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining(part);
    }
}
