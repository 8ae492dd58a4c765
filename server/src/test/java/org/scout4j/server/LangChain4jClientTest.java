package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI models, unchanged but for their base URL. */
class LangChain4jClientTest {
    private static final ChatRequest QUESTION =
            ChatRequest.builder()
                    .messages(
                            SystemMessage.from("Be brief."),
                            UserMessage.from("What is the capital of Norway?"))
                    .build();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.tiny(load -> {});
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void streamedAnswerEqualsTheWholeOne() throws Exception {
        OpenAiChatModel model =
                OpenAiChatModel.builder()
                        .baseUrl(server.uri().resolve("/v1").toString())
                        .apiKey("unused")
                        .modelName(Requests.MODEL)
                        .temperature(0.0)
                        .maxCompletionTokens(24)
                        .maxRetries(0)
                        .build();
        ChatResponse whole = model.chat(QUESTION);
        assertThat(whole.tokenUsage().inputTokenCount()).isPositive();
        assertThat(whole.tokenUsage().outputTokenCount()).isBetween(1, 24);
        assertThat(whole.finishReason()).isNotNull();

        OpenAiStreamingChatModel streaming =
                OpenAiStreamingChatModel.builder()
                        .baseUrl(server.uri().resolve("/v1").toString())
                        .apiKey("unused")
                        .modelName(Requests.MODEL)
                        .temperature(0.0)
                        .maxCompletionTokens(24)
                        .build();
        CompletableFuture<ChatResponse> done = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        streaming.chat(
                QUESTION,
                new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String part) {
                        text.append(part);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        done.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        done.completeExceptionally(error);
                    }
                });
        ChatResponse streamed = done.get(60, TimeUnit.SECONDS);
        assertThat(text.toString()).isEqualTo(whole.aiMessage().text());
        assertThat(streamed.aiMessage().text()).isEqualTo(whole.aiMessage().text());
        assertThat(streamed.tokenUsage().outputTokenCount())
                .isEqualTo(whole.tokenUsage().outputTokenCount());
    }
}
