package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a fixture demands of an event stream.
 *
 * @param tools those of the request
 */
record StreamRules(JsonNode rules, JsonNode schema, JsonNode tools) {

    void check(HttpResponse<String> response) {
        checkFraming(response);
        List<JsonNode> events = NanoServer.events(response);
        for (JsonNode event : events) {
            JsonAssertion.checkSchema(event, schema, "event");
        }
        assertThat(events.stream().map(e -> e.get("id")).distinct()).hasSize(1);
        assertThat(events.stream().map(e -> e.get("created")).distinct()).hasSize(1);
        for (JsonNode assertion : rules.path("each")) {
            events.forEach(JsonAssertion.of(assertion)::check);
        }
        for (JsonNode assertion : rules.path("final_json")) {
            JsonAssertion.of(assertion).check(events.getLast());
        }
        if (rules.has("no_envelope")) {
            assertThat(events).noneMatch(event -> event.has("result") || event.has("success"));
        }
        if (rules.has("tool_event")) {
            checkWholeCalls(events);
        }
        for (JsonNode assertion : rules.path("first")) {
            JsonAssertion.of(assertion).check(events.getFirst());
        }
        if (rules.has("exactly_one")) {
            assertThat(events.stream().filter(e -> holds(e, rules.get("exactly_one"))))
                    .as("events with %s", rules.get("exactly_one"))
                    .hasSize(1);
        }
        if (rules.has("per_index")) {
            checkEachIndex(events, rules.get("per_index"));
        }
        if (rules.has("usage_chunk")) {
            checkUsage(events, rules.get("usage_chunk"));
        }
        if (rules.has("tool_stream")) {
            checkCalls(events, rules.get("tool_stream"));
        }
        if (rules.has("finish_reason")) {
            assertThat(finishReasons(events)).containsOnly(rules.get("finish_reason"));
        }
    }

    /** Each event is one line of data and an empty line; comments may stand between. */
    private void checkFraming(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("content-type").orElse(""))
                .startsWith(rules.get("content_type").stringValue());
        assertThat(response.headers().firstValue("cache-control")).contains("no-cache");
        assertThat(response.body())
                .endsWith("data: " + rules.get("last_data").stringValue() + "\n\n");
        List<String> lines = new ArrayList<>(response.body().lines().toList());
        for (int i = 0; i < lines.size(); i += 2) {
            assertThat(lines.get(i)).matches("(data: .+|:.*)");
            assertThat(lines.get(i + 1)).isEmpty();
        }
    }

    private static boolean holds(JsonNode event, JsonNode assertion) {
        Optional<JsonNode> found = JsonAssertion.find(event, assertion.get(0).stringValue());
        assertThat(assertion.get(1).stringValue()).isEqualTo("!=");
        return found.isPresent() && !found.get().equals(assertion.get(2));
    }

    private static void checkEachIndex(List<JsonNode> events, JsonNode rule) {
        for (JsonNode index : rule.get("indexes")) {
            assertThat(
                            events.stream()
                                    .flatMap(e -> e.get("choices").valueStream())
                                    .filter(choice -> choice.get("index").equals(index))
                                    .filter(choice -> !choice.get("finish_reason").isNull()))
                    .as("ends of choice %s", index)
                    .hasSize(1);
        }
    }

    private static void checkUsage(List<JsonNode> events, JsonNode rule) {
        JsonNode last = events.getLast();
        assertThat(last.get("usage").isObject()).isTrue();
        assertThat(last.get("choices").isEmpty()).isTrue();
        if (rule.has("others")) {
            assertThat(events.subList(0, events.size() - 1))
                    .allSatisfy(event -> assertThat(event.get("usage").isNull()).isTrue());
        }
    }

    /** A call comes as one delta that names it and others that go on with its arguments. */
    private void checkCalls(List<JsonNode> events, JsonNode rule) {
        Map<Integer, StringBuilder> arguments = new TreeMap<>();
        Map<Integer, String> names = new TreeMap<>();
        for (JsonNode event : events) {
            JsonNode delta = event.at("/choices/0/delta");
            for (JsonNode call : delta.path("tool_calls")) {
                int index = call.get("index").intValue();
                if (names.containsKey(index)) {
                    assertThat(call.propertyNames()).containsOnly("index", "function");
                    assertThat(call.get("function").propertyNames()).containsOnly("arguments");
                } else {
                    assertThat(call.propertyNames()).contains("id", "type", "function");
                    names.put(index, call.at("/function/name").stringValue());
                }
                arguments
                        .computeIfAbsent(index, i -> new StringBuilder())
                        .append(call.at("/function/arguments").stringValue());
            }
            for (JsonNode syntax : rule.get("no_content_delta_with")) {
                assertThat(delta.path("content").asString("")).doesNotContain(syntax.stringValue());
            }
        }
        assertThat(names).isNotEmpty();
        arguments.forEach((index, json) ->
                checkCall(
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("name", names.get(index))
                                .put("arguments", json.toString()),
                        tools));
    }

    /** Workers AI tells of a call when it is complete, in one event. */
    private void checkWholeCalls(List<JsonNode> events) {
        for (JsonNode event : events) {
            for (JsonNode call : event.path("tool_calls")) {
                assertThat(call.propertyNames()).contains("index", "id");
                checkCall(
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("name", call.get("name").stringValue())
                                .put("arguments", call.get("arguments").toString()),
                        tools);
            }
        }
    }

    /** A call names one of the tools, and its arguments are as that tool's schema wants them. */
    static void checkCall(JsonNode call, JsonNode tools) {
        JsonNode called = call.get("name");
        JsonNode tool =
                tools.valueStream()
                        .map(each -> each.get("function"))
                        .filter(each -> each.get("name").equals(called))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no such tool: " + called));
        JsonNode arguments = JsonMapper.shared().readTree(call.get("arguments").stringValue());
        assertThat(arguments.isObject()).isTrue();
        if (tool.has("parameters")) {
            JsonAssertion.checkSchema(arguments, tool.get("parameters"), called.stringValue());
        } else {
            assertThat(arguments.isEmpty()).isTrue();
        }
    }

    private static List<JsonNode> finishReasons(List<JsonNode> events) {
        return events.stream()
                .flatMap(e -> e.get("choices").valueStream())
                .map(choice -> choice.get("finish_reason"))
                .filter(reason -> !reason.isNull())
                .toList();
    }
}
