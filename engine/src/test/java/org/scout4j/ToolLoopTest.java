package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.error.AnswerUnusable;
import org.scout4j.error.Cancelled;
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.json.JsonMapper;

/** Tools with callbacks, on a model whose answers are given. */
class ToolLoopTest {
    private record Place(@JsonPropertyDescription("name of a city") String city, LocalDate day) {}

    private record Weather(double celsius, String sky, LocalDate day) {}

    private record Nothing() {}

    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final String OSLO = "{\"city\": \"Oslo\", \"day\": \"2026-03-01\"}";

    private final List<ChatRequest> requests = new ArrayList<>();
    private final List<ChatEvent> events = new ArrayList<>();

    private ToolLoop loop(ToolBox tools, ChatResult... answers) {
        Deque<ChatResult> left = new ArrayDeque<>(List.of(answers));
        return new ToolLoop(
                request -> {
                    requests.add(request);
                    return left.removeFirst();
                },
                tools,
                events::add);
    }

    private static ChatResult text(String text) {
        return result(text, FinishReason.STOP);
    }

    private static ChatResult calls(Message.ToolCall... calls) {
        return result("", FinishReason.TOOL_CALLS, calls);
    }

    private static ChatResult result(String text, FinishReason reason, Message.ToolCall... calls) {
        Timings timings = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        return new ChatResult(
                text,
                Arrays.asList(calls),
                false,
                reason,
                new Usage(1, 0, 0, 1),
                timings,
                List.of());
    }

    private static Message.ToolCall call(String id, String name, String arguments) {
        return new Message.ToolCall(id, name, arguments);
    }

    private static ChatRequest.Builder question() {
        return ChatRequest.builder().user("Do I need an umbrella?");
    }

    private static ToolBox.Builder weather() {
        return ToolBox.builder()
                .tool(
                        "get_weather",
                        "The weather of a day.",
                        Place.class,
                        place -> new Weather(7.5, "rain in " + place.city(), place.day()));
    }

    private List<String> contents(int request) {
        return requests.get(request).conversation().messages().stream().map(Message::text).toList();
    }

    @Test
    void callsAreAnsweredUntilThereIsText() {
        ToolLoop.Outcome outcome =
                loop(weather().build(), calls(call("a", "get_weather", OSLO)), text("Yes."))
                        .run(question().build());

        assertThat(outcome.result().text()).isEqualTo("Yes.");
        String told = "{\"celsius\":7.5,\"sky\":\"rain in Oslo\",\"day\":\"2026-03-01\"}";
        assertThat(contents(1)).containsExactly("Do I need an umbrella?", "", told);
        assertThat(requests.get(1).conversation().messages().getLast())
                .extracting(Message::role, Message::toolCallId)
                .containsExactly(Message.Role.TOOL, "a");
        assertThat(outcome.messages()).extracting(Message::text).containsExactly("", told, "Yes.");
        assertThat(events).containsExactly(new ChatEvent.ToolResult("a", told));
    }

    @Test
    void theModelIsToldWhatARecordDescribes() {
        assertThat(weather().build().tools())
                .extracting(tool -> tool.definition().toString())
                .containsExactly(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"name": "get_weather",
                                         "description": "The weather of a day.",
                                         "parameters": {"type": "object", "properties": {
                                           "city": {"type": "string",
                                                    "description": "name of a city"},
                                           "day": {"type": "string", "format": "date"}},
                                          "required": ["city", "day"],
                                          "additionalProperties": false}}
                                        """)
                                .toString());
    }

    @Test
    void allCallsOfAnAnswerAreAnsweredInOrder() {
        ToolBox tools =
                weather().tool("now", "The time.", Nothing.class, nothing -> "12:00").build();

        loop(tools, calls(call("a", "now", ""), call("b", "get_weather", OSLO)), text("Yes."))
                .run(question().build());

        assertThat(requests.get(1).conversation().messages())
                .extracting(Message::toolCallId)
                .containsExactly(null, null, "a", "b");
        assertThat(contents(1).get(2)).as("text goes as it is").isEqualTo("12:00");
    }

    @Test
    void callsMayRunAtTheSameTime() {
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ToolBox tools =
                    ToolBox.builder()
                            .tool(
                                    "meet",
                                    "Waits for the other.",
                                    Nothing.class,
                                    nothing -> both.await(60, TimeUnit.SECONDS) >= 0)
                            .executor(threads)
                            .build();

            loop(tools, calls(call("a", "meet", "{}"), call("b", "meet", "{}")), text("Met."))
                    .run(question().build());
        }

        assertThat(contents(1).subList(2, 4)).containsExactly("true", "true");
    }

    @Test
    void failuresAreToldWithoutTheirTrace() {
        ToolBox tools =
                weather()
                        .tool(
                                "divide",
                                "Fails.",
                                Nothing.class,
                                nothing -> {
                                    throw new IllegalStateException("The moon is \"full\".");
                                })
                        .tool(
                                "mute",
                                "Fails silently.",
                                Nothing.class,
                                nothing -> {
                                    throw new NullPointerException();
                                })
                        .build();

        loop(
                        tools,
                        calls(
                                call("a", "divide", "{}"),
                                call("b", "mute", "{}"),
                                call("c", "get_weather", "{\"city\": \"Oslo\"}"),
                                call("d", "get_weather", "{\"city\": ")),
                        text("Sorry."))
                .run(question().build());

        List<String> told = contents(1).subList(2, 6);
        assertThat(told)
                .startsWith(
                        "{\"error\":\"The moon is \\\"full\\\".\"}",
                        "{\"error\":\"The tool failed.\"}",
                        "{\"error\":\"The answer is no Place: Place.day is missing.\"}");
        assertThat(told).allSatisfy(one -> assertThat(one).doesNotContain("\tat ", "Exception"));
        assertThat(JsonMapper.shared().readTree(told.get(3)).path("error").isString()).isTrue();
    }

    @Test
    void endlessCallsEnd() {
        ChatResult again = calls(call("a", "get_weather", OSLO));
        ToolBox tools = weather().rounds(2).build();

        assertThatThrownBy(() -> loop(tools, again, again, again).run(question().build()))
                .isInstanceOf(AnswerUnusable.class)
                .hasMessage("The model called tools 3 times in a row; 2 rounds are allowed.");
        assertThat(requests).hasSize(3);
        assertThat(loop(tools, again, again, text("Yes.")).run(question().build()).result().text())
                .isEqualTo("Yes.");
    }

    @Test
    void aRequiredCallIsRequiredOnce() {
        loop(weather().build(), calls(call("a", "get_weather", OSLO)), text("Yes."))
                .run(
                        question()
                                .tools(weather().build().tools())
                                .toolChoice(new ToolChoice.Named("get_weather"))
                                .build());

        assertThat(requests)
                .extracting(request -> request.conversation().toolChoice())
                .containsExactly(new ToolChoice.Named("get_weather"), ToolChoice.AUTO);
        assertThat(requests.getFirst().conversation().tools()).as("not twice").hasSize(1);
    }

    @Test
    void callsThatAreNotItsOwnAndCutOnesAreLeftToTheCaller() {
        Tool other = new Tool("other", JsonMapper.shared().readTree("{\"name\": \"other\"}"));
        ChatRequest request = question().tools(List.of(other)).build();
        ChatResult foreign = calls(call("a", "other", "{}"));
        ChatResult cut = result("", FinishReason.LENGTH, call("b", "get_weather", "{\"ci"));

        assertThat(loop(weather().build(), foreign).run(request).result()).isSameAs(foreign);
        assertThat(loop(weather().build(), cut).run(request).result()).isSameAs(cut);
        assertThat(requests.getFirst().conversation().tools())
                .extracting(Tool::name)
                .containsExactly("get_weather", "other");
    }

    @Test
    void anInterruptedToolCancels() {
        ToolBox tools =
                ToolBox.builder()
                        .tool(
                                "wait",
                                "Waits.",
                                Nothing.class,
                                nothing -> {
                                    throw new InterruptedException();
                                })
                        .build();

        assertThatThrownBy(
                        () -> loop(tools, calls(call("a", "wait", "{}"))).run(question().build()))
                .isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void wrongToolsAreRefusedWhenDescribed() {
        assertThatThrownBy(() ->
                        weather().tool("get_weather", "Again.", Place.class, place -> "").build())
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("two tools named 'get_weather'");
        assertThatThrownBy(() -> ToolBox.builder().tool("no blanks", "x", Nothing.class, n -> ""))
                .isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> ToolBox.builder().rounds(0)).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> question().toolChoice(ToolChoice.REQUIRED).build())
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("there are no tools");
    }
}
