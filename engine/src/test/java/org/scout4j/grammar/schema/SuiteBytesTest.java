package org.scout4j.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.machine.ByteMatcher;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The instances of the JSON-Schema-Test-Suite and of MaskBench as bytes through the automaton that
 * makes the masks: valid ones pass in the schema's order, invalid ones in no order.
 */
class SuiteBytesTest {
    private static final int ORDERS = 12;

    @Test
    void verdictsOfTheSuiteAreThoseOfTheAutomaton() {
        List<SuiteSchemas.Supported> schemas = SuiteSchemas.suite();
        assertThat(schemas).hasSizeGreaterThan(600);
        assertThat(judge(schemas)).isEmpty();
    }

    @Test
    void verdictsOfMaskBenchAreThoseOfTheAutomaton() {
        List<SuiteSchemas.Supported> schemas = SuiteSchemas.maskBench();
        assertThat(schemas).hasSizeGreaterThanOrEqualTo(50);
        assertThat(judge(schemas)).isEmpty();
    }

    private static List<String> judge(List<SuiteSchemas.Supported> schemas) {
        List<String> faults = new ArrayList<>();
        for (SuiteSchemas.Supported each : schemas) {
            Language language = new Language.Document(each.compiled().root());
            for (JsonNode test : each.tests()) {
                if (test.path("description").asString("").contains("only an annotation")) {
                    continue;
                }
                JsonNode data = test.get("data");
                String name = each.name() + ", " + test.path("description").asString("");
                if (test.get("valid").booleanValue()) {
                    JsonNode arranged = Arrangement.arranged(each.compiled().root(), data);
                    if (!accepts(language, arranged)) {
                        faults.add(name + " rejects " + arranged);
                    }
                } else {
                    for (JsonNode order : orders(data)) {
                        if (accepts(language, order)) {
                            faults.add(name + " accepts " + order);
                            break;
                        }
                    }
                }
            }
        }
        return faults;
    }

    private static boolean accepts(Language language, JsonNode document) {
        ByteMatcher matcher = ByteMatcher.of(language);
        for (byte next : document.toString().getBytes(StandardCharsets.UTF_8)) {
            if (!matcher.accept(next)) {
                return false;
            }
        }
        return matcher.mayEnd();
    }

    /** A document with its members in its own order, and in some others. */
    private static List<JsonNode> orders(JsonNode document) {
        List<JsonNode> orders = new ArrayList<>(List.of(document));
        Random random = new Random(document.hashCode());
        while (members(document) > 1 && orders.size() < ORDERS) {
            orders.add(shuffled(document, random));
        }
        return orders;
    }

    private static int members(JsonNode document) {
        int most = document.isObject() ? document.size() : 0;
        for (JsonNode child : document) {
            most = Math.max(most, members(child));
        }
        return most;
    }

    private static JsonNode shuffled(JsonNode document, Random random) {
        if (document.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            document.forEach(item -> items.add(shuffled(item, random)));
            return items;
        }
        if (!document.isObject()) {
            return document;
        }
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(document.properties());
        Collections.shuffle(members, random);
        ObjectNode shuffled = JsonNodeFactory.instance.objectNode();
        members.forEach(
                member -> shuffled.set(member.getKey(), shuffled(member.getValue(), random)));
        return shuffled;
    }
}
