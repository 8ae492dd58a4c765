package org.scout4j.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSummary;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.checkpoint.VisionRole;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatFormatsTest {
    private static final Path NANO = Path.of("../models/scout-nano");
    private static final Set<String> TURN_TOKENS =
            Set.of(
                    SpecialTokens.BEGIN_OF_TEXT,
                    SpecialTokens.HEADER_START,
                    SpecialTokens.HEADER_END,
                    SpecialTokens.END_OF_TURN);

    /** A checkpoint of which only the parts that matter for chat exist. */
    private record Publication(
            @Nullable String template, TokenizerData tokenizerData, ModelShape shape)
            implements Checkpoint {
        @Override
        public Path path() {
            return Path.of("model");
        }

        @Override
        public Optional<TensorSource> weight(WeightRole role, int layer, int expert) {
            throw new AssertionError("a chat format needs no weights");
        }

        @Override
        public TensorSource visionWeight(VisionRole role, int layer) {
            throw new AssertionError("a chat format needs no weights");
        }

        @Override
        public List<TensorSummary> tensors() {
            return List.of();
        }

        @Override
        public Optional<String> chatTemplate() {
            return Optional.ofNullable(template);
        }

        @Override
        public Optional<String> licence() {
            return Optional.empty();
        }

        @Override
        public Optional<String> name() {
            return Optional.empty();
        }

        @Override
        public List<Path> files() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private static Publication publication(@Nullable String template) {
        return new Publication(template, new TokenizerData.None(Path.of("model")), shape());
    }

    private static ModelShape shape() {
        return new ModelShape(
                "llama",
                1 << 17,
                8,
                1,
                1,
                8,
                List.of(new ModelShape.LayerShape(true, 0, 8)),
                1e-5f,
                new ModelShape.RopeShape(ModelShape.Pairing.HALVES, List.of(1f, 1f, 1f, 1f)),
                0,
                false,
                Optional.empty(),
                0,
                false,
                64,
                Optional.of(1 << 16),
                List.of((1 << 16) + 1),
                Optional.empty());
    }

    private static TokenizerData.Gguf gguf(Optional<Boolean> addBegin) {
        return new TokenizerData.Gguf(
                Path.of("model.gguf"),
                "gpt2",
                Optional.of("smollm"),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(1 << 16),
                Optional.of((1 << 16) + 1),
                Optional.empty(),
                addBegin);
    }

    private static int[] hello(Optional<ChatFormat> format) {
        return format.orElseThrow().render(Conversation.of(List.of(Message.user("hi")))).tokens();
    }

    @Test
    void thePublishedVocabularyHasItsOwnFormat() {
        assertThat(ChatFormats.choose(publication("never used {%"), ChatFixtures.LLAMA4))
                .containsInstanceOf(Llama4Format.class);
    }

    @Test
    void otherwiseTheTemplateOfTheCheckpointDecides() {
        Tokenizer tokenizer = new WordTokenizer(TURN_TOKENS);
        assertThat(ChatFormats.choose(publication("x"), tokenizer))
                .containsInstanceOf(TemplateFormat.class);
        assertThat(ChatFormats.choose(publication(null), tokenizer))
                .containsInstanceOf(Llama4Format.class);
        assertThat(ChatFormats.choose(publication(null), new WordTokenizer(Set.of("<s>"))))
                .isEmpty();
    }

    @Test
    void aTemplateThatCannotBeReadIsADamagedFile() {
        Tokenizer tokenizer = new WordTokenizer(Set.of("<s>", "</s>"));
        assertThatExceptionOfType(VerificationFailed.class)
                .isThrownBy(
                        () -> ChatFormats.choose(publication("a\n{% include 'x' %}"), tokenizer))
                .withMessageContaining("line 2")
                .withMessageContaining("unsupported tag 'include'");
    }

    @Test
    void beginAndEndComeFromTheFile() {
        WordTokenizer tokenizer = new WordTokenizer(Set.of("</s>", "<s>"));
        Map<Integer, String> names = tokenizer.special().byId();
        int begin = 1 << 16;
        int end = begin + 1;
        assertThat(names).containsEntry(begin, "</s>").containsEntry(end, "<s>");
        String template = "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}";
        assertThat(hello(ChatFormats.choose(publication(template), tokenizer)))
                .containsExactly(begin, 'h', 'i', end);
        for (Boolean add : new Boolean[] {true, false}) {
            Publication file = new Publication(template, gguf(Optional.of(add)), shape());
            assertThat(hello(ChatFormats.choose(file, tokenizer)))
                    .containsExactly(begin, 'h', 'i', end);
        }
    }

    @Test
    void aBeginIsAddedOnlyWhereTheFileSaysSo() {
        WordTokenizer tokenizer = new WordTokenizer(Set.of("</s>", "<s>"));
        String template = "{{ messages[0].content }}";
        assertThat(hello(ChatFormats.choose(publication(template), tokenizer)))
                .containsExactly('h', 'i');
        assertThat(
                        hello(
                                ChatFormats.choose(
                                        new Publication(template, gguf(Optional.of(true)), shape()),
                                        tokenizer)))
                .containsExactly(1 << 16, 'h', 'i');
        assertThat(
                        hello(
                                ChatFormats.choose(
                                        new Publication(template, gguf(Optional.empty()), shape()),
                                        tokenizer)))
                .containsExactly('h', 'i');
    }

    /**
     * The embedded model through its own files: the prompts that its reference values were made
     * with.
     */
    @Test
    void theEmbeddedModelReadsWhatItWasTrainedOn() throws IOException {
        try (Checkpoint checkpoint =
                Checkpoints.open(NANO.resolve("scout-nano-q4_1-00001-of-00002.gguf"))) {
            Tokenizer tokenizer = Tokenizers.load(checkpoint.tokenizerData());
            ChatFormat format = ChatFormats.choose(checkpoint, tokenizer).orElseThrow();
            assertThat(format).isInstanceOf(TemplateFormat.class);
            ChatFormat code = new Llama4Format(tokenizer, Llama4Format.Options.DEFAULT);
            Map<String, String> conversations =
                    Map.of(
                            "chat",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of Norway?\"}]}",
                            "turns",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of Germany?\"},"
                                    + "{\"role\":\"assistant\",\"content\":\"The capital of Germany is Berlin.\"},"
                                    + "{\"role\":\"user\",\"content\":\"And of Spain?\"}]}",
                            "tool",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"What time is it now?\"}],\"tools\":["
                                    + "{\"name\":\"now\",\"description\":\"Current time\",\"parameters\":"
                                    + "{\"type\":\"object\",\"properties\":{}}}]}");
            conversations.forEach((name, json) -> {
                Conversation conversation = ConversationReader.read(json);
                assertThat(format.render(conversation).tokens())
                        .as(name)
                        .isEqualTo(expected(name + ".input_ids"))
                        .isEqualTo(code.render(conversation).tokens());
            });
        }
    }

    /** One I32 tensor of the model's reference values. */
    private static int[] expected(String tensor) {
        try {
            ByteBuffer file =
                    ByteBuffer.wrap(Files.readAllBytes(NANO.resolve("expected.safetensors")))
                            .order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(file.getLong())];
            file.get(header);
            JsonNode entry = JsonMapper.shared().readTree(header).get(tensor);
            assertThat(entry.get("dtype").stringValue()).isEqualTo("I32");
            int start = entry.get("data_offsets").get(0).intValue();
            int end = entry.get("data_offsets").get(1).intValue();
            int[] values = new int[(end - start) / Integer.BYTES];
            file.slice(8 + header.length + start, end - start)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(values);
            return values;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
