package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.engine.Dispatch;
import org.scout4j.engine.EngineObserver;
import org.scout4j.engine.GenerationReport;
import org.scout4j.engine.StepReport;
import org.scout4j.grammar.IndependentValidator;
import org.scout4j.sampling.TokenLogprobs;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers of a random model that are held to formats and tools, through the whole engine: they are
 * valid however they end, and the same alone and in a crowd.
 */
@Timeout(300)
class ConstrainedAnswersTest {
    private static final Path MODEL = Path.of("src/test/resources/golden/model/scout-tiny");
    private static final int REQUESTS = 40;
    private static final int CONTEXT = 832;

    private static final List<String> SCHEMAS =
            List.of(
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},"
                            + "\"b\":{\"type\":\"string\",\"maxLength\":9}},\"required\":[\"a\",\"b\"],"
                            + "\"additionalProperties\":false}",
                    "{\"type\":\"array\",\"items\":{\"enum\":[\"x\",2,null]},\"minItems\":2}",
                    "{\"type\":\"object\",\"properties\":{\"kids\":{\"type\":\"array\",\"items\":"
                            + "{\"$ref\":\"#\"}}},\"additionalProperties\":false}",
                    "{\"anyOf\":[{\"type\":\"string\",\"format\":\"date\"},{\"type\":\"number\","
                            + "\"multipleOf\":0.5,\"minimum\":3}]}",
                    "{\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":"
                            + "{\"type\":\"boolean\"}}");

    private static final String PARAMETERS =
            "{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"},"
                    + "\"n\":{\"type\":\"integer\",\"minimum\":0}},\"required\":[\"q\"],"
                    + "\"additionalProperties\":false}";

    private static final List<Tool> TOOLS =
            ConversationReader.tools(
                    JsonMapper.shared()
                            .readTree(
                                    "[{\"type\":\"function\",\"function\":{\"name\":\"find\","
                                            + "\"strict\":true,\"parameters\":"
                                            + PARAMETERS
                                            + "}}]"),
                    "tools");

    /** A request, and the schema of its answer if it has one. */
    private record Asked(ChatRequest request, int choices, String schema) {}

    private static List<Asked> requests() {
        SplittableRandom random = new SplittableRandom(20_261_122);
        List<Asked> requests = new ArrayList<>();
        for (int number = 0; number < REQUESTS; number++) {
            boolean tools = number % 4 == 3;
            String schema = SCHEMAS.get(number % SCHEMAS.size());
            ToolChoice choice = number % 8 == 3 ? ToolChoice.REQUIRED : ToolChoice.AUTO;
            String text = "Say it. ".repeat(1 + number % 3) + number % 7;
            long seed = random.nextLong() >>> 1;
            float temperature = random.nextInt(1, 16) / 10f;
            int most = random.nextInt(40, 90);
            AnswerOptions.Builder options =
                    AnswerOptions.builder()
                            .maxTokens(most)
                            .topLogprobs(2)
                            .parallelToolCalls(number % 3 == 0)
                            .sampling(s -> s.temperature(temperature).seed(seed));
            if (!tools) {
                options.format(JsonSchema.of(schema));
            }
            requests.add(
                    new Asked(
                            new ChatRequest(
                                    new Conversation(
                                            List.of(Message.user(text)),
                                            tools ? TOOLS : List.of(),
                                            tools ? choice : ToolChoice.AUTO,
                                            true,
                                            false),
                                    options.build()),
                            number % 10 == 0 ? 3 : 1,
                            tools ? "" : schema));
        }
        return requests;
    }

    /** What must not depend on others. */
    private record Answer(
            String text,
            List<Message.ToolCall> calls,
            boolean failed,
            FinishReason finish,
            List<TokenLogprobs> logprobs) {
        static Answer of(ChatStream stream) {
            ChatResult result = stream.result();
            return new Answer(
                    result.text(),
                    result.toolCalls(),
                    result.toolParseFailed(),
                    result.finishReason(),
                    result.logprobs());
        }
    }

    @Test
    void answersAreValidAndTheSameInACrowd() {
        List<Asked> requests = requests();
        List<List<Answer>> alone = new ArrayList<>();
        LoadOptions.Builder single = LoadOptions.builder().threads(1).slots(1).context(CONTEXT);
        try (Scout scout = Scout.load(MODEL, single.prefixCache(false).build())) {
            for (Asked asked : requests) {
                alone.add(answers(start(scout, asked)));
            }
        }
        for (int number = 0; number < REQUESTS; number++) {
            for (Answer answer : alone.get(number)) {
                check(requests.get(number), answer, "request " + number);
            }
        }
        AtomicLong preempted = new AtomicLong();
        AtomicLong cached = new AtomicLong();
        LoadOptions crowded =
                LoadOptions.builder()
                        .threads(2)
                        .slots(6)
                        .queue(1000)
                        .context(CONTEXT)
                        .cacheTokens(CONTEXT + 64)
                        .stepTokens(64)
                        .observer(observer(preempted, cached))
                        .build();
        try (Scout scout = Scout.load(MODEL, crowded)) {
            for (int round = 0; round < 2; round++) {
                List<List<ChatStream>> running = new ArrayList<>();
                for (int number = 0; number < REQUESTS; number++) {
                    running.add(start(scout, requests.get(number)));
                    if (number % 4 == 0) {
                        ChatStream dropped = start(scout, requests.get(number / 2)).getFirst();
                        dropped.iterator().next();
                        dropped.close();
                    }
                }
                for (int number = 0; number < REQUESTS; number++) {
                    assertThat(answers(running.get(number)))
                            .as("round %d, request %d", round, number)
                            .isEqualTo(alone.get(number));
                }
            }
            assertThat(preempted.get()).as("pre-empted").isPositive();
            assertThat(cached.get()).as("found in the cache").isPositive();
        }
    }

    private static void check(Asked asked, Answer answer, String what) {
        assertThat(answer.failed).as(what).isFalse();
        if (!asked.schema.isEmpty()) {
            IndependentValidator judge =
                    new IndependentValidator(IndependentValidator.read(asked.schema));
            judge.check(answer.text, what + ", " + answer.finish);
        }
        for (Message.ToolCall call : answer.calls) {
            assertThat(call.name()).isEqualTo("find");
            new IndependentValidator(IndependentValidator.read(PARAMETERS))
                    .check(call.arguments(), what + ", " + answer.finish);
        }
        if (asked.request.conversation().toolChoice() instanceof ToolChoice.Required) {
            assertThat(answer.calls).as(what).isNotEmpty();
            assertThat(answer.text).as(what).isEmpty();
            assertThat(asked.request.options().parallelToolCalls() || answer.calls.size() == 1)
                    .as(what)
                    .isTrue();
        }
    }

    private static List<ChatStream> start(Scout scout, Asked asked) {
        return scout.streams(asked.request, asked.choices, Dispatch.ordinary());
    }

    private static List<Answer> answers(List<ChatStream> streams) {
        return streams.stream().map(Answer::of).toList();
    }

    private static EngineObserver observer(AtomicLong preempted, AtomicLong cached) {
        return new EngineObserver() {
            @Override
            public void stepped(StepReport report) {
                preempted.addAndGet(report.preemptions());
            }

            @Override
            public void ended(GenerationReport report) {
                cached.addAndGet(report.cachedTokens());
            }
        };
    }

    /** Short limits: whatever room there is, the answer is landed in it. */
    @Test
    void hundredsOfShortAnswersAreValid() {
        LoadOptions.Builder load =
                LoadOptions.builder().threads(2).slots(16).queue(1000).context(CONTEXT);
        try (Scout scout = Scout.load(MODEL, load.build())) {
            for (String schema : SCHEMAS) {
                IndependentValidator judge =
                        new IndependentValidator(IndependentValidator.read(schema));
                List<ChatStream> running = new ArrayList<>();
                for (int number = 0; number < 40; number++) {
                    long seed = number;
                    int most = 24 + number % 30;
                    ChatRequest request =
                            ChatRequest.builder()
                                    .user("Go.")
                                    .responseFormat(JsonSchema.of(schema))
                                    .options(o ->
                                            o.maxTokens(most)
                                                    .sampling(s -> s.temperature(1.5f).seed(seed)))
                                    .build();
                    running.add(scout.stream(request));
                }
                for (int number = 0; number < running.size(); number++) {
                    ChatResult result = running.get(number).result();
                    judge.check(result.text(), schema + ", seed " + number);
                }
            }
        }
    }
}
