package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Forms that an answer cannot be held to are refused before anything is computed, over HTTP. */
class FormatRefusalTest {
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final String WRAPPED =
            "{'response_format':{'type':'json_schema','json_schema':{'name':'x','schema':%s}}}";

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

    private static ObjectNode chat(String fields) {
        ObjectNode body = (ObjectNode) Http.JSON.readTree(fields.replace('\'', '"'));
        body.put("model", Requests.MODEL).put("max_tokens", 4);
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        return body;
    }

    private static JsonNode refused(String path, ObjectNode body) throws Exception {
        Http.Reply reply = http.post(path, body);
        String request = body.toString();
        assertThat(reply.status())
                .as("%s: %s", request.substring(0, Math.min(200, request.length())), reply.body())
                .isEqualTo(400);
        return reply.json().get("error");
    }

    private static void goesOn() throws Exception {
        assertThat(http.post("/v1/chat/completions", chat("{}")).status()).isEqualTo(200);
    }

    /** A schema that JSON Schema allows and no automaton can enforce. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "response_format.json_schema.schema | {'response_format':{'type':'json_schema','json_schema':{'name':'x','schema':SCHEMA}}}",
                "response_format.schema | {'response_format':{'type':'json_object','schema':SCHEMA}}",
                "guided_json | {'guided_json':SCHEMA}",
                "json_schema | {'json_schema':SCHEMA}",
                "structured_outputs.json | {'structured_outputs':{'json':SCHEMA}}"
            })
    void unsupportedKeywordIsNamedWithItsPlaceUnderTheFieldThatWasSent(String param, String fields)
            throws Exception {
        String schema =
                "{'type':'object','properties':{'a~/b':{'type':'string','pattern':'^(x)\\\\1$'}}}";
        ObjectNode chat = chat(fields.replace("SCHEMA", schema));
        ObjectNode text = chat.deepCopy().put("prompt", "Hi");
        text.remove("messages");
        for (String path : List.of("/v1/chat/completions", "/v1/completions")) {
            JsonNode error = refused(path, path.contains("chat") ? chat : text);
            assertThat(error.get("code").stringValue()).isEqualTo("unsupported_schema");
            assertThat(error.get("param").stringValue()).isEqualTo(param);
            assertThat(error.get("message").stringValue())
                    .contains("pattern", "/properties/a~0~1b");
        }
        JsonNode router = refused("/api/v1/chat/completions", chat);
        assertThat(router.at("/metadata/param").stringValue()).isEqualTo(param);
        assertThat(router.get("message").stringValue()).contains("/properties/a~0~1b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "{'type':'stringg'} | null | type",
                "{'type':'string','pattern':'['} | null | pattern",
                "{'type':'object','properties':{'n':{'minimum':'3'}}} | null | /properties/n",
                "{'properties':[]} | null | properties",
                "{'$ref':'#/$defs/none'} | null | $ref",
                "{'$ref':'#'} | null | $ref",
                "{'$ref':'https://example.com/s.json'} | unsupported_schema | $ref",
                "{'type':'integer','minimum':5,'maximum':4} | unsatisfiable_schema | No JSON value",
                "false | unsatisfiable_schema | No JSON value",
                "{'type':'array','minItems':1000000000} | schema_too_complex | minItems",
                "{'type':'string','pattern':'[ab]*a[ab]{40}'} | schema_too_complex | pattern"
            })
    void whatIsWrongWithASchemaIsTold(String schema, String code, String told) throws Exception {
        JsonNode error = refused("/v1/chat/completions", chat(WRAPPED.formatted(schema)));
        assertThat(error.get("param").stringValue())
                .isEqualTo("response_format.json_schema.schema");
        assertThat(error.get("code").asString(null)).isEqualTo(code);
        assertThat(error.get("message").stringValue()).contains(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "{'response_format':{}} | response_format.type | null",
                "{'response_format':'json'} | response_format | null",
                "{'response_format':{'type':'xml'}} | response_format.type | null",
                "{'response_format':{'type':'json_schema'}} | response_format.json_schema | null",
                "{'response_format':{'type':'json_schema','json_schema':{'name':'x'}}} | response_format.json_schema.schema | null",
                "{'response_format':{'type':'json_schema','json_schema':{'strict':1,'schema':{}}}} | response_format.json_schema.strict | null",
                "{'guided_json':5} | guided_json | null",
                "{'guided_json':'{'} | guided_json | null",
                "{'guided_json':'5'} | guided_json | null",
                "{'guided_regex':'['} | guided_regex | null",
                "{'guided_regex':'(a)\\\\1'} | guided_regex | unsupported_schema",
                "{'guided_regex':'((a{1,100}){1,100}){1,100}'} | guided_regex | schema_too_complex",
                "{'guided_regex':7} | guided_regex | null",
                "{'guided_choice':[]} | guided_choice | null",
                "{'guided_choice':'yes'} | guided_choice | null",
                "{'guided_choice':['a','']} | guided_choice | null",
                "{'guided_choice':['a',1]} | guided_choice[1] | null",
                "{'structured_outputs':{}} | structured_outputs | null",
                "{'structured_outputs':'json'} | structured_outputs | null",
                "{'structured_outputs':{'structural_tag':{}}} | structured_outputs | unsupported_parameter",
                "{'structured_outputs':{'grammar':'root ::= x'}} | structured_outputs.grammar | unsupported_parameter",
                "{'grammar':'root ::= x'} | grammar | unsupported_parameter",
                "{'guided_grammar':'root ::= x'} | guided_grammar | unsupported_parameter",
                "{'structured_outputs':{'json':{},'regex':'a'}} | structured_outputs.regex | null",
                "{'guided_json':{},'guided_regex':'a'} | guided_regex | null",
                "{'response_format':{'type':'json_object'},'guided_choice':['a']} | guided_choice | null",
                "{'json_schema':{},'response_format':{'type':'json_object'}} | response_format | null"
            })
    void malformedAndContradictingFields(String fields, String param, String code)
            throws Exception {
        JsonNode error = refused("/v1/chat/completions", chat(fields));
        assertThat(error.get("param").asString(null)).isEqualTo(param);
        assertThat(error.get("code").asString(null)).isEqualTo(code);
    }

    @Test
    void plainTextExcludesNothing() throws Exception {
        ObjectNode body = chat("{'response_format':{'type':'text'},'guided_choice':['a']}");
        assertThat(http.post("/v1/chat/completions", body).json().at("/choices/0/message/content"))
                .isEqualTo(Http.JSON.readTree("\"a\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools", "flat tools", "functions"})
    void parametersOfAToolAreToldUnderTheirOwnPlace(String form) throws Exception {
        String strict =
                "{'name':'g','strict':true,'parameters':{'type':'object','properties':"
                        + "{'p':{'type':'string','pattern':'(a)\\\\1'}}}}";
        String fields =
                switch (form) {
                    case "tools" ->
                            "{'tools':[{'type':'function','function':{'name':'f'}},"
                                    + "{'type':'function','function':"
                                    + strict
                                    + "}]}";
                    case "flat tools" -> "{'tools':[{'name':'f'}," + strict + "]}";
                    default -> "{'functions':[{'name':'f'}," + strict + "]}";
                };
        String param =
                switch (form) {
                    case "tools" -> "tools[1].function.parameters";
                    case "flat tools" -> "tools[1].parameters";
                    default -> "functions[1].parameters";
                };
        JsonNode error = refused("/v1/chat/completions", chat(fields));
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(error.get("code").stringValue()).isEqualTo("unsupported_schema");
        assertThat(error.get("message").stringValue()).contains("'g'", "/properties/p");
    }

    /** Each of them has brought down some server (spec "Threats"). */
    @Test
    void hostileFormsAreRefusedSoonAndTheServerGoesOn() throws Exception {
        List<ObjectNode> hostile = new ArrayList<>();
        ObjectNode branches = Http.JSON.createObjectNode();
        for (int i = 0; i < 14; i++) {
            ObjectNode any = branches.withArray("/allOf").addObject();
            for (int j = 0; j < 8; j++) {
                String name = "p" + i + "_" + j;
                ObjectNode one = any.withArray("/anyOf").addObject();
                one.putObject("properties").putObject(name).put("type", "integer");
                one.putArray("required").add(name);
            }
        }
        hostile.add(chat(WRAPPED.formatted(branches)));
        String nested = "{\"type\":\"integer\"}";
        for (int i = 0; i < 150; i++) {
            nested = "{\"not\":{\"items\":" + nested + "}}";
        }
        hostile.add(chat("{}").put("guided_json", nested));
        hostile.add(chat("{}").put("guided_json", "[".repeat(200_000)));
        hostile.add(chat("{}").put("guided_json", "{\"a\":".repeat(40_000)));
        hostile.add(chat("{}").put("guided_json", "{\"const\":\"" + "x".repeat(300_000) + "\"}"));
        hostile.add(chat("{}").put("guided_regex", "(".repeat(100_000)));
        hostile.add(chat("{}").put("guided_regex", "(".repeat(2_000) + ")".repeat(2_000)));
        hostile.add(chat("{}").put("guided_regex", "(x+x+)+y(.*a.{40}|.*b.{40})"));
        hostile.add(chat("{}").put("guided_regex", "(((a{1,99}){1,99}){1,99}){1,99}"));
        hostile.add(chat("{}").put("guided_regex", "[^".repeat(1_000)));
        ObjectNode long1 = chat("{}");
        for (int i = 0; i < 900; i++) {
            long1.withArray("/guided_choice").add(i + "x".repeat(1_000));
        }
        hostile.add(long1);
        for (ObjectNode body : hostile) {
            JsonNode error = assertTimeout(SECONDS, () -> refused("/v1/chat/completions", body));
            assertThat(error.get("message").stringValue().length()).isBetween(10, 500);
            goesOn();
        }
    }
}
