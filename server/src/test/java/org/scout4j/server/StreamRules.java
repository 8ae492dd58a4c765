package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a fixture demands of an event stream. */
record StreamRules(JsonNode rules, JsonNode schema) {

    void check(HttpResponse<String> response) {
        checkFraming(response);
        List<JsonNode> events = NanoServer.events(response);
        for (JsonNode event : events) {
            JsonAssertion.checkSchema(event, schema, "event");
        }
        assertThat(events.stream().map(e -> e.get("id")).distinct()).hasSize(1);
        assertThat(events.stream().map(e -> e.get("created")).distinct()).hasSize(1);
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

    private static List<JsonNode> finishReasons(List<JsonNode> events) {
        return events.stream()
                .flatMap(e -> e.get("choices").valueStream())
                .map(choice -> choice.get("finish_reason"))
                .filter(reason -> !reason.isNull())
                .toList();
    }
}
