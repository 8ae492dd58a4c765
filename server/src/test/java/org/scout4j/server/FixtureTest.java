package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scout4j.tokenizer.SpecialTokens;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every request of the fixtures, sent to the embedded model over HTTP. */
class FixtureTest {
    private static final String IMAGES = "images cannot be read yet";

    /** Rows that cannot pass yet; each must be taken out of here when it does. */
    private static final Map<String, String> NOT_YET =
            Map.of("069-image-data-url", IMAGES, "155-models", IMAGES);

    /** Rows about the server around the dialects, which has tests of its own. */
    private static final List<String> ELSEWHERE = List.of("124-metrics");

    private static NanoServer open;
    private static NanoServer withKeys;
    private static JsonNode schemas;

    @BeforeAll
    static void start() {
        open = NanoServer.start();
        withKeys = NanoServer.of(256, List.of("sk-test-1234567890"), false);
        schemas = resource("response_schemas.json");
    }

    @AfterAll
    static void stop() {
        open.close();
        withKeys.close();
    }

    static JsonNode resource(String name) {
        try (InputStream file = FixtureTest.class.getResourceAsStream("fixtures/" + name)) {
            return JsonMapper.shared().readTree(file.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> rows() {
        return resource("requests.json")
                .valueStream()
                .filter(row -> !ELSEWHERE.contains(row.get("id").stringValue()))
                .map(row -> Arguments.of(row.get("id").stringValue(), row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void replyIsWhatTheFixtureExpects(String id, JsonNode given) {
        JsonNode row = translated(given);
        HttpResponse<String> response = send(row);
        if (NOT_YET.containsKey(id)) {
            assertThatThrownBy(() -> check(row, response))
                    .as("%s is listed as impossible (%s), but passes", id, NOT_YET.get(id))
                    .isInstanceOf(AssertionError.class);
            assertThat(response.statusCode()).isIn(200, 400);
            return;
        }
        check(row, response);
    }

    /** The ids of Scout's tokens become those of the same tokens of the embedded model. */
    private static JsonNode translated(JsonNode row) {
        SpecialTokens special = open.scout().tokenizer().special();
        Map<String, Integer> ids = new LinkedHashMap<>();
        ids.put("200000", special.require(SpecialTokens.BEGIN_OF_TEXT));
        ids.put("202048", open.scout().tokenizer().vocabularySize());
        ids.put("19873", token("Hello"));
        ids.put("3817", token(" world"));
        // Scout's tiles take 144 tokens, those of the embedded model 16; three are around them.
        ids.put("147", 16 + 3);
        String text = row.toString();
        for (Map.Entry<String, Integer> id : ids.entrySet()) {
            text = text.replaceAll("(?<![\\w.])" + id.getKey() + "(?![\\w.])", "" + id.getValue());
        }
        return JsonMapper.shared().readTree(text);
    }

    private static int token(String text) {
        int[] tokens = open.scout().tokenizer().encode(text);
        assertThat(tokens).as(text).hasSize(1);
        return tokens[0];
    }

    private static HttpResponse<String> send(JsonNode row) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (!row.path("method").stringValue().equals("GET")) {
            headers.put("Content-Type", "application/json");
        }
        row.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().stringValue()));
        String body =
                row.has("raw_body")
                        ? row.get("raw_body").stringValue()
                        : row.has("body") ? expanded(row.get("body").toString()) : "";
        boolean keyed = row.path("note").asString("").contains("API keys");
        return (keyed ? withKeys : open)
                .send(
                        row.get("method").stringValue(),
                        row.get("path").stringValue(),
                        headers,
                        body);
    }

    /** A text that is too long for the context, and not longer than that needs. */
    private static String expanded(String body) {
        int begin = body.indexOf("__REPEAT:");
        if (begin < 0) {
            return body;
        }
        int end = body.indexOf("__", begin + 2) + 2;
        String text = body.substring(begin + "__REPEAT:".length(), body.lastIndexOf(':', end));
        return body.substring(0, begin)
                + text.repeat(2 * open.scout().contextLength())
                + body.substring(end);
    }

    private static void check(JsonNode row, HttpResponse<String> response) {
        JsonNode expect = row.get("expect");
        assertThat(response.statusCode())
                .as(response.body())
                .isEqualTo(expect.get("status").intValue());
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
        if (expect.has("schema")) {
            JsonNode body = NanoServer.json(response);
            JsonAssertion.checkSchema(body, schema(row, expect.get("schema")), "reply");
        }
        for (JsonNode assertion : expect.path("assert")) {
            if (assertion.get(1).stringValue().equals("one-of")) {
                checkCallsOrDocument(row.get("body"), NanoServer.json(response));
            } else {
                JsonAssertion.of(assertion).check(response);
            }
        }
        if (expect.has("sse")) {
            new StreamRules(
                            expect.get("sse"),
                            schema(row, expect.get("sse").get("schema")),
                            row.path("body").path("tools"))
                    .check(response);
        }
    }

    /** Where there are tools and a schema, the answer is calls alone or a document alone. */
    private static void checkCallsOrDocument(JsonNode request, JsonNode reply) {
        JsonNode message = reply.at("/choices/0/message");
        if (message.has("tool_calls")) {
            assertThat(message.get("content").isNull()).isTrue();
            message.get("tool_calls")
                    .forEach(call ->
                            StreamRules.checkCall(call.get("function"), request.get("tools")));
        } else {
            JsonAssertion.checkSchema(
                    JsonMapper.shared().readTree(message.get("content").stringValue()),
                    request.at("/response_format/json_schema/schema"),
                    "content");
        }
    }

    /** The schema of a reply; OpenRouter's ids begin in their own way (spec "API" §1). */
    private static JsonNode schema(JsonNode row, JsonNode name) {
        JsonNode schema = schemas.get(name.stringValue()).deepCopy();
        boolean openRouter = row.get("dialect").stringValue().equals("openrouter");
        Optional<JsonNode> id = JsonAssertion.find(schema, "$.properties.id");
        if (openRouter && id.isPresent() && id.get().has("pattern")) {
            ((ObjectNode) id.get()).put("pattern", "^gen-");
        }
        return schema;
    }
}
