package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The official Java client, unchanged but for its base URL, with its own checks of replies on. */
class OpenAiJavaClientTest {
    private static TestServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = TestServer.tiny(load -> {});
        client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(server.uri().resolve("/v1").toString())
                        .apiKey("unused")
                        .maxRetries(0)
                        .responseValidation(true)
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static ChatCompletionCreateParams.Builder question() {
        return ChatCompletionCreateParams.builder()
                .model(Requests.MODEL)
                .addSystemMessage("Be brief.")
                .addUserMessage("What is the capital of Norway?")
                .maxCompletionTokens(24)
                .seed(5);
    }

    @Test
    void chat() {
        ChatCompletion answer = client.chat().completions().create(question().n(2).build());
        assertThat(answer.choices()).hasSize(2);
        for (ChatCompletion.Choice choice : answer.choices()) {
            assertThat(choice.message().content()).isPresent();
            assertThat(choice.finishReason().asString()).isIn("stop", "length");
        }
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(2L, 48L);
        assertThat(answer.model()).isEqualTo(Requests.MODEL);
    }

    @Test
    void streamedChatEqualsTheWholeAnswer() {
        ChatCompletion whole =
                client.chat()
                        .completions()
                        .create(question().logprobs(true).topLogprobs(2).build());
        ChatCompletionCreateParams streamed =
                question()
                        .logprobs(true)
                        .topLogprobs(2)
                        .streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        StringBuilder text = new StringBuilder();
        List<ChatCompletionChunk> chunks;
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(streamed)) {
            chunks = stream.stream().toList();
        }
        for (ChatCompletionChunk chunk : chunks) {
            chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
        }
        assertThat(text.toString())
                .isEqualTo(whole.choices().getFirst().message().content().orElseThrow());
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens())
                .isEqualTo(whole.usage().orElseThrow().completionTokens());
        assertThat(whole.choices().getFirst().logprobs().orElseThrow().content().orElseThrow())
                .allSatisfy(token -> assertThat(token.topLogprobs()).hasSize(2));
    }

    @Test
    void completion() {
        Completion answer =
                client.completions()
                        .create(
                                CompletionCreateParams.builder()
                                        .model(CompletionCreateParams.Model.of(Requests.MODEL))
                                        .prompt("Once upon a time")
                                        .maxTokens(8)
                                        .seed(3)
                                        .build());
        assertThat(answer.choices()).hasSize(1);
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
    }

    @Test
    void models() {
        List<Model> models = client.models().list().data();
        assertThat(models).extracting(Model::id).contains(Requests.MODEL);
        assertThat(client.models().retrieve(Requests.MODEL).ownedBy()).isEqualTo("meta");
    }

    @Test
    void modelsTellSizeAndFormat() throws Exception {
        JsonNode meta = new Http(server.uri()).get("/v1/models").json().at("/data/0/meta");
        Path weights =
                Path.of("../engine/src/test/resources/golden/model/scout-tiny/model.safetensors");
        long header = 16 << 10; // names and shapes stand before four bytes a parameter
        assertThat(4 * meta.get("n_params").asLong())
                .isBetween(Files.size(weights) - header, Files.size(weights));
        assertThat(meta.get("quantization").asString()).isEqualTo("F32");
    }

    @Test
    void errorsAreTheClientsOwnKinds() {
        assertThatThrownBy(() ->
                        client.chat().completions().create(question().temperature(3.0).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.param()).contains("temperature"));
        assertThatThrownBy(() ->
                        client.chat().completions().create(question().model("no/such").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        e -> assertThat(e.code()).contains("model_not_found"));
    }
}
