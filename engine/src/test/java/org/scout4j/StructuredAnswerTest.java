package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.chat.Message;
import org.scout4j.chat.ToolChoice;
import org.scout4j.error.AnswerUnusable;

/** Answers as records, and calls of tools: a tiny random model wants to say anything else. */
class StructuredAnswerTest {
    private static final Path TINY =
            Path.of("../engine/src/test/resources/golden/model/scout-tiny");
    private static final Path NANO = Path.of("../models/scout-nano");

    private enum Colour {
        RED,
        @JsonProperty("light-green")
        GREEN {
            @Override
            public String toString() {
                return "grass";
            }
        }
    }

    private record Small(boolean sold, Colour colour, byte count) {}

    private record City(String name, int population) {}

    private record Everything(
            String text,
            byte small,
            int count,
            long id,
            BigInteger large,
            @Nullable Double weight,
            BigDecimal price,
            Colour colour,
            LocalDate day,
            Instant at,
            OffsetDateTime there,
            Duration took,
            UUID key,
            @JsonProperty("tag_list") List<String> tags,
            Set<Integer> numbers,
            Map<String, Boolean> flags,
            Optional<String> note,
            Optional<String> none,
            City city) {}

    private static Scout tiny;

    @BeforeAll
    static void load() {
        tiny = Scout.load(TINY, LoadOptions.builder().threads(1).slots(2).build());
    }

    @AfterAll
    static void close() {
        tiny.close();
    }

    @Test
    void everyKindOfComponentIsReadExactly() {
        Everything read =
                RecordReader.read(
                        """
                        {"text": "ü", "small": -128, "count": 3e2, "id": 9223372036854775807,
                         "large": 123456789012345678901234567890, "weight": null, "price": 0.10,
                         "colour": "light-green", "day": "2024-02-29",
                         "at": "2026-03-01T12:00:00+02:00", "there": "2026-03-01T12:00:00+02:00",
                         "took": "P1DT2H", "key": "123e4567-e89b-12d3-a456-426614174000",
                         "tag_list": ["a"], "numbers": [1, 2], "flags": {"x": true}, "note": "n",
                         "none": null, "city": {"name": "Oslo", "population": 717710}}
                        """,
                        Everything.class);

        assertThat(read)
                .isEqualTo(
                        new Everything(
                                "ü",
                                (byte) -128,
                                300,
                                Long.MAX_VALUE,
                                new BigInteger("123456789012345678901234567890"),
                                null,
                                new BigDecimal("0.10"),
                                Colour.GREEN,
                                LocalDate.of(2024, 2, 29),
                                Instant.parse("2026-03-01T10:00:00Z"),
                                OffsetDateTime.parse("2026-03-01T12:00:00+02:00"),
                                Duration.ofHours(26),
                                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                                List.of("a"),
                                Set.of(1, 2),
                                Map.of("x", true),
                                Optional.of("n"),
                                Optional.empty(),
                                new City("Oslo", 717710)));
        assertThat(RecordReader.read(RecordReader.write(read), Everything.class)).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "{\"name\": \"Oslo\"}                                  | City.population is missing",
                "{\"name\": \"Oslo\", \"population\": null}            | City.population is not a whole",
                "{\"name\": \"Oslo\", \"population\": \"5\"}           | City.population is not a whole",
                "{\"name\": \"Oslo\", \"population\": 1.5}             | City.population is not a whole",
                "{\"name\": \"Oslo\", \"population\": 3000000000}      | is not between -2147483648",
                "{\"name\": \"Oslo\", \"population\": 1e999999999}     | is not between -2147483648",
                "{\"name\": 5, \"population\": 5}                      | City.name is not a string",
                "{\"name\": \"O\", \"population\": 5, \"mayor\": 1}    | City.mayor is not one of",
                "{\"name\": \"O\", \"population\": 5, \"name\": \"P\"} | uplicate",
                "{\"name\": \"O\", \"population\": 5} yes              | no City",
                "[]                                                    | City is not an object",
                "Oslo                                                  | no City",
                "~~                                                    | no City",
            })
    void whatIsNoSuchRecordSaysWhy(String text, String problem) {
        assertThatThrownBy(() -> RecordReader.read(text, City.class))
                .isInstanceOf(AnswerUnusable.class)
                .hasMessageStartingWith("The answer is no City: ")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("Exception")
                .hasMessageNotContaining("org.scout4j");
    }

    @Test
    void aRandomModelWritesRecords() {
        for (int seed = 0; seed < 20; seed++) {
            ChatRequest request =
                    ChatRequest.builder()
                            .user("Hi")
                            .responseFormat(JsonSchema.of(Small.class))
                            .temperature(2)
                            .seed(seed)
                            .build();

            ChatResult result = tiny.chat(request);

            assertThat(result.finishReason()).as("seed %d", seed).isEqualTo(FinishReason.STOP);
            Small small = result.as(Small.class);
            assertThat(small.colour()).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void aCutAnswerIsNoRecord() {
        ChatRequest request =
                ChatRequest.builder()
                        .user("Hi")
                        .responseFormat(JsonSchema.of(City.class))
                        .maxTokens(2)
                        .build();

        ChatResult result = tiny.chat(request);

        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThatThrownBy(() -> result.as(City.class))
                .isInstanceOfSatisfying(
                        AnswerUnusable.class,
                        failure -> assertThat(failure.remedy().orElse("")).contains("more tokens"))
                .hasMessageContaining("cut after " + result.usage().completionTokens() + " tokens");
    }

    @Test
    void aRequiredCallOfARandomModelReachesItsTool() {
        List<Small> called = new ArrayList<>();
        ToolBox tools =
                ToolBox.builder()
                        .tool("paint", "Paints.", Small.class, small -> called.add(small))
                        .build();
        for (int seed = 0; seed < 5; seed++) {
            called.clear();
            List<ChatEvent> events = new ArrayList<>();
            ChatRequest request =
                    ChatRequest.builder()
                            .user("Hi")
                            .tools(tools.tools())
                            .toolChoice(ToolChoice.REQUIRED)
                            .parallelToolCalls(false)
                            .temperature(1)
                            .seed(seed)
                            .build();

            ChatResult calls = tiny.chat(request);
            assertThat(calls.finishReason()).as("seed %d", seed).isEqualTo(FinishReason.TOOL_CALLS);
            assertThatThrownBy(() -> calls.as(Small.class)).isInstanceOf(AnswerUnusable.class);
            Message result = tools.call(calls.toolCalls().getFirst());
            assertThat(result.text()).isEqualTo("true");

            called.clear();
            tiny.chat(request, tools, events::add);
            assertThat(called).as("seed %d", seed).isNotEmpty();
            assertThat(events).hasAtLeastOneElementOfType(ChatEvent.ToolCallStarted.class);
            assertThat(events)
                    .contains(
                            new ChatEvent.ToolResult(
                                    calls.toolCalls().getFirst().id(), result.text()));
        }
    }

    @Test
    void aSessionGoesOnAfterCallsAndWithout() {
        ToolBox tools =
                ToolBox.builder().tool("paint", "Paints.", Small.class, s -> "done").build();
        AnswerOptions options = AnswerOptions.builder().maxTokens(8).build();
        Session session = tiny.session(options, tools);

        ChatResult first = session.say("Hi");
        session.say("And?");

        assertThat(session.messages())
                .extracting(Message::role)
                .containsExactly(
                        Message.Role.USER,
                        Message.Role.ASSISTANT,
                        Message.Role.USER,
                        Message.Role.ASSISTANT);
        assertThat(session.messages().get(1).text()).isEqualTo(first.text());
        assertThat(tiny.session(options).say("Hi").text()).isNotEmpty();
    }

    @Test
    void theEmbeddedModelFillsARecord() {
        record Capital(String country, String capital) {}
        try (Scout scout = Scout.load(NANO, LoadOptions.builder().slots(1).context(512).build())) {
            ChatRequest request =
                    ChatRequest.builder()
                            .user("What is the capital of Norway?")
                            .responseFormat(JsonSchema.of(Capital.class))
                            .maxTokens(300)
                            .build();

            Capital capital = scout.chat(request).as(Capital.class);

            assertThat(capital.country()).isNotNull();
            assertThat(capital.capital()).isNotNull();
        }
    }
}
