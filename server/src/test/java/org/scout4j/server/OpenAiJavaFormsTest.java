package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The official Java client's classes as answers and as tools, with its own checks of replies on.
 */
class OpenAiJavaFormsTest {
    private static TestServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = TestServer.nano(load -> load.context(2_048).slots(2));
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

    /** An answer. */
    public static class City {
        @JsonPropertyDescription("The name of the city")
        public String name = "";

        public Size size = Size.SMALL;
        public List<District> districts = List.of();
        public Optional<Integer> founded = Optional.empty();
        public boolean capital;
    }

    /** A part of a city. */
    public static class District {
        public String name = "";
        public double share;
    }

    /** How large. */
    public enum Size {
        SMALL,
        LARGE
    }

    /** A tool. */
    @JsonClassDescription("Gets the weather of a city")
    public static class GetWeather {
        @JsonPropertyDescription("City")
        public String city = "";

        public Size detail = Size.SMALL;
    }

    private static ChatCompletionCreateParams.Builder question(String text) {
        return ChatCompletionCreateParams.builder()
                .model(Requests.MODEL)
                .addUserMessage(text)
                .maxCompletionTokens(400);
    }

    @Test
    void anAnswerIsAClass() {
        int read = 0;
        for (int seed = 0; seed < 2; seed++) {
            StructuredChatCompletionCreateParams<City> asked =
                    question("Tell me about Oslo.").seed(seed).responseFormat(City.class).build();
            StructuredChatCompletion<City> whole = client.chat().completions().create(asked);
            ChatCompletionAccumulator streamed = ChatCompletionAccumulator.create();
            try (StreamResponse<ChatCompletionChunk> chunks =
                    client.chat().completions().createStreaming(asked)) {
                chunks.stream().forEach(streamed::accumulate);
            }
            String reason = whole.choices().getFirst().finishReason().asString();
            assertThat(streamed.chatCompletion().choices().getFirst().finishReason().asString())
                    .isEqualTo(reason);
            if (!reason.equals("stop")) {
                continue;
            }
            City city = whole.choices().getFirst().message().content().orElseThrow();
            City again =
                    streamed.chatCompletion(City.class)
                            .choices()
                            .getFirst()
                            .message()
                            .content()
                            .orElseThrow();
            assertThat(again).usingRecursiveComparison().isEqualTo(city);
            assertThat(city.size).isNotNull();
            assertThat(city.districts).allSatisfy(each -> assertThat(each.name).isNotNull());
            read++;
        }
        assertThat(read).as("answers that ended by themselves").isPositive();
    }

    @Test
    void aToolIsAClassAndItsResultGoesBack() {
        ChatCompletionCreateParams.Builder talk =
                question("What is the weather in Oslo?")
                        .seed(1)
                        .addTool(GetWeather.class)
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .parallelToolCalls(false);
        ChatCompletion.Choice whole =
                client.chat().completions().create(talk.build()).choices().getFirst();
        ChatCompletionAccumulator streamed = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(talk.build())) {
            chunks.stream().forEach(streamed::accumulate);
        }
        assertThat(whole.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessageFunctionToolCall call = call(whole.message());
        ChatCompletionMessageFunctionToolCall same =
                call(streamed.chatCompletion().choices().getFirst().message());
        assertThat(same.id()).isEqualTo(call.id());
        assertThat(same.function().name()).isEqualTo(call.function().name());
        assertThat(same.function().arguments()).isEqualTo(call.function().arguments());
        assertThat(call.function().name()).isEqualTo("GetWeather");
        GetWeather arguments = call.function().arguments(GetWeather.class);
        assertThat(arguments.city).isNotNull();
        assertThat(arguments.detail).isNotNull();

        talk.addMessage(whole.message())
                .addMessage(
                        ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .contentAsJson(Map.of("degrees", -3))
                                .build())
                .toolChoice(ChatCompletionToolChoiceOption.Auto.NONE)
                .maxCompletionTokens(24);
        ChatCompletionMessage last =
                client.chat().completions().create(talk.build()).choices().getFirst().message();
        assertThat(last.content()).isPresent();
        assertThat(last.toolCalls().orElse(List.of())).isEmpty();
    }

    private static ChatCompletionMessageFunctionToolCall call(ChatCompletionMessage message) {
        List<ChatCompletionMessageToolCall> calls = message.toolCalls().orElseThrow();
        assertThat(calls).hasSize(1);
        return calls.getFirst().asFunction();
    }

    @Test
    void whatCannotBeEnforcedIsTheClientsOwnKindOfError() {
        ResponseFormatJsonSchema format =
                ResponseFormatJsonSchema.builder()
                        .jsonSchema(
                                ResponseFormatJsonSchema.JsonSchema.builder()
                                        .name("x")
                                        .strict(true)
                                        .schema(
                                                ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                                                        .putAdditionalProperty(
                                                                "pattern", JsonValue.from("(a)\\1"))
                                                        .putAdditionalProperty(
                                                                "type", JsonValue.from("string"))
                                                        .build())
                                        .build())
                        .build();
        assertThatThrownBy(() ->
                        client.chat()
                                .completions()
                                .create(question("Hi").responseFormat(format).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> {
                            assertThat(e.code()).contains("unsupported_schema");
                            assertThat(e.param()).contains("response_format.json_schema.schema");
                        });
    }
}
