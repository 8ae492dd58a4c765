package org.scout4j.chat.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.chat.Message;
import tools.jackson.databind.json.JsonMapper;

/** The table of spec "Chat" §4, row by row: what is a call, what is repaired, what is text. */
class OutputParserTest {
    private static final ParseRun.Setting UNGUARDED =
            new ParseRun.Setting(ParseRun.DEFAULT, true, false);
    private static final ParseRun.Setting GUARDED =
            new ParseRun.Setting(ParseRun.DEFAULT, true, true);

    /** What changes how a text is read; half a character too. */
    private static final String ODD = "[]{}()<>`\"'\\,;:=\n *r\uD83D";

    private static ParsedMessage parse(String body, OutputEnd end) {
        ParseRun run = ParseRun.whole(UNGUARDED, body, end);
        OutputParserGoldenTest.requireConsistent(run);
        assertThat(ParseRun.eachCharacter(UNGUARDED, body, end)).isEqualTo(run);
        return run.message();
    }

    private static String calls(ParsedMessage message) {
        return message.toolCalls().stream()
                .map(call -> call.name() + call.arguments())
                .collect(Collectors.joining(" "));
    }

    /** The answer is these calls and nothing else, guarded or not. */
    private static void isCalls(String body, String expected) {
        ParsedMessage message = parse(body, OutputEnd.COMPLETE);
        assertThat(calls(message)).as(body).isEqualTo(expected);
        assertThat(message.content()).as(body).isNull();
        assertThat(message.failed()).isFalse();
        ParseRun guarded = ParseRun.eachCharacter(GUARDED, body, OutputEnd.COMPLETE);
        assertThat(guarded.message()).as("guarded").isEqualTo(message);
        OutputParserGoldenTest.requireConsistent(guarded);
    }

    private static void isCallsIn(String body, String content, String expected) {
        ParsedMessage message = parse(body, OutputEnd.COMPLETE);
        assertThat(calls(message)).as(body).isEqualTo(expected);
        assertThat(message.content()).as(body).isEqualTo(content);
        assertThat(ParseRun.eachCharacter(GUARDED, body, OutputEnd.COMPLETE).message())
                .isEqualTo(message);
    }

    private static void isText(String body, boolean failed) {
        ParsedMessage message = parse(body, OutputEnd.COMPLETE);
        assertThat(message).as(body).isEqualTo(new ParsedMessage(body, List.of(), failed));
    }

    /** The arguments of a call of search_docs, which is written with these. */
    private static void literal(String written, String json) {
        isCalls("[search_docs(filters=" + written + ")]", "search_docs{\"filters\":" + json + "}");
    }

    @Test
    void pythonLists() {
        isCalls("[now(), now(),]", "now{} now{}");
        isCalls("[now(); get_weather(city='x')]", "now{} get_weather{\"city\":\"x\"}");
        isCalls("[now();]", "now{}");
        isCalls("[\n  now(),\n  now()\n]\n", "now{} now{}");
        isCalls("[\n  now()\n  now()\n]", "now{} now{}");
        isCalls("[get_weather(\n  city = 'x',\n)]", "get_weather{\"city\":\"x\"}");
        isCalls("[default_api.now()]", "now{}");
        isCalls("[functions.bank.transfer-money(amount=5)]", "bank.transfer-money{\"amount\":5}");
        isCalls("[now()][now()]", "now{} now{}");
        isCalls("[now()], [now()];", "now{} now{}");
    }

    @Test
    void arguments() {
        isCalls("[search_docs('q', 3)]", "search_docs{\"query\":\"q\",\"top\":3}");
        isCalls("[search_docs('q', r'\\d')]", "search_docs{\"query\":\"q\",\"top\":\"\\\\d\"}");
        isCalls("[search_docs('q', True)]", "search_docs{\"query\":\"q\",\"top\":true}");
        isCalls("[get_weather(**{'odd key': 1})]", "get_weather{\"odd key\":1}");
        isCalls(
                "[get_weather('a', **{\"b\": 1, 'c': [2]}, d=3)]",
                "get_weather{\"city\":\"a\",\"b\":1,\"c\":[2],\"d\":3}");
        isCalls("[get_weather(**{})]", "get_weather{}");
        isCalls("[get_weather(größe=1, dry-run=2)]", "get_weather{\"größe\":1,\"dry-run\":2}");
    }

    @Test
    void ofArgumentsWithOneNameTheLastCounts() {
        String body = "[get_weather(city='a', metric=1, city=(2, 3))]";
        assertThat(calls(parse(body, OutputEnd.COMPLETE)))
                .isEqualTo("get_weather{\"city\":[2,3],\"metric\":1}");
        body = "[get_weather('a', city='b')]";
        assertThat(calls(parse(body, OutputEnd.COMPLETE))).isEqualTo("get_weather{\"city\":\"b\"}");
    }

    @Test
    void numbers() {
        literal("1_000", "1000");
        literal("0x1F", "31");
        literal("-0o17", "-15");
        literal("0b101", "5");
        literal(".5", "0.5");
        literal("-.5e-3", "-0.5e-3");
        literal("5.", "5.0");
        literal("1E+5", "1E+5");
        literal("+7", "7");
        literal("00", "0");
        literal("12345678901234567890123", "12345678901234567890123");
        literal("1.50", "1.50");
    }

    @Test
    void constantsAndContainers() {
        literal("[True, true, False, false, None, null]", "[true,true,false,false,null,null]");
        literal("()", "[]");
        literal("(1,)", "[1]");
        literal("(1)", "1");
        literal("((1, 2), (3), ())", "[[1,2],3,[]]");
        literal("[(1, 2), 'x']", "[[1,2],\"x\"]");
        literal("('a' 'b', 'c')", "[\"ab\",\"c\"]");
        literal("{'a': {}, \"b\": [], }", "{\"a\":{},\"b\":[]}");
        literal("{a=1, b={c='d'}}", "{\"a\":1,\"b\":{\"c\":\"d\"}}");
        literal("{1: 'a', None: 'b'}", "{\"1\":\"a\",\"null\":\"b\"}");
    }

    @Test
    void strings() {
        literal("'a\\'b'", "\"a'b\"");
        literal("'''a'b''c'''", "\"a'b''c\"");
        literal("\"\"", "\"\"");
        literal("\"\"\"\"\"\"", "\"\"");
        literal("'' 'x'", "\"x\"");
        literal("R\"\\\"\"", "\"\\\\\\\"\"");
        literal("'\\q\\/'", "\"\\\\q\\\\/\"");
        literal("'\\0\\101\\a'", "\"\\u0000A\\u0007\"");
        literal("'C:\\users\\x4'", "\"C:\\\\users\\\\x4\"");
        literal("'a\\\nb'", "\"ab\"");
        literal("'\\ud83d\\ude00'", "\"😀\"");
        literal("'\\ud83dx'", "\"\uFFFDx\"");
        literal("'\\ude00'", "\"\uFFFD\"");
        literal("'😀é\u007f'", "\"😀é\u007f\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{1, 2}",
                "f'x'",
                "b'x'",
                "x",
                "now()",
                "1 + 2",
                "-x",
                "1j",
                "0x",
                "1__0",
                "1_",
                "007",
                "1.2.3",
                "1e",
                "NaN",
                "not True",
                "[1 2]",
                "{'a' 1}",
                "{a: 1}",
                "'\\U00110000'",
                "*[1]",
                "[1,,2]",
                "(1, 2",
                "lambda: 0",
                "[x for x in y]",
                "'a' + 'b'",
                "..."
            })
    void whatIsNoLiteralIsNoCall(String written) {
        isText("[search_docs(filters=" + written + ")]", true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[now(), unknown()]",
                "[now() now()]",
                "[now(), 1]",
                "[now(),, now()]",
                "[now(1)]",
                "[get_weather(city='a', 'b')]",
                "[get_weather(1, 2, 3)]",
                "[get_weather(**'x')]",
                "[get_weather(city: 'x')]",
                "[get_weather(city='x'",
                "[now(), no",
                "[get_weather(city=",
                "<function=now>none",
                "<function=now>[1]</function>",
                "{\"name\":\"now\",\"parameters\":\"x\"}",
                "{\"name\":\"now\",\"parameters\":3}",
                "{\"name\":\"now\",\"arguments\":\"{\"}",
                "{\"name\":\"now\",\"parameters\":{\"a\"}}",
                "[{\"name\":\"now\"}, {\"name\":\"Bob\"}]",
                "{\"name\":\"now\" \"parameters\":{}}",
                "Checking.\n[now(x)]\nMore."
            })
    void malformedCallsAreText(String body) {
        if (body.endsWith("'x'")) {
            isCalls(body, "get_weather{\"city\":\"x\"}"); // only the bracket is missing
        } else {
            isText(body, true);
        }
    }

    @Test
    void bareCalls() {
        isCalls("now()", "now{}");
        isCalls(" now ( )\n", "now{}");
        isCalls("now(), now();now()", "now{} now{} now{}");
        isCalls("functions.now()", "now{}");
        isCalls("get_weather(city='x'", "get_weather{\"city\":\"x\"}");
        isText("now() is what I would call.", false);
        isText("now", false);
        isText("now(x) fails", false);
        isText("now()\nno", false);
        isCallsIn("now() works:\n[now()]", "now() works:", "now{}");
        isText("Call now()", false);
    }

    @Test
    void jsonObjects() {
        isCalls("{\"id\":\"x\\\"y\",\"type\":\"function\",\"name\":\"now\"}", "now{}");
        isCalls("{\"function\":{\"arguments\":\"{}\",\"name\":\"now\"},\"id\":null}", "now{}");
        isCalls("{\"name\":\"now\",\"arguments\":\"\"}", "now{}");
        isCalls("{\"name\":\"now\",\"arguments\":\"null\"}", "now{}");
        isCalls("{\"name\":\"now\",\"arguments\":null}", "now{}");
        isCalls("{'function':'now','arguments':'{\"a\":\"\\\\n\"}'}", "now{\"a\":\"\\n\"}");
        isCalls("{\"name\":\"functions.now\",\"parameters\":{}}", "now{}");
        isCalls(
                "{\n  \"name\": \"now\",\n  \"parameters\": {\n    \"x\": [1.0, -2e5, \"\\/\\u00e9\"]\n  }\n}",
                "now{\"x\":[1.0,-2e5,\"/é\"]}");
        isCalls("{\"name\":\"now\"}, {\"name\":\"now\"}", "now{} now{}");
        isCalls("[{\"name\":\"now\"};{\"name\":\"now\"}]", "now{} now{}");
        isCalls("[{\"name\":\"now\",\"parameters\":{\"a\":1}}", "now{\"a\":1}");
        isCalls("{\"name\":\"now\"", "now{}");
        isCalls("{\"parameters\":{\"a\":[]},\"name\":\"now\"", "now{\"a\":[]}");
    }

    @Test
    void otherObjectsAreText() {
        isText("{\"name\":\"now\",\"parameters\":{},\"x\":1}".replace("x", "color"), false);
        isText("{\"type\":\"object\",\"name\":\"now\"}", false);
        isText("{\"parameters\":{\"a\":1},\"name\":\"Bob\"}", false);
        isText("{\"parameters\":{\"a\":,}}", false);
        isText("{\"arguments\":{\"a\":[1", false);
        isText("{\"function\":{\"x\":1}}", false);
        isText("{\"name\":[\"now\"]}", false);
        isText("{\"name\":\"No\\u0077\"}", false);
        isText("{}", false);
        isText("{\"answer\": {\"name\": \"now\", \"parameters\": {}}}", false);
    }

    @Test
    void functionTags() {
        isCalls("<function='now'>{}</function>", "now{}");
        isCalls("<function=now></function>", "now{}");
        isCalls("<function=now>", "now{}");
        isCalls("<function=now> {\"a\": 1} </function>\n<function=now>{}", "now{\"a\":1} now{}");
        isCalls("<function=now>{}</func", "now{}");
        isCallsIn("<function=now>{}</function><|eot_id|>", "<|eot_id|>", "now{}");
        isCallsIn("<function=now>{}</b>", "</b>", "now{}");
        isText("<function=nowhere>{}</function>", false);
    }

    @Test
    void wrappers() {
        isCalls("<|python_start|>now()<|python_end|>", "now{}");
        isCalls("<|python_start|>[now()]<|python_end|><|python_start|>[now()]", "now{} now{}");
        isCallsIn("Let me <|python_start|>[now()]<|python_end|> see", "Let me  see", "now{}");
        isCallsIn("no<|python_start|>[now()]", "no", "now{}");
        isCalls("```\nnow()\n```", "now{}");
        isCalls("```tool_code\n[now()]\n```\n", "now{}");
        isCalls("```json\n{\"name\":\"now\"}\n{\"name\":\"now\"}\n```", "now{} now{}");
        isCalls("```json\n{\"name\":\"now\"}", "now{}");
        isCalls("```[now()]```", "now{}");
        isText("```python\n[now()]\n```\nThat is it.", false);
        isText("```python\n[now()]\nx = 1\n```", false);
        isText("```python\nprint(1)\n```", false);
        isText("```python\n[now(x)]\n```", true);
        isText("`[now()]`", false);
        isText("Look:\n```python\n[now()]\n```", false);
        isCallsIn("```py\nx\n```\n[now()]", "```py\nx\n```", "now{}");
    }

    @Test
    void whereCallsMayStart() {
        isCallsIn("So:[now()]", "So:", "now{}");
        isCallsIn("So:   [now()]", "So:", "now{}");
        isCallsIn("So\n  [now()]", "So", "now{}");
        isCallsIn("Use `x` so:\n{\"name\":\"now\"}", "Use `x` so:", "now{}");
        isCallsIn("[now()] and [now()]", "and [now()]", "now{}");
        isCallsIn("A:\n[now()]\nB:\n[now()]", "A:\n\nB:", "now{} now{}");
        isText("So\n    [now()]", false);
        isText("So [now()]", false);
        isText("So\n`[now()]`", false);
        isText("`:\n``: [now()]", false);
        isText("{\"a\": [now()]}", false);
        isText("* [now()]", false);
        isText("[[now()]]", false);
        isText("([now()])", false);
    }

    @Test
    void contentWithoutCallsStaysAsItIs() {
        isText("Two lines\nand a space ", false);
        isText("\n \t", false);
        isText("Hold [get_wea", false);
        isText("\uD83D\uDE00 [😀", false);
        assertThat(parse("  x\n", OutputEnd.COMPLETE).content()).isEqualTo("x\n");
    }

    private static void cut(String body, @Nullable String content, String expected) {
        ParsedMessage message = parse(body, OutputEnd.CUT);
        assertThat(calls(message)).as(body).isEqualTo(expected);
        assertThat(message.content()).as(body).isEqualTo(content);
        assertThat(ParseRun.eachCharacter(GUARDED, body, OutputEnd.CUT).message())
                .isEqualTo(message);
    }

    @Test
    void aCutCallKeepsWhatWasDecoded() {
        cut("[get_weather(", null, "get_weather{");
        cut("[get_weather(ci", null, "get_weather{");
        cut("[get_weather(city=\"", null, "get_weather{\"city\":\"");
        cut("[get_weather(city=\"a\\", null, "get_weather{\"city\":\"a");
        cut("[get_weather(city=\"a\\u00", null, "get_weather{\"city\":\"a");
        cut("[get_weather(city=\"a\"", null, "get_weather{\"city\":\"a\"");
        cut("[get_weather(city=12", null, "get_weather{");
        cut("[get_weather(city=12,", null, "get_weather{\"city\":12");
        cut("[get_weather(city=Tr", null, "get_weather{");
        cut("[get_weather(city={\"a\": [1, ", null, "get_weather{\"city\":{\"a\":[1");
        cut("[get_weather(city={\"a", null, "get_weather{\"city\":{");
        cut("[get_weather(city=(1, 2", null, "get_weather{\"city\":[1");
        cut("[get_weather(city=('a", null, "get_weather{\"city\":[\"a");
        cut("[now(), no", null, "now{}");
        cut("{\"name\":\"now\"", null, "now");
        cut("{\"name\":\"now\",\"parameters\":", null, "now");
        cut("{\"name\":\"now\",\"parameters\":{\"a\":tr", null, "now{");
        cut("{\"name\":\"now\",\"arguments\":\"{\\\"a\\\":\\\"b", null, "now{\"a\":\"b");
        cut("{\"name\":\"now\"}; {\"name\":\"no", null, "now{}");
        cut("<function=now>{\"a\":", null, "now{");
        cut("now(", null, "now{");
        cut("```json\n{\"name\":\"now\",\"parameters\":{\"a\":\"", null, "now{\"a\":\"");
        cut("Well:\n[now(), now(", "Well:", "now{} now{");
        cut("Well:\n[no", "Well:\n[no", "");
    }

    @Test
    void whereOnlyCallsCanBeAPieceOfOneIsDropped() {
        for (String begun :
                List.of("", "[", "[get_wea", "[ get_weather", "{\"name\": \"no", "now")) {
            OutputParser parser = onlyCalls();
            for (int i = 0; i < begun.length(); i++) {
                assertThat(parser.accept(begun.substring(i, i + 1))).as(begun).isEmpty();
            }
            assertThat(parser.end(OutputEnd.CUT)).as(begun).isEmpty();
            assertThat(parser.message())
                    .as(begun)
                    .isEqualTo(new ParsedMessage("", List.of(), false));
            assertThat(parser.settled()).as(begun).isEqualTo(begun.length());
        }
        for (String calls :
                List.of("[now()]", "[now(), get_w", "[get_weather(", "[get_weather(city='x")) {
            for (OutputEnd end : OutputEnd.values()) {
                OutputParser parser = onlyCalls();
                OutputParser free = GUARDED.parser();
                assertThat(parser.accept(calls)).as(calls).isEqualTo(free.accept(calls));
                assertThat(parser.end(end)).as(calls).isEqualTo(free.end(end));
                assertThat(parser.message()).as(calls).isEqualTo(free.message());
            }
        }
    }

    private static OutputParser onlyCalls() {
        return OutputParser.ofCallsOnly(ParseRun.DEFAULT, true, CallIds.seeded(7, 0));
    }

    @Test
    void withoutParallelCallsOnlyTheFirstIsKept() {
        ParseRun.Setting setting = new ParseRun.Setting(ParseRun.DEFAULT, false, false);
        String body = "A:\n[now(), get_weather(city='x')]\n{\"name\":\"now\"}";
        ParsedMessage message = ParseRun.whole(setting, body, OutputEnd.COMPLETE).message();
        assertThat(calls(message)).isEqualTo("now{}");
        assertThat(message.content()).isEqualTo("A:");
    }

    @Test
    void guardedCallsFlow() {
        OutputParser parser = GUARDED.parser();
        assertThat(parser.accept("Well: ")).containsExactly(new OutputEvent.Text("Well:"));
        assertThat(parser.accept("[get_weather")).isEmpty();
        List<OutputEvent> started = parser.accept("(");
        assertThat(started).hasSize(2);
        assertThat(started.getFirst()).isInstanceOf(OutputEvent.CallStarted.class);
        assertThat(started.getLast()).isEqualTo(new OutputEvent.CallArguments(0, "{"));
        assertThat(parser.accept("city=\"S\\u00"))
                .containsExactly(new OutputEvent.CallArguments(0, "\"city\":\"S"));
        assertThat(parser.accept("e9a")).containsExactly(new OutputEvent.CallArguments(0, "éa"));
        assertThat(parser.accept("\")")).containsExactly(new OutputEvent.CallArguments(0, "\"}"));
    }

    @Test
    void textFlowsAsSoonAsItCanBeNoCall() {
        OutputParser parser = UNGUARDED.parser();
        assertThat(parser.accept("[n")).isEmpty();
        assertThat(parser.accept("x")).containsExactly(new OutputEvent.Text("[nx"));
        assertThat(parser.accept(" \n{")).isEmpty();
        assertThat(parser.accept("}")).containsExactly(new OutputEvent.Text(" \n{}"));
        assertThat(parser.accept("\n<fun")).isEmpty();
        assertThat(parser.accept("ny>")).containsExactly(new OutputEvent.Text("\n<funny>"));
    }

    @Test
    void idsRepeatWithTheSeedAndDifferOtherwise() {
        CallIds ids = CallIds.seeded(1, 0);
        List<String> some = List.of(ids.next(), ids.next(), CallIds.seeded(1, 1).next());
        assertThat(some).doesNotHaveDuplicates();
        assertThat(some).allMatch(id -> id.length() == 29 && id.startsWith("call_"));
        assertThat(CallIds.seeded(1, 0).next()).isEqualTo(some.getFirst());
        assertThat(CallIds.seeded(2, 0).next()).isNotIn(some);
    }

    @Test
    void noFunctionsNoCalls() {
        ParseRun.Setting none = new ParseRun.Setting(List.of(), true, false);
        String body = " [now()] <|python_start|>x ";
        assertThat(ParseRun.whole(none, body, OutputEnd.COMPLETE).message())
                .isEqualTo(new ParsedMessage(" [now()] x ", List.of(), false));
    }

    /** Any text at all, whole or in pieces, gives the same; guarded or not, nothing breaks. */
    @Test
    void mutatedOutputsReadTheSameInPieces() {
        List<String> bodies =
                ParseRun.golden()
                        .get("cases")
                        .valueStream()
                        .map(row -> ParseRun.body(row.get("raw").stringValue()))
                        .toList();
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            String body = mutated(bodies, random);
            OutputEnd end = random.nextBoolean() ? OutputEnd.COMPLETE : OutputEnd.CUT;
            ParseRun.Setting setting = random.nextInt(4) == 0 ? GUARDED : UNGUARDED;
            ParseRun whole = ParseRun.whole(setting, body, end);
            ParseRun pieces = ParseRun.cut(setting, body, end, ParseRun.randomCuts(body, random));
            assertThat(pieces).as("seed %d: %s", seed, body).isEqualTo(whole);
            if (!setting.guarded() || !whole.message().failed()) {
                OutputParserGoldenTest.requireConsistent(whole);
            }
            requireJson(whole.message(), end, body);
        }
    }

    static void requireJson(ParsedMessage message, OutputEnd end, String body) {
        List<Message.ToolCall> calls = message.toolCalls();
        int whole = end == OutputEnd.CUT ? calls.size() - 1 : calls.size();
        for (int i = 0; i < whole; i++) {
            String json = calls.get(i).arguments();
            assertThat(JsonMapper.shared().readTree(json).isObject())
                    .as("%s in %s", json, body)
                    .isTrue();
        }
    }

    private static String mutated(List<String> bodies, Random random) {
        StringBuilder body = new StringBuilder(bodies.get(random.nextInt(bodies.size())));
        int changes = random.nextInt(5);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(body.length() + 1);
            String other = bodies.get(random.nextInt(bodies.size()));
            switch (random.nextInt(5)) {
                case 0 -> body.insert(at, ODD.charAt(random.nextInt(ODD.length())));
                case 1 -> body.delete(at, Math.min(body.length(), at + random.nextInt(4)));
                case 2 -> body.append("\n").append(other);
                case 3 -> body.insert(at, other);
                default -> body.setLength(at);
            }
        }
        return body.toString();
    }
}
