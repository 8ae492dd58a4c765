package org.scout4j.chat.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scout4j.chat.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The golden outputs (spec "Chat" §4 and §6), whole and cut in every way, with and without guard.
 */
class OutputParserGoldenTest {

    private record Case(JsonNode node) {
        @Override
        public String toString() {
            return node.get("id").stringValue() + " " + node.get("raw").stringValue();
        }

        String body() {
            return ParseRun.body(node.get("raw").stringValue());
        }

        OutputEnd end() {
            boolean cut = node.get("generation_ended").stringValue().equals("length");
            return cut ? OutputEnd.CUT : OutputEnd.COMPLETE;
        }

        boolean streamMustMatch() {
            return node.get("stream_must_match").booleanValue();
        }

        ParseRun.Setting setting(boolean guarded) {
            boolean off =
                    node.get("tools").stringValue().equals("none")
                            || node.get("tool_choice").stringValue().equals("none");
            return new ParseRun.Setting(
                    off ? List.of() : ParseRun.DEFAULT,
                    node.get("parallel_tool_calls").booleanValue(),
                    guarded);
        }
    }

    static Stream<Case> cases() {
        return ParseRun.golden().get("cases").valueStream().map(Case::new);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void inOnePiece(Case row) {
        for (boolean guarded : new boolean[] {false, true}) {
            ParseRun run = ParseRun.whole(row.setting(guarded), row.body(), row.end());
            requireExpected(run.message(), row.node.get("expect"));
            boolean malformed = row.node.get("category").stringValue().equals("malformed");
            assertThat(run.message().failed()).isEqualTo(malformed);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void cutAnywhere(Case row) {
        for (boolean guarded : new boolean[] {false, true}) {
            if (guarded && !row.streamMustMatch()) {
                continue; // a grammar does not let it happen
            }
            ParseRun.Setting setting = row.setting(guarded);
            ParseRun whole = ParseRun.whole(setting, row.body(), row.end());
            for (List<Integer> cuts : cuts(row)) {
                ParseRun run = ParseRun.cut(setting, row.body(), row.end(), cuts);
                assertThat(run).as("cut at %s", cuts).isEqualTo(whole);
                requireConsistent(run);
            }
        }
    }

    private static List<List<Integer>> cuts(Case row) {
        String body = row.body();
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i <= body.length(); i++) {
            all.add(List.of(i));
        }
        for (JsonNode cuts : row.node.get("stream_cuts")) {
            all.add(
                    cuts.valueStream()
                            .map(JsonNode::intValue)
                            .filter(cut -> cut <= body.codePointCount(0, body.length()))
                            .map(cut -> body.offsetByCodePoints(0, cut))
                            .toList());
        }
        Random random = new Random(5);
        for (int i = 0; i < 30; i++) {
            all.add(ParseRun.randomCuts(body, random));
        }
        return all;
    }

    /** What the events say is what the message says. */
    static void requireConsistent(ParseRun run) {
        assertThat(run.calls()).isEqualTo(run.message().toolCalls());
        String content = run.message().content();
        assertThat(run.text()).isEqualTo(content == null ? "" : content);
    }

    private static void requireExpected(ParsedMessage message, JsonNode expect) {
        JsonNode content = expect.get("content");
        assertThat(message.content()).isEqualTo(content.isNull() ? null : content.stringValue());
        JsonNode calls = expect.get("tool_calls");
        assertThat(message.toolCalls()).hasSize(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            Message.ToolCall call = message.toolCalls().get(i);
            assertThat(call.name()).isEqualTo(calls.get(i).get("name").stringValue());
            assertThat(call.id()).startsWith("call_").hasSize(29);
            JsonNode text = calls.get(i).get("arguments_text");
            if (text != null) {
                assertThat(call.arguments()).isEqualTo(text.stringValue());
            } else {
                assertThat(JsonMapper.shared().readTree(call.arguments()))
                        .isEqualTo(calls.get(i).get("arguments"));
            }
        }
    }
}
