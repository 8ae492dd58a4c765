package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's AI services: methods as tools, records as answers. */
class AiServiceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.nano(load -> load.context(2_048).slots(2));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** An answer. */
    public record Person(String name, int age, List<String> skills, Mood mood) {}

    /** How somebody is. */
    public enum Mood {
        GOOD,
        BAD
    }

    /** Reads people. */
    public interface Reader {
        Person read(String text);
    }

    /** Answers with tools. */
    public interface Assistant {
        Result<String> answer(String question);
    }

    /** Tools. */
    public static final class Weather {
        private final List<String> asked = new ArrayList<>();

        /** What the model calls. */
        @Tool("Gets the current weather of a city")
        public String getWeather(@P("The name of the city") String city) {
            asked.add(city);
            return "-3 degrees, snow";
        }
    }

    private static OpenAiChatModel.OpenAiChatModelBuilder model() {
        return OpenAiChatModel.builder()
                .baseUrl(server.uri().resolve("/v1").toString())
                .apiKey("unused")
                .modelName(Requests.MODEL)
                .temperature(0.0)
                .maxCompletionTokens(300)
                .maxRetries(0);
    }

    @Test
    void anAnswerIsARecord() {
        OpenAiChatModel model =
                model().supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .strictJsonSchema(true)
                        .build();
        Person person =
                AiServices.create(Reader.class, model).read("Ida is 31, cheerful, and can ski.");
        assertThat(person.name()).isNotNull();
        assertThat(person.skills()).isNotNull();
        assertThat(person.mood()).isNotNull();
    }

    @Test
    void aMethodIsATool() {
        Weather weather = new Weather();
        Assistant assistant =
                AiServices.builder(Assistant.class)
                        .chatModel(model().build())
                        .tools(weather)
                        .maxSequentialToolsInvocations(8)
                        .build();
        Result<String> result = assistant.answer("What is the weather in Oslo?");
        assertThat(weather.asked).isNotEmpty();
        assertThat(result.toolExecutions()).hasSameSizeAs(weather.asked);
        assertThat(result.content()).isNotNull();
        assertThat(result.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
    }

    @Test
    void streamedCallsEqualTheWholeOnes() throws Exception {
        List<ToolSpecification> tools = ToolSpecifications.toolSpecificationsFrom(Weather.class);
        ChatRequest request =
                ChatRequest.builder()
                        .messages(UserMessage.from("What is the weather in Oslo and Bergen?"))
                        .toolSpecifications(tools)
                        .toolChoice(ToolChoice.REQUIRED)
                        .build();
        AiMessage whole = model().seed(3).build().chat(request).aiMessage();
        OpenAiStreamingChatModel streaming =
                OpenAiStreamingChatModel.builder()
                        .baseUrl(server.uri().resolve("/v1").toString())
                        .apiKey("unused")
                        .modelName(Requests.MODEL)
                        .temperature(0.0)
                        .seed(3)
                        .maxCompletionTokens(300)
                        .build();
        CompletableFuture<ChatResponse> done = new CompletableFuture<>();
        streaming.chat(
                request,
                new StreamingChatResponseHandler() {
                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        done.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        done.completeExceptionally(error);
                    }
                });
        AiMessage streamed = done.get(60, TimeUnit.SECONDS).aiMessage();
        assertThat(whole.toolExecutionRequests()).isNotEmpty();
        assertThat(streamed.toolExecutionRequests()).isEqualTo(whole.toolExecutionRequests());

        List<dev.langchain4j.data.message.ChatMessage> talk = new ArrayList<>(request.messages());
        talk.add(whole);
        for (ToolExecutionRequest call : whole.toolExecutionRequests()) {
            talk.add(ToolExecutionResultMessage.from(call, "-3"));
        }
        ChatResponse after =
                model().build()
                        .chat(
                                ChatRequest.builder()
                                        .messages(talk)
                                        .toolSpecifications(tools)
                                        .build());
        assertThat(after.aiMessage()).isNotNull();
    }
}
