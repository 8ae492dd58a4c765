package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.chat.calls.CallIds;
import org.scout4j.chat.calls.DeclaredFunction;
import org.scout4j.chat.calls.OutputEnd;
import org.scout4j.chat.calls.OutputEvent;
import org.scout4j.chat.calls.OutputParser;
import org.scout4j.chat.calls.ParsedMessage;
import org.scout4j.grammar.IndependentValidator;
import org.scout4j.grammar.RandomAnswer;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.StreamingDecoder;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model that wants to say anything, with tools: whatever it writes is read back as calls of
 * declared functions with arguments that their schemas allow, the same streamed and at once.
 */
@Timeout(600)
class ToolCallWalkTest {
    private static final int MARATHON = Integer.getInteger("scout4j.marathon", 1);
    private static final Tokenizer LLAMA4 = open("tokenizer/tokenizer.model");
    private static final Tokenizer TINY = open("model/scout-tiny/tokenizer.json");

    private static final List<Tool> TOOLS =
            ConversationReader.tools(
                    JsonMapper.shared()
                            .readTree(
                                    """
                                    [{"type":"function","function":{"name":"get_weather","strict":true,"parameters":{
                                        "type":"object","properties":{"city":{"type":"string","minLength":1},
                                        "unit":{"enum":["c","f"]}},"required":["city"],"additionalProperties":false}}},
                                     {"type":"function","function":{"name":"now","strict":true}},
                                     {"type":"function","function":{"name":"now_in","strict":true,"parameters":{
                                        "type":"object","properties":{"zone":{"type":"string","pattern":"^[A-Z]['\\"\\n]+$"},
                                        "at":{"type":["number","null"]}},"additionalProperties":false}}},
                                     {"type":"function","function":{"name":"add","strict":true,"parameters":{
                                        "type":"object","properties":{"numbers":{"type":"array","items":{"type":"integer"},
                                        "minItems":1},"deep":{"type":"object","properties":{"a b":{"type":"boolean"}},
                                        "required":["a b"]},"class":{"type":"string","maxLength":3}},
                                        "required":["numbers"]}}},
                                     {"type":"function","function":{"name":"free","strict":true,"parameters":{
                                        "type":"object"}}}]
                                    """),
                    "tools");

    /** What a model begins calls with, and what only looks like it. */
    private static final List<String> STARTS =
            List.of(
                    "[get_weather(",
                    "[now()",
                    "\n[now_in(",
                    ": [add(",
                    "[free(**{",
                    "[now(),",
                    "[ get_weather (city=\"",
                    "{\"name\": \"now\"",
                    "{\"name\":\"add\",\"parameters\":{",
                    "[{\"name\": \"now\"",
                    "[{'name': 'free', \"arguments\": {",
                    "[ {\"type\":\"function\",",
                    "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\"",
                    "[{\"function\":{\"name\":\"now_in\"",
                    "{\"function\": \"add\", ",
                    "<function=now>",
                    "<function=get_weather>{\"city",
                    "<function=free{",
                    "</function>",
                    "\n<function=\"add\">",
                    "\n",
                    "; ",
                    ", ",
                    "```",
                    "`",
                    "[",
                    "{",
                    "text: ",
                    "see [now(",
                    "{\"id\":\"x\",",
                    "now()",
                    "get_weather(city=\"a\")\n",
                    "[1, 2]",
                    "{\"a\": 1}",
                    "```json\n");

    /** Beginnings after which only the end tells what they were. */
    private static final List<String> UNDECIDED =
            List.of(
                    "{\"parameters\": {\"city\": \"x\"}, \"name\": \"get_weather\"}",
                    "{\"arguments\": {}} ",
                    "[{\"arguments\":",
                    "{\"parameters\":");

    private static Tokenizer open(String file) {
        return Tokenizers.open(Path.of("src/test/resources/golden").resolve(file));
    }

    private static TokenConstraint constraint(
            Tokenizer tokenizer, ToolChoice choice, boolean parallel, ResponseFormat format) {
        Conversation conversation =
                new Conversation(List.of(Message.user("x")), TOOLS, choice, true, false);
        AnswerOptions options =
                AnswerOptions.builder().parallelToolCalls(parallel).format(format).build();
        return Objects.requireNonNull(grammars(tokenizer).of(options, conversation).constraint())
                .get();
    }

    private static final AnswerGrammars OF_LLAMA4 = new AnswerGrammars(LLAMA4, Set.of());
    private static final AnswerGrammars OF_TINY = new AnswerGrammars(TINY, Set.of());

    private static AnswerGrammars grammars(Tokenizer tokenizer) {
        return tokenizer == TINY ? OF_TINY : OF_LLAMA4;
    }

    @Test
    void listsOfCallsAreReadBack() {
        int calls = 0;
        for (int walk = 0; walk < 1200 * MARATHON; walk++) {
            SplittableRandom random = new SplittableRandom(walk);
            Tokenizer tokenizer = walk % 3 == 0 ? LLAMA4 : TINY;
            boolean parallel = random.nextBoolean();
            ToolChoice choice =
                    random.nextBoolean() ? ToolChoice.REQUIRED : new ToolChoice.Named("add");
            String what = "walk " + walk;
            RandomAnswer answer =
                    RandomAnswer.draw(
                            constraint(tokenizer, choice, parallel, ResponseFormat.TEXT),
                            tokenizer::bytes,
                            random.nextInt(1, 60),
                            RandomAnswer.Taste.values()[walk % 4],
                            random,
                            what);
            ParsedMessage message = read(tokenizer, answer.tokens(), parallel, random, what);
            check(message, what + ": " + answer.text());
            assertThat(message.content()).as(answer.text()).isNull();
            assertThat(message.toolCalls()).as(answer.text()).isNotEmpty();
            calls += message.toolCalls().size();
        }
        assertThat(calls).isGreaterThanOrEqualTo(1200 * MARATHON);
    }

    @Test
    void freeTextWithCallsIsReadBack() {
        int calls = 0;
        for (int walk = 0; walk < 2400 * MARATHON; walk++) {
            SplittableRandom random = new SplittableRandom(walk);
            Tokenizer tokenizer = walk % 3 == 0 ? LLAMA4 : TINY;
            boolean parallel = random.nextInt(3) > 0;
            String what = "walk " + walk;
            Walk free = new Walk(tokenizer, parallel, random, STARTS, what);
            free.run(random.nextInt(1, 80));
            ParsedMessage message = read(tokenizer, free.tokens, parallel, random, what);
            String all = what + ": " + free;
            assertThat(message.toolCalls().size()).as(all).isGreaterThanOrEqualTo(free.calls);
            if (!free.mayBeWhole()) {
                check(message, all);
                calls += message.toolCalls().size();
            }
        }
        assertThat(calls).isGreaterThan(1500 * MARATHON);
    }

    @Test
    void undecidedBeginningsAreReadTheSameStreamedAndAtOnce() {
        List<String> starts = new ArrayList<>(STARTS);
        starts.addAll(UNDECIDED);
        starts.addAll(UNDECIDED);
        for (int walk = 0; walk < 1200 * MARATHON; walk++) {
            SplittableRandom random = new SplittableRandom(~walk);
            boolean parallel = random.nextInt(3) > 0;
            String what = "walk " + walk;
            Walk free = new Walk(TINY, parallel, random, starts, what);
            free.run(random.nextInt(1, 80));
            read(TINY, free.tokens, parallel, random, what);
        }
    }

    private static void check(ParsedMessage message, String what) {
        assertThat(message.failed()).as(what).isFalse();
        for (Message.ToolCall call : message.toolCalls()) {
            IndependentValidator judge = JUDGES.get(call.name());
            Objects.requireNonNull(judge, call.name())
                    .check(call.arguments(), what + " calls " + call.name());
        }
    }

    private static final Map<String, IndependentValidator> JUDGES = judges();

    private static Map<String, IndependentValidator> judges() {
        Map<String, IndependentValidator> judges = new HashMap<>();
        for (Tool tool : TOOLS) {
            JsonNode parameters = tool.definition().path("parameters");
            JsonNode none = JsonMapper.shared().readTree("{\"maxProperties\":0}");
            judges.put(
                    tool.name(),
                    new IndependentValidator(parameters.isObject() ? parameters : none));
        }
        return judges;
    }

    /** Reads an answer token by token, and its text at once and in other pieces: all the same. */
    private static ParsedMessage read(
            Tokenizer tokenizer,
            List<Integer> tokens,
            boolean parallel,
            SplittableRandom random,
            String what) {
        List<ParsedMessage> readings = new ArrayList<>();
        for (int pieces : new int[] {1, 0, random.nextInt(2, 9)}) {
            Reading reading = new Reading(parallel);
            StreamingDecoder decoder = tokenizer.streamingDecoder();
            StringBuilder held = new StringBuilder();
            for (int token : tokens) {
                boolean tag = isPythonTag(tokenizer, token);
                held.append(decoder.accept(token));
                if (tag || pieces == 1 || pieces > 1 && random.nextInt(pieces) == 0) {
                    reading.text(held);
                }
                if (tag) {
                    reading.take(reading.parser.acceptPythonTag());
                }
            }
            held.append(decoder.flush());
            reading.text(held);
            reading.take(reading.parser.end(OutputEnd.COMPLETE));
            ParsedMessage message = reading.parser.message();
            reading.agreesWith(message, what + ": " + reading.all);
            readings.add(message);
            assertThat(message).as(what).isEqualTo(readings.getFirst());
        }
        return readings.getFirst();
    }

    private static boolean isPythonTag(Tokenizer tokenizer, int token) {
        String name = tokenizer.special().name(token).orElse("");
        return name.equals(SpecialTokens.PYTHON_START) || name.equals(SpecialTokens.PYTHON_END);
    }

    /** What the events of one reading say. */
    private static final class Reading {
        private final OutputParser parser;
        private final StringBuilder all = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private final List<Message.ToolCall> calls = new ArrayList<>();

        Reading(boolean parallel) {
            parser =
                    new OutputParser(
                            DeclaredFunction.of(TOOLS), parallel, true, CallIds.seeded(7, 0));
        }

        void text(StringBuilder piece) {
            if (!piece.isEmpty()) {
                all.append(piece);
                take(parser.accept(piece.toString()));
                piece.setLength(0);
            }
        }

        void take(List<OutputEvent> events) {
            for (OutputEvent event : events) {
                switch (event) {
                    case OutputEvent.Text(String piece) -> text.append(piece);
                    case OutputEvent.CallStarted(int index, String id, String name) -> {
                        assertThat(index).isEqualTo(calls.size());
                        calls.add(new Message.ToolCall(id, name, ""));
                    }
                    case OutputEvent.CallArguments(int index, String json) -> {
                        Message.ToolCall call = calls.get(index);
                        String longer = call.arguments() + json;
                        calls.set(index, new Message.ToolCall(call.id(), call.name(), longer));
                    }
                }
            }
        }

        void agreesWith(ParsedMessage message, String what) {
            assertThat(calls).as(what).isEqualTo(message.toolCalls());
            String content = message.content();
            assertThat(text.toString()).as(what).isEqualTo(content == null ? "" : content);
        }
    }

    /** Free text in which calls begin often. */
    private static final class Walk {
        private final Tokenizer tokenizer;
        private final TokenConstraint constraint;
        private final SplittableRandom random;
        private final List<String> starts;
        private final String what;
        private final List<Integer> tokens = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final TokenSet allowed;

        /** Calls that were begun and completed. */
        private int calls;

        Walk(
                Tokenizer tokenizer,
                boolean parallel,
                SplittableRandom random,
                List<String> starts,
                String what) {
            this.tokenizer = tokenizer;
            this.constraint = constraint(tokenizer, ToolChoice.AUTO, parallel, ResponseFormat.TEXT);
            this.random = random;
            this.starts = starts;
            this.what = what;
            this.allowed = new TokenSet(tokenizer.vocabularySize());
        }

        void run(int most) {
            boolean over = false;
            while (tokens.size() < most && !over) {
                constraint.mask(allowed);
                over = allowed.count() == 0;
                assertThat(!over || constraint.mayEnd()).as("a way on, %s", this).isTrue();
                if (!over) {
                    if (constraint.mayEnd() && random.nextInt(3) > 0) {
                        write(starts.get(random.nextInt(starts.size())));
                    } else {
                        take(any());
                    }
                }
            }
            for (int token : constraint.completion()) {
                constraint.mask(allowed);
                assertThat(allowed.contains(token)).as("completion, %s", this).isTrue();
                take(token);
            }
            assertThat(constraint.mayEnd()).as(toString()).isTrue();
        }

        /** Writes a text as far as it is allowed. */
        private void write(String start) {
            for (int token : tokenizer.encode(start)) {
                constraint.mask(allowed);
                if (!allowed.contains(token)) {
                    return;
                }
                take(token);
            }
        }

        private int any() {
            int best = -1;
            for (int draw = 0; draw < 4; draw++) {
                int from = random.nextInt(allowed.size());
                int token = allowed.next(from) < 0 ? allowed.next(0) : allowed.next(from);
                boolean control = tokenizer.special().contains(token);
                boolean tag = isPythonTag(tokenizer, token);
                if (!control || tag && random.nextInt(4) == 0) {
                    boolean better =
                            best < 0
                                    || tokenizer.bytes(token).length < tokenizer.bytes(best).length;
                    best = better ? token : best;
                }
            }
            return best < 0 ? firstOrdinary() : best;
        }

        private int firstOrdinary() {
            int token = allowed.next(0);
            while (tokenizer.special().contains(token)) {
                token = allowed.next(token + 1);
            }
            return token;
        }

        private void take(int token) {
            boolean inCall = !constraint.mayEnd();
            constraint.accept(token);
            tokens.add(token);
            text.append(
                    tokenizer.special().contains(token)
                            ? "⟨tag⟩"
                            : new String(tokenizer.bytes(token), StandardCharsets.UTF_8));
            calls += inCall && constraint.mayEnd() ? 1 : 0;
        }

        /** Whether all may be bare calls or a code block, which nothing holds to the schemas. */
        boolean mayBeWhole() {
            String begins = text.toString().replace("⟨tag⟩", "").strip();
            return begins.startsWith("`")
                    || TOOLS.stream().anyMatch(tool -> begins.startsWith(tool.name()))
                    || begins.startsWith("functions.");
        }

        @Override
        public String toString() {
            return what + ": " + text + "|";
        }
    }
}
