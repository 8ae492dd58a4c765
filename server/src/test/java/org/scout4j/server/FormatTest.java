package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers that are held to a form, over HTTP. The model is random: what it says is valid because it
 * must be. What ends by itself must be valid; what the limit cuts must say so.
 */
class FormatTest {
    private static final String SCHEMA =
            """
            {"type":"object","properties":{
              "name":{"type":"string","maxLength":6},
              "age":{"type":"integer","minimum":0,"maximum":150},
              "kind":{"enum":["a","b",null]},
              "tags":{"type":"array","items":{"type":"string","pattern":"^[a-z]{1,3}$"},"maxItems":2}},
             "required":["name","age"],"additionalProperties":false}
            """;
    private static final List<String> PATHS =
            List.of(
                    "/v1/chat/completions",
                    "/v1/completions",
                    "/api/v1/chat/completions",
                    "/api/v1/completions");

    private static TestServer server;
    private static Http http;

    @BeforeAll
    static void start() {
        server = TestServer.tiny(load -> {});
        http = new Http(server.uri());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ObjectNode request(String path, String fields) {
        ObjectNode body = (ObjectNode) Http.JSON.readTree("{" + fields + "}");
        body.put("model", Requests.MODEL);
        if (path.endsWith("/chat/completions")) {
            body.putArray("messages").addObject().put("role", "user").put("content", "Who is it?");
        } else {
            body.put("prompt", "It is");
        }
        return body;
    }

    private static Http.Reply reply(String path, ObjectNode body) throws Exception {
        Http.Reply reply = http.post(path, body);
        assertThat(reply.status()).as("%s: %s", body, reply.body()).isEqualTo(200);
        return reply;
    }

    private static String text(JsonNode choice) {
        return choice.has("message")
                ? choice.at("/message/content").stringValue()
                : choice.get("text").stringValue();
    }

    private static String quoted(String text) {
        return Http.JSON.writeValueAsString(text);
    }

    /** The answers to a request; the streamed ones must be the same. */
    private static JsonNode choices(String path, ObjectNode body) throws Exception {
        JsonNode whole = reply(path, body).json().get("choices");
        List<JsonNode> chunks = reply(path, body.deepCopy().put("stream", true)).chunks();
        for (JsonNode choice : whole) {
            StringBuilder text = new StringBuilder();
            StringBuilder reason = new StringBuilder();
            for (JsonNode chunk : chunks) {
                for (JsonNode more : chunk.get("choices")) {
                    if (more.get("index").equals(choice.get("index"))) {
                        text.append(
                                more.has("delta")
                                        ? more.at("/delta/content").asString("")
                                        : more.get("text").stringValue());
                        reason.append(more.get("finish_reason").asString(""));
                    }
                }
            }
            assertThat(text.toString()).as("%s", body).isEqualTo(text(choice));
            assertThat(reason.toString()).isEqualTo(choice.get("finish_reason").stringValue());
        }
        return whole;
    }

    /** Whether the answer ended by itself; then it is valid. */
    private static boolean endsValid(JsonNode choice, JsonNode schema, String what) {
        String reason = choice.get("finish_reason").stringValue();
        assertThat(reason).as(what).isIn("stop", "length");
        if (reason.equals("stop")) {
            JsonAssertion.checkSchema(Http.JSON.readTree(text(choice)), schema, what);
        }
        return reason.equals("stop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"p\",\"schema\":%s}}",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"p\",\"strict\":true,\"schema\":%s}}",
                "\"response_format\":{\"type\":\"json_object\",\"schema\":%s}",
                "\"guided_json\":%s",
                "\"guided_json\":TEXT",
                "\"structured_outputs\":{\"json\":%s}",
                "\"structured_outputs\":{\"json\":TEXT}",
                "\"json_schema\":%s"
            })
    void everyFieldForASchemaHoldsTheAnswerToIt(String field) throws Exception {
        String fields = field.replace("%s", SCHEMA).replace("TEXT", quoted(SCHEMA));
        JsonNode schema = Http.JSON.readTree(SCHEMA);
        int ended = 0;
        for (String path : PATHS) {
            for (int seed = 0; seed < 3; seed++) {
                ObjectNode body = request(path, fields).put("seed", seed).put("max_tokens", 600);
                JsonNode choice = choices(path, body).get(0);
                ended +=
                        endsValid(choice, schema, field + " at " + path + ", seed " + seed) ? 1 : 0;
            }
        }
        assertThat(ended).as("answers that ended by themselves").isGreaterThan(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"temperature\":0",
                "\"temperature\":2,\"n\":3",
                "\"temperature\":1.5,\"top_k\":2",
                "\"top_p\":0.1,\"min_p\":0.5",
                "\"repetition_penalty\":2,\"presence_penalty\":2,\"frequency_penalty\":-2",
                "\"logit_bias\":{\"90\":100,\"93\":-100,\"125\":-100,\"34\":-50}",
                "\"logprobs\":true,\"top_logprobs\":3,\"n\":2"
            })
    void whateverTheSamplerIsTold(String sampling) throws Exception {
        JsonNode schema = Http.JSON.readTree(SCHEMA);
        for (int seed = 0; seed < 4; seed++) {
            ObjectNode body =
                    request(PATHS.getFirst(), "\"guided_json\":" + SCHEMA + "," + sampling)
                            .put("seed", seed)
                            .put("max_tokens", 400);
            for (JsonNode choice : choices(PATHS.getFirst(), body)) {
                endsValid(choice, schema, sampling + ", seed " + seed);
            }
        }
    }

    @Test
    void jsonObjectIsAnObject() throws Exception {
        JsonNode object = Http.JSON.readTree("{\"type\":\"object\"}");
        for (int seed = 0; seed < 8; seed++) {
            ObjectNode body =
                    request(PATHS.getFirst(), "\"response_format\":{\"type\":\"json_object\"}")
                            .put("seed", seed)
                            .put("max_tokens", 64);
            JsonNode choice = choices(PATHS.getFirst(), body).get(0);
            assertThat(text(choice)).startsWith("{");
            endsValid(choice, object, "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"guided_choice\":[\"yes\",\"no\",\"päivää\"]",
                "\"structured_outputs\":{\"choice\":[\"yes\",\"no\",\"päivää\"]}",
                "\"guided_regex\":\"yes|no|päivää\"",
                "\"structured_outputs\":{\"regex\":\"(?:yes|no|päivää)$\"}"
            })
    void oneOfAFewTexts(String field) throws Exception {
        for (String path : PATHS) {
            for (int seed = 0; seed < 3; seed++) {
                ObjectNode body = request(path, field).put("seed", seed).put("max_tokens", 16);
                JsonNode choice = choices(path, body).get(0);
                assertThat(text(choice)).as("%s, seed %d", path, seed).isIn("yes", "no", "päivää");
                assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
            }
        }
    }

    @Test
    void anEchoedPromptIsNoPartOfWhatIsHeld() throws Exception {
        ObjectNode body = request("/v1/completions", "\"guided_choice\":[\" here\"],\"echo\":true");
        assertThat(text(choices("/v1/completions", body.put("seed", 1)).get(0)))
                .isEqualTo("It is here");
    }

    @Test
    void notStrictGoesWithoutWhatCannotBeEnforcedAndSaysSo() throws Exception {
        String schema =
                """
                {"type":"object","properties":{"a":{"type":"string","pattern":"^(x)\\\\1$","maxLength":2}},
                 "required":["a"],"additionalProperties":false}
                """;
        for (String path : List.of(PATHS.get(0), PATHS.get(1))) {
            ObjectNode body =
                    request(
                            path,
                            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                    + "{\"name\":\"x\",\"strict\":false,\"schema\":"
                                    + schema
                                    + "}}");
            body.put("seed", 1).put("max_tokens", 200);
            for (boolean stream : List.of(false, true)) {
                Http.Reply reply = reply(path, body.put("stream", stream));
                assertThat(reply.header("x-scout4j-not-enforced"))
                        .isEqualTo("pattern at /properties/a");
            }
        }
        assertThat(
                        reply(PATHS.get(0), request(PATHS.get(0), "\"guided_json\":" + SCHEMA))
                                .header("x-scout4j-not-enforced"))
                .isEmpty();
    }

    @Test
    void whatTheLimitCutsSaysSo() throws Exception {
        for (String path : PATHS) {
            ObjectNode body = request(path, "\"guided_json\":" + SCHEMA).put("max_tokens", 2);
            assertThat(choices(path, body.put("seed", 1)).get(0).get("finish_reason").stringValue())
                    .isEqualTo("length");
        }
    }

    @Test
    void aFlagOfOpenRouterAsksForNothing() throws Exception {
        for (String path : PATHS) {
            ObjectNode flag =
                    request(path, "\"structured_outputs\":true,\"seed\":4,\"max_tokens\":8");
            ObjectNode none = request(path, "\"seed\":4,\"max_tokens\":8");
            assertThat((Object) choices(path, flag)).isEqualTo(choices(path, none));
        }
    }
}
