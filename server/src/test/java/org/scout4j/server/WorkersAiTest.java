package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the fixtures of Workers AI do not say. */
class WorkersAiTest {
    private static final String ACCOUNT = "/client/v4/accounts/acc0";
    private static final String MODEL = "@cf/meta/llama-4-scout-17b-16e-instruct";
    private static final String RUN = ACCOUNT + "/ai/run/" + MODEL;
    private static final String HELLO =
            "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}],\"temperature\":0,";
    private static final String WEATHER =
            "\"tools\":[{\"name\":\"get_weather\",\"description\":\"Weather\",\"parameters\":{\"type\":"
                    + "\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"enum\":[\"Rome\"]}},"
                    + "\"required\":[\"city\"],\"additionalProperties\":false}}],"
                    + "\"tool_choice\":\"required\",";
    private static NanoServer server;

    @BeforeAll
    static void start() {
        server = NanoServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> run(String fields) {
        return server.post(RUN, "{" + fields + "\"max_tokens\":64}");
    }

    private static JsonNode result(String fields) {
        HttpResponse<String> response = run(fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return NanoServer.json(response).get("result");
    }

    private static void assertRefused(HttpResponse<String> response, int status, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode body = NanoServer.json(response);
        assertThat(body.get("success").booleanValue()).isFalse();
        assertThat(body.at("/errors/0/code").intValue()).as(response.body()).isEqualTo(code);
    }

    private static String joined(List<JsonNode> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.get("response").stringValue()));
        return text.toString();
    }

    @Test
    void saysWhatTheOpenAiDialectSays() {
        JsonNode result = result(HELLO);
        JsonNode other =
                NanoServer.json(
                        server.post(
                                ACCOUNT + "/ai/v1/chat/completions",
                                "{\"model\":\"" + MODEL + "\"," + HELLO + "\"max_tokens\":64}"));
        assertThat(result.get("response")).isEqualTo(other.at("/choices/0/message/content"));
        assertThat(result.get("finish_reason")).isEqualTo(other.at("/choices/0/finish_reason"));
        assertThat(result.at("/usage/completion_tokens"))
                .isEqualTo(other.at("/usage/completion_tokens"));
    }

    @Test
    void repliesAreAsThePublishedSchemaSays() {
        JsonNode output = FixtureTest.resource("workers_ai_schema.json").at("/output/oneOf/0");
        for (String fields : List.of(HELLO, "\"prompt\":\"Say hello.\",", HELLO + "\"seed\":7,")) {
            JsonAssertion.checkSchema(result(fields), output, fields);
        }
    }

    @Test
    void thePublishedSchemaAllowsWhatIsAnswered() {
        JsonNode input = FixtureTest.resource("workers_ai_schema.json").get("input");
        for (JsonNode row : FixtureTest.resource("requests.json")) {
            boolean run = row.get("path").stringValue().equals(RUN) && row.has("body");
            if (run
                    && row.at("/expect/status").intValue() == 200
                    && !row.get("body").has("requests")) {
                JsonAssertion.checkSchema(row.get("body"), input, row.get("id").stringValue());
            }
        }
    }

    @Test
    void aStreamHoldsTheSameTextInPaddedEventsAndEndsWithUsage() {
        String whole = result(HELLO).get("response").stringValue();
        List<JsonNode> events = NanoServer.events(run(HELLO + "\"stream\":true,"));
        assertThat(joined(events)).isEqualTo(whole);
        List<JsonNode> pieces = events.subList(0, events.size() - 1);
        assertThat(pieces)
                .isNotEmpty()
                .allSatisfy(
                        piece -> assertThat(piece.propertyNames()).containsOnly("response", "p"));
        assertThat(events.getLast().propertyNames())
                .containsOnly("response", "finish_reason", "usage");
        List<JsonNode> bare =
                NanoServer.events(
                        run(
                                HELLO
                                        + "\"stream\":true,"
                                        + "\"stream_options\":{\"include_obfuscation\":false},"));
        assertThat(bare).noneMatch(event -> event.has("p"));
    }

    @Test
    void callsAreObjectsAndStreamedWhenComplete() {
        JsonNode result = result(HELLO + WEATHER);
        assertThat(result.get("response").isNull()).isTrue();
        assertThat(result.get("finish_reason").stringValue()).isEqualTo("tool_calls");
        JsonNode call = result.at("/tool_calls/0");
        assertThat(call.get("name").stringValue()).isEqualTo("get_weather");
        assertThat(call.at("/arguments/city").stringValue()).isEqualTo("Rome");
        List<JsonNode> events = NanoServer.events(run(HELLO + WEATHER + "\"stream\":true,"));
        List<JsonNode> told = events.stream().filter(event -> event.has("tool_calls")).toList();
        assertThat(told).isNotEmpty();
        for (int i = 0; i < told.size(); i++) {
            JsonNode streamed = told.get(i).at("/tool_calls/0");
            assertThat(streamed.get("index").intValue()).isEqualTo(i);
            assertThat(streamed.at("/arguments/city").stringValue()).isEqualTo("Rome");
        }
    }

    @Test
    void aCallThatWasCutIsNotTold() {
        HttpResponse<String> cut = server.post(RUN, "{" + HELLO + WEATHER + "\"max_tokens\":3}");
        assertThat(cut.statusCode()).as(cut.body()).isEqualTo(200);
        JsonNode result = NanoServer.json(cut).get("result");
        assertThat(result.has("tool_calls")).isFalse();
        assertThat(result.get("finish_reason").stringValue()).isEqualTo("length");
    }

    @Test
    void anAnswerInThisServicesOwnFormCanBeSentBack() {
        JsonNode call = result(HELLO + WEATHER).at("/tool_calls/0");
        String turns =
                "\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"},{\"role\":\"assistant\","
                        + "\"content\":null,\"tool_calls\":["
                        + call
                        + "]},{\"role\":\"tool\",\"tool_call_id\":"
                        + call.get("id")
                        + ",\"content\":\"18\"}],";
        result(turns);
        result(turns.replace("\"id\":" + call.get("id") + ",", ""));
    }

    @Test
    void jsonIsAValueOrTextAsAsked() {
        String form =
                HELLO
                        + "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"type\":"
                        + "\"array\",\"items\":{\"const\":\"a\"},\"minItems\":2,\"maxItems\":2}},";
        assertThat(result(form).get("response").toString()).isEqualTo("[\"a\",\"a\"]");
        HttpResponse<String> text =
                server.send(
                        "POST",
                        RUN,
                        Map.of("Content-Type", "application/json", "x-scout4j-json", "string"),
                        "{" + form + "\"max_tokens\":64}");
        assertThat(NanoServer.json(text).at("/result/response").isString()).isTrue();
        assertThat(result(HELLO + "\"guided_choice\":[\"42\"],").get("response").stringValue())
                .isEqualTo("42");
    }

    @Test
    void nullIsAbsentAndEmptyToolsAreNone() {
        result(
                HELLO
                        + "\"prompt\":null,\"requests\":null,\"raw\":null,\"stream\":null,"
                        + "\"seed\":null,\"image\":null,\"lora\":null,\"functions\":null,"
                        + "\"tools\":[],\"guided_json\":null,\"response_format\":null,");
    }

    @Test
    void faultsHaveTheirNumbers() {
        assertRefused(run(HELLO + "\"lora\":\"x\","), 405, 5005);
        assertRefused(run(HELLO + "\"raw\":true,"), 400, 5006);
        assertRefused(run("\"prompt\":\"x\",\"raw\":true," + WEATHER), 400, 5006);
        assertRefused(run(HELLO + "\"image\":[],"), 400, 5004);
        assertRefused(run(HELLO + "\"image\":[256],"), 400, 5004);
        assertRefused(run(HELLO + "\"image\":\"%%%\","), 400, 5004);
        assertRefused(run(HELLO + "\"image\":\"https://a.example/b.png\","), 400, 5006);
        assertRefused(run(HELLO + "\"logprobs\":true,"), 400, 5006);
        assertRefused(run(HELLO + "\"functions\":[{\"name\":\"f\"}],"), 400, 5006);
        assertRefused(run("\"prompt\":\"" + "word ".repeat(4_096) + "\","), 413, 3006);
        assertRefused(server.post(ACCOUNT + "/ai/run/none", "{\"prompt\":\"x\"}"), 404, 3042);
        assertRefused(server.post(ACCOUNT + "/ai/none", "{}"), 404, 7000);
        assertRefused(server.get(RUN), 405, 7001);
        assertRefused(server.post(RUN, "{"), 400, 5006);
        assertRefused(
                server.post(RUN + "?queueRequest=true", "{\"requests\":[{\"prompt\":\"a\"}]}"),
                501,
                7000);
    }

    @Test
    void malformedMessagesToolsAndBatchesAreRefused() {
        String call = "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":";
        for (String fields :
                List.of(
                        "\"messages\":[],",
                        "\"messages\":{},",
                        "\"messages\":[7],",
                        "\"messages\":[null],",
                        "\"messages\":[{\"role\":\"user\",\"content\":{}}],",
                        "\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":1}}],",
                        call + "[7]}],",
                        call + "[{}]}],",
                        call + "[{\"name\":7}]}],",
                        call + "[{\"name\":\"f\",\"arguments\":7}]}],",
                        call + "[{\"function\":7}]}],",
                        call + "[{\"id\":7,\"name\":\"f\"}]}],",
                        HELLO + "\"tools\":[7],",
                        HELLO + "\"tools\":{},",
                        HELLO + "\"functions\":7,",
                        HELLO + "\"response_format\":{\"type\":\"json_schema\"},",
                        HELLO + "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":7},",
                        "\"requests\":{},",
                        "\"requests\":[null],",
                        "\"request_id\":\"x\",\"prompt\":\"y\",")) {
            assertRefused(run(fields), 400, 5006);
        }
    }

    @Test
    void theFirstFaultOfTheDocumentIsTold() {
        assertThat(run("\"seed\":0,\"temperature\":9,\"prompt\":\"x\",").body()).contains("'seed'");
        assertThat(run("\"temperature\":9,\"seed\":0,\"prompt\":\"x\",").body())
                .contains("'temperature'");
        HttpResponse<String> model = server.post(ACCOUNT + "/ai/run/@cf/meta/none", "{\"seed\":0}");
        assertRefused(model, 400, 5007);
    }

    @Test
    void everyNameOfTheModelLeadsToIt() {
        String body = "{\"prompt\":\"x\",\"max_tokens\":1}";
        for (String name : ServedModel.SCOUT_NAMES) {
            assertThat(server.post(ACCOUNT + "/ai/run/" + name, body).statusCode())
                    .as(name)
                    .isEqualTo(200);
        }
        String escaped = ACCOUNT + "/ai/run/" + MODEL.replace("@", "%40").replace("/", "%2F");
        assertThat(server.post(escaped, body).statusCode()).isEqualTo(200);
    }

    @Test
    void aBatchAnswersEachRequestOfItsOwn() {
        String batch =
                "{\"requests\":[{\"prompt\":\"a\",\"max_tokens\":2,\"external_reference\":\"r1\"},"
                        + "{\"prompt\":\"b\",\"max_tokens\":1,\"guided_json\":{\"type\":\"object\","
                        + "\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}},"
                        + "{\"prompt\":\""
                        + "word ".repeat(4_096)
                        + "\"},{\"prompt\":\"d\",\"max_tokens\":3}]}";
        HttpResponse<String> response = server.post(RUN, batch);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode result = NanoServer.json(response).get("result");
        JsonNode answers = result.get("responses");
        assertThat(answers.size()).isEqualTo(4);
        int made = 0;
        for (int i = 0; i < 4; i++) {
            assertThat(answers.get(i).get("id").intValue()).isEqualTo(i);
            made += answers.get(i).at("/result/usage/completion_tokens").asInt(0);
        }
        assertThat(answers.at("/0/success").booleanValue()).isTrue();
        assertThat(answers.at("/0/external_reference").stringValue()).isEqualTo("r1");
        assertThat(answers.at("/1/success").booleanValue()).isFalse();
        assertThat(answers.at("/1/error/code").intValue()).isEqualTo(5024);
        assertThat(answers.at("/2/error/code").intValue()).isEqualTo(3006);
        assertThat(answers.at("/3/result/usage/completion_tokens").intValue())
                .isLessThanOrEqualTo(3);
        // What was made for an answer that could not be told counts all the same.
        assertThat(result.at("/usage/completion_tokens").intValue()).isEqualTo(made + 1);
    }

    @Test
    void aFaultInsideABatchIsToldWithItsPlace() {
        for (String item :
                List.of(
                        "{}",
                        "7",
                        "{\"prompt\":\"a\",\"messages\":[]}",
                        "{\"prompt\":\"a\",\"stream\":true}",
                        "{\"prompt\":\"a\",\"temperature\":9}",
                        "{\"messages\":[{\"role\":\"x\",\"content\":\"\"}]}")) {
            HttpResponse<String> response =
                    server.post(RUN, "{\"requests\":[{\"prompt\":\"a\"}," + item + "]}");
            assertRefused(response, 400, 5006);
            assertThat(response.body()).contains("requests[1]");
        }
    }

    @Test
    void modelsAreFoundByTheirNames() {
        JsonNode found =
                NanoServer.json(
                        server.get(ACCOUNT + "/ai/models/search?search=LLAMA-4-scout-17b-16e-i"));
        assertThat(found.get("success").booleanValue()).isTrue();
        assertThat(found.get("result").findValuesAsString("name")).contains(MODEL);
        JsonNode second =
                NanoServer.json(server.get(ACCOUNT + "/ai/models/search?per_page=1&page=2"));
        assertThat(second.get("result").size()).isEqualTo(1);
        assertThat(second.at("/result_info/total_count").intValue())
                .isEqualTo(ServedModel.SCOUT_NAMES.size());
        assertRefused(server.get(ACCOUNT + "/ai/models/search?page=x"), 400, 5006);
    }

    @Test
    void problemsUnderV1HaveTheFormOfOpenAi() {
        HttpResponse<String> response =
                server.post(ACCOUNT + "/ai/v1/chat/completions", "{\"model\":\"x\"}");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(NanoServer.json(response).at("/error/code").stringValue())
                .isEqualTo("model_not_found");
        assertThat(server.get(ACCOUNT + "/ai/v1/models/" + MODEL).statusCode()).isEqualTo(200);
        assertThat(server.post(ACCOUNT + "/ai/v1/embeddings", "{}").statusCode()).isEqualTo(501);
    }
}
