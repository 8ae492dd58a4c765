package org.scout4j.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.scout4j.chat.calls.CallIds;
import org.scout4j.chat.calls.DeclaredFunction;
import org.scout4j.chat.calls.OutputEnd;
import org.scout4j.chat.calls.OutputParser;
import org.scout4j.chat.calls.ParsedMessage;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls that are written as the prompt shows them, as JSON or in tags, are read as the same. */
class CallRoundTripTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> NAMES = List.of("f", "get_weather", "bank.transfer-money");
    private static final List<String> KEYS = List.of("city", "_x1", "größe", "odd key", "a.b", "");
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "x",
                    "it's \"q\" \\ \n\t\u0001",
                    "😀 é\u2028",
                    ")]}, f(",
                    "</function>",
                    "'''");

    @Test
    void whatIsWrittenIsRead() {
        List<DeclaredFunction> functions =
                NAMES.stream().map(name -> new DeclaredFunction(name, List.of())).toList();
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            List<Message.ToolCall> calls = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                calls.add(new Message.ToolCall("", name, object(random, 3).toString()));
            }
            String lead = random.nextBoolean() ? "Let me see: " : "";
            String written = lead + written(calls, random);
            boolean guarded = random.nextBoolean();
            OutputParser parser =
                    new OutputParser(functions, true, guarded, CallIds.seeded(seed, 0));
            int at = 0;
            while (at < written.length()) {
                int end = Math.min(written.length(), at + 1 + random.nextInt(9));
                parser.accept(written.substring(at, end));
                at = end;
            }
            parser.end(OutputEnd.COMPLETE);
            ParsedMessage message = parser.message();
            assertThat(message.content())
                    .as("seed %d: %s", seed, written)
                    .isEqualTo(lead.isEmpty() ? null : lead.strip());
            assertThat(message.toolCalls())
                    .as("seed %d: %s", seed, written)
                    .extracting(Message.ToolCall::name, Message.ToolCall::arguments)
                    .isEqualTo(
                            calls.stream()
                                    .map(call -> new Tuple(call.name(), call.arguments()))
                                    .toList());
        }
    }

    private static String written(List<Message.ToolCall> calls, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> PythonCalls.list(calls);
            case 1 -> joined(calls, "%s", "; ");
            case 2 -> "[" + joined(calls, "%s", ",\n") + "]";
            case 3 -> joined(calls, "{\"type\":\"function\",\"function\":%s}", "\n");
            default ->
                    calls.stream()
                            .map(call ->
                                    "<function="
                                            + call.name()
                                            + ">"
                                            + call.arguments()
                                            + "</function>")
                            .collect(Collectors.joining());
        };
    }

    private static String joined(List<Message.ToolCall> calls, String form, String between) {
        return calls.stream()
                .map(call ->
                        form.formatted(
                                "{\"name\": \""
                                        + call.name()
                                        + "\", \"parameters\": "
                                        + call.arguments()
                                        + "}"))
                .collect(Collectors.joining(between));
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = JSON.createObjectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            String key = KEYS.get(random.nextInt(KEYS.size()));
            switch (random.nextInt(depth == 0 ? 5 : 7)) {
                case 0 -> object.put(key, TEXTS.get(random.nextInt(TEXTS.size())));
                case 1 -> object.put(key, random.nextLong());
                case 2 -> object.put(key, random.nextInt(100) / 8.0 - 3);
                case 3 -> object.put(key, random.nextBoolean());
                case 4 -> object.putNull(key);
                case 5 -> object.set(key, object(random, depth - 1));
                default -> {
                    ArrayNode items = object.putArray(key);
                    for (int item = random.nextInt(4); item > 0; item--) {
                        items.add(object(random, depth - 1));
                    }
                }
            }
        }
        return object;
    }
}
