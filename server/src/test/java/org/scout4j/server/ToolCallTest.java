package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls of tools over HTTP. The random model shows that calls are well formed whatever it would
 * rather say; the embedded one calls by its own choice.
 */
class ToolCallTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TOOLS =
            """
            [{"type":"function","function":{"name":"get_weather","description":"Weather of a city",
              "parameters":{"type":"object","properties":{"city":{"type":"string","maxLength":12},
               "days":{"type":"integer","minimum":1,"maximum":9},"unit":{"enum":["C","F"]}},
               "required":["city"],"additionalProperties":false}}},
             {"type":"function","function":{"name":"get-time.zone",
              "parameters":{"type":"object","properties":{"zone":{"type":"string","maxLength":8},
               "at":{"type":"array","items":{"enum":[1,2.5,null,true]},"maxItems":3}},
               "required":["zone","at"],"additionalProperties":false}}},
             {"type":"function","function":{"name":"now"}}]
            """;
    private static final String NAMED =
            "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get-time.zone\"}}";
    private static final String ALLOWED =
            "\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\","
                    + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]}}";
    private static final String DOCUMENT =
            """
            {"type":"object","properties":{"n":{"type":"integer","minimum":0,"maximum":99}},
             "required":["n"],"additionalProperties":false}
            """;

    private static TestServer random;
    private static TestServer nano;

    @BeforeAll
    static void start() {
        random = TestServer.tiny(load -> load.context(4_096));
        nano = TestServer.nano(load -> load.context(2_048).slots(4));
    }

    @AfterAll
    static void stop() {
        random.close();
        nano.close();
    }

    private static ObjectNode request(String fields) {
        String more = fields.isEmpty() ? "" : "," + fields;
        ObjectNode body =
                (ObjectNode)
                        Http.JSON.readTree(
                                "{\"model\":\""
                                        + Requests.MODEL
                                        + "\",\"max_tokens\":256"
                                        + more
                                        + "}");
        if (!body.has("messages")) {
            body.putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .put("content", "What is the weather in Oslo?");
        }
        return body;
    }

    private static ObjectNode withTools(String fields) {
        ObjectNode body = request(fields);
        body.set("tools", Http.JSON.readTree(TOOLS));
        return body;
    }

    private static Http.Reply reply(TestServer server, String path, ObjectNode body)
            throws Exception {
        Http.Reply reply = new Http(server.uri()).post(path, body);
        assertThat(reply.status()).as("%s: %s", body, reply.body()).isEqualTo(200);
        return reply;
    }

    /** The choices of the whole reply; those of the streamed one must be the same. */
    private static JsonNode choices(TestServer server, ObjectNode body) throws Exception {
        JsonNode whole = reply(server, CHAT, body).json().get("choices");
        ObjectNode streaming = body.deepCopy().put("stream", true);
        List<JsonNode> chunks = reply(server, CHAT, streaming).chunks();
        assertThat(ids(StreamedChat.choices(chunks)))
                .as("streamed: %s", body)
                .isEqualTo(ids(whole));
        return whole;
    }

    /** Compared as text, where the order of fields shows too. */
    private static String ids(JsonNode choices) {
        List<String> lines = new ArrayList<>();
        for (JsonNode choice : choices) {
            lines.add(
                    choice.get("index")
                            + " "
                            + choice.get("message")
                            + " "
                            + choice.get("finish_reason")
                            + " "
                            + choice.get("logprobs"));
        }
        return String.join("\n", lines);
    }

    /** Checks every finished call of an answer, and returns how many there are. */
    private static int checkCalls(JsonNode choice, JsonNode tools, String what) {
        JsonNode calls = choice.at("/message/tool_calls");
        boolean cut = choice.get("finish_reason").stringValue().equals("length");
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).get("id").stringValue())
                    .as(what)
                    .matches("call_[A-Za-z0-9]{24}");
            assertThat(calls.get(i).get("type").stringValue()).isEqualTo("function");
            if (!cut || i + 1 < calls.size()) {
                StreamRules.checkCall(calls.get(i).get("function"), tools);
            }
        }
        assertThat(calls.valueStream().map(call -> call.get("id")).distinct().count())
                .as(what)
                .isEqualTo(calls.size());
        return calls.size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"tool_choice\":\"required\"", NAMED, ALLOWED})
    void forcedCallsAreWellFormedAndStreamedAsTheyAreWhole(String choice) throws Exception {
        int ended = 0;
        for (int seed = 0; seed < 12; seed++) {
            String fields =
                    choice
                            + (seed % 2 == 0 ? "" : ",\"parallel_tool_calls\":false")
                            + (seed % 3 == 0 ? ",\"logprobs\":true,\"top_logprobs\":1" : "")
                            + (seed % 4 == 0 ? ",\"n\":2" : "");
            ObjectNode body = withTools(fields).put("seed", seed);
            String what = choice + ", seed " + seed;
            for (JsonNode answer : choices(random, body)) {
                assertThat(answer.at("/message/content").isNull()).as(what).isTrue();
                int calls = checkCalls(answer, body.get("tools"), what);
                assertThat(calls).as(what).isBetween(1, seed % 2 == 0 ? 256 : 1);
                String reason = answer.get("finish_reason").stringValue();
                assertThat(reason).as(what).isIn("tool_calls", "length");
                ended += reason.equals("tool_calls") ? 1 : 0;
                for (JsonNode call : answer.at("/message/tool_calls")) {
                    String name = call.at("/function/name").stringValue();
                    assertThat(!choice.equals(NAMED) || name.equals("get-time.zone")).isTrue();
                    assertThat(!choice.equals(ALLOWED) || name.equals("now")).isTrue();
                }
            }
        }
        assertThat(ended).as("answers that ended by themselves").isGreaterThan(4);
    }

    @Test
    void theModelCallsByItsOwnChoice() throws Exception {
        int called = 0;
        for (int seed = 0; seed < 6; seed++) {
            boolean one = seed % 2 == 1;
            ObjectNode body =
                    withTools("\"parallel_tool_calls\":" + !one)
                            .put("seed", seed)
                            .put("max_tokens", 96)
                            .put("logprobs", seed % 3 == 0);
            JsonNode answer = choices(nano, body).get(0);
            int calls = checkCalls(answer, body.get("tools"), "seed " + seed);
            assertThat(calls).isLessThanOrEqualTo(one ? 1 : 96);
            String content = answer.at("/message/content").asString("");
            assertThat(content).doesNotContain("[get_weather(", "{\"name\"");
            String reason = answer.get("finish_reason").stringValue();
            assertThat(reason.equals("tool_calls"))
                    .isEqualTo(calls > 0 && !reason.equals("length"));
            called += reason.equals("tool_calls") ? 1 : 0;
        }
        assertThat(called).as("answers with calls").isPositive();
    }

    @Test
    void randomTextWithToolsIsTheSameStreamedAndWhole() throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            ObjectNode body = withTools("\"max_tokens\":80").put("seed", seed);
            if (seed % 2 == 0) { // the tokens that calls begin with
                ObjectNode bias = body.putObject("logit_bias");
                for (String text : List.of("[", "{", "\"", "(")) {
                    bias.put(token(text), 5);
                }
            }
            for (JsonNode answer : choices(random, body)) {
                checkCalls(answer, body.get("tools"), "seed " + seed);
            }
        }
    }

    @Test
    void noneMeansNone() throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            ObjectNode body =
                    withTools("\"tool_choice\":\"none\",\"max_tokens\":64").put("seed", seed);
            for (TestServer server : servers(seed)) {
                JsonNode answer = choices(server, body).get(0);
                assertThat(answer.at("/message/tool_calls").isMissingNode()).isTrue();
                assertThat(answer.at("/message/content").isString()).isTrue();
            }
        }
    }

    @Test
    void aCallThatIsCutEndsWithLength() throws Exception {
        int cutBeforeACall = 0;
        for (int most : List.of(1, 3, 7)) {
            for (String choice : List.of("\"tool_choice\":\"required\"", NAMED)) {
                ObjectNode body = withTools(choice + ",\"seed\":2").put("max_tokens", most);
                for (TestServer server : List.of(random, nano)) {
                    JsonNode answer = choices(server, body).get(0);
                    assertThat(answer.get("finish_reason").stringValue()).isEqualTo("length");
                    assertThat(answer.at("/message/content").asString("")).isEmpty();
                    cutBeforeACall += answer.get("message").has("tool_calls") ? 0 : 1;
                }
            }
        }
        assertThat(cutBeforeACall).as("answers cut before a call began").isPositive();
    }

    /** Which of the two it is, the first token decides; a bias decides that. */
    @Test
    void toolsAndAFormatAreAlternatives() throws Exception {
        JsonNode schema = Http.JSON.readTree(DOCUMENT);
        for (int seed = 0; seed < 8; seed++) {
            String what = "seed " + seed;
            boolean calls = seed % 2 == 0;
            ObjectNode body =
                    withTools("\"guided_json\":" + DOCUMENT + ",\"parallel_tool_calls\":false")
                            .put("seed", seed);
            body.putObject("logit_bias").put(token(calls ? "[" : "{"), 100);
            JsonNode answer = choices(random, body).get(0);
            if (calls) {
                assertThat(answer.at("/message/content").isNull()).as(what).isTrue();
                assertThat(checkCalls(answer, body.get("tools"), what)).as(what).isEqualTo(1);
                assertThat(answer.get("finish_reason").stringValue())
                        .as(what)
                        .isEqualTo("tool_calls");
            } else {
                assertThat(answer.get("message").has("tool_calls")).as(what).isFalse();
                assertThat(answer.get("finish_reason").stringValue()).as(what).isEqualTo("stop");
                JsonAssertion.checkSchema(
                        Http.JSON.readTree(answer.at("/message/content").stringValue()),
                        schema,
                        what);
            }
        }
    }

    private static String token(String text) throws Exception {
        ObjectNode body = Http.JSON.createObjectNode().put("content", text);
        return new Http(random.uri()).post("/tokenize", body).json().at("/tokens/0").toString();
    }

    /** The embedded model takes longer, so it is asked less often. */
    private static List<TestServer> servers(int seed) {
        return seed < 2 ? List.of(random, nano) : List.of(random);
    }

    @Test
    void functionsAreAnsweredAsFunctions() throws Exception {
        for (String choice : List.of("{\"name\":\"get_weather\"}", "\"auto\"", "\"none\"")) {
            for (int seed = 0; seed < 4; seed++) {
                ObjectNode body = request("\"function_call\":" + choice).put("seed", seed);
                body.put("max_tokens", 128);
                Http.JSON
                        .readTree(TOOLS)
                        .forEach(tool -> body.withArray("/functions").add(tool.get("function")));
                for (TestServer server : servers(seed)) {
                    JsonNode answer = choices(server, body).get(0);
                    JsonNode message = answer.get("message");
                    assertThat(message.has("tool_calls")).isFalse();
                    String reason = answer.get("finish_reason").stringValue();
                    assertThat(reason).isNotEqualTo("tool_calls");
                    assertThat(message.has("function_call") || !choice.startsWith("{")).isTrue();
                    assertThat(message.has("function_call") && choice.equals("\"none\"")).isFalse();
                    if (reason.equals("function_call")) {
                        StreamRules.checkCall(
                                message.get("function_call"), Http.JSON.readTree(TOOLS));
                    }
                }
            }
        }
    }

    @Test
    void toolsAndFunctionsTogetherAreRefused() throws Exception {
        ObjectNode body = withTools("");
        body.withArray("/functions").addObject().put("name", "f");
        Http.Reply reply = new Http(random.uri()).post(CHAT, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/param").stringValue()).isEqualTo("functions");
    }

    /** Calls, results, and a question again: the reply's message goes back as it came. */
    @Test
    void conversationGoesOnAfterResults() throws Exception {
        ObjectNode body = withTools("\"tool_choice\":\"required\",\"max_tokens\":400");
        int answered = 0;
        for (int seed = 0; seed < 4; seed++) {
            for (TestServer server : servers(seed)) {
                ObjectNode turn = body.deepCopy().put("seed", seed);
                JsonNode first = choices(server, turn).get(0);
                if (!first.get("finish_reason").stringValue().equals("tool_calls")) {
                    continue;
                }
                turn.withArray("/messages").add(first.get("message"));
                for (JsonNode call : first.at("/message/tool_calls")) {
                    turn.withArray("/messages")
                            .addObject()
                            .put("role", "tool")
                            .put("content", "{\"degrees\":-3}")
                            .set("tool_call_id", call.get("id"));
                }
                turn.put("tool_choice", "auto").put("max_tokens", 40);
                JsonNode second = choices(server, turn).get(0);
                assertThat(second.at("/message/role").stringValue()).isEqualTo("assistant");
                answered++;
            }
        }
        assertThat(answered).as("conversations with results of calls").isPositive();
    }

    @Test
    void logprobsAndUsageCountTheTokensOfCalls() throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            ObjectNode body =
                    withTools(NAMED + ",\"logprobs\":true,\"parallel_tool_calls\":false")
                            .put("seed", seed);
            JsonNode reply = reply(random, CHAT, body).json();
            int made = reply.at("/usage/completion_tokens").intValue();
            int told = reply.at("/choices/0/logprobs/content").size();
            boolean cut = reply.at("/choices/0/finish_reason").stringValue().equals("length");
            assertThat(told).as("seed %d", seed).isEqualTo(cut ? made : made - 1);
            ObjectNode streaming = body.deepCopy().put("stream", true);
            streaming.putObject("stream_options").put("include_usage", true);
            JsonNode usage = reply(random, CHAT, streaming).chunks().getLast().get("usage");
            assertThat(usage.get("completion_tokens").intValue()).isEqualTo(made);
            assertThat(usage.get("prompt_tokens")).isEqualTo(reply.at("/usage/prompt_tokens"));
        }
    }

    @Test
    void openRouterTellsTheNativeReason() throws Exception {
        ObjectNode body = withTools(ALLOWED + ",\"seed\":1,\"parallel_tool_calls\":false");
        String path = "/api/v1/chat/completions";
        JsonNode choice = reply(random, path, body).json().at("/choices/0");
        assertThat(choice.get("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(choice.get("native_finish_reason").stringValue()).isEqualTo("tool_calls");
        List<JsonNode> chunks = reply(random, path, body.put("stream", true)).chunks();
        assertThat(chunks.stream().map(c -> c.at("/choices/0/native_finish_reason").asString("")))
                .contains("tool_calls");
    }

    @Test
    void laxParametersSayWhatIsNotEnforced() throws Exception {
        ObjectNode body = request("\"tool_choice\":\"required\",\"max_tokens\":16");
        JsonNode tool =
                Http.JSON.readTree(
                        "{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":"
                                + "{\"p\":{\"type\":\"string\",\"pattern\":\"(a)\\\\1\"}}}}");
        body.withArray("/tools").addObject().put("type", "function").set("function", tool);
        assertThat(reply(random, CHAT, body).header("x-scout4j-not-enforced"))
                .isEqualTo("f? pattern at /properties/p");
    }

    /**
     * A form may ask for a text that begins as a call and is none: a fence around a call whose
     * argument is no literal. It is content as it stands, and counted.
     */
    @Test
    void aMalformedCallIsTextAndIsCounted() throws Exception {
        String text = "```python\n[get_weather(city=Oslo)]\n```";
        ObjectNode body = withTools("").put("seed", 1);
        body.putArray("guided_choice").add(text);
        body.putObject("logit_bias").put(token("["), -100);
        Http http = new Http(random.uri());
        double before = failures(http);
        Http.Reply whole = reply(random, CHAT, body);
        JsonNode choice = whole.json().at("/choices/0");
        assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(choice.at("/message/content").stringValue()).isEqualTo(text);
        assertThat(choice.get("message").has("tool_calls")).isFalse();
        assertThat(whole.header("x-scout4j-toolparse")).isEqualTo("failed");
        awaitReportOfFailure();
        assertThat(failures(http) - before).isEqualTo(1);

        List<JsonNode> chunks = reply(random, CHAT, body.put("stream", true)).chunks();
        assertThat(ids(StreamedChat.choices(chunks))).isEqualTo(ids(whole.json().get("choices")));
        awaitReportOfFailure();
        assertThat(failures(http) - before).as("the streamed one too").isEqualTo(2);
    }

    /** A reply may arrive before it is counted; what is reported has been. */
    private static void awaitReportOfFailure() throws InterruptedException {
        RequestReport report;
        do {
            report = random.reports().poll(60, TimeUnit.SECONDS);
            assertThat(report).as("a report of a malformed call").isNotNull();
        } while (report.facts().filter(facts -> facts.toolParseFailures() == 1).isEmpty());
    }

    @Test
    void aCallThatAStopStringCutsIsNotCounted() throws Exception {
        ObjectNode body = withTools("\"seed\":1,\"max_tokens\":64,\"stop\":\")\"");
        body.put("tool_choice", "required");
        Http.Reply whole = reply(random, CHAT, body);
        assertThat(whole.json().at("/choices/0/finish_reason").stringValue())
                .isIn("stop", "length");
        assertThat(whole.header("x-scout4j-toolparse")).isEmpty();
        assertThat(ids(choices(random, body))).isEqualTo(ids(whole.json().get("choices")));
    }

    private static double failures(Http http) throws Exception {
        return http.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("scout4j_tool_parse_failures_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
