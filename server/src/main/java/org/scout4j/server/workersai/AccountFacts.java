package org.scout4j.server.workersai;

import java.util.List;
import java.util.Locale;
import org.scout4j.Scout;
import org.scout4j.server.Exchange;
import org.scout4j.server.ServedModel;
import org.scout4j.server.request.JsonValue;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What clients ask before they run a model: whether their token is good, and what models are. */
final class AccountFacts {
    private static final int TOKEN_ID = 32; // characters
    private static final int MOST_PER_PAGE = 100;
    private static final int TOKEN_IS_VALID = 10_000;

    private final ServedModel model;

    AccountFacts(ServedModel model) {
        this.model = model;
    }

    /** Only who has a good token comes here. */
    void verify(Exchange exchange) {
        String tenant = exchange.tenant();
        String id = tenant.isEmpty() ? "0".repeat(TOKEN_ID) : tenant.substring(0, TOKEN_ID);
        ObjectNode result =
                JsonNodeFactory.instance.objectNode().put("id", id).put("status", "active");
        ObjectNode reply = RunEnvelope.success(result, List.of());
        reply.withArrayProperty("messages")
                .addObject()
                .put("code", TOKEN_IS_VALID)
                .put("message", "This API Token is valid and active")
                .putNull("type");
        exchange.reply(200, reply);
    }

    /** The models whose name has a text in it, page by page. */
    void search(Exchange exchange) {
        Scout scout = model.scout();
        int page = number(exchange, "page", 1, Integer.MAX_VALUE);
        int perPage = number(exchange, "per_page", 20, MOST_PER_PAGE);
        String text = exchange.query("search").orElse("").toLowerCase(Locale.ROOT);
        List<String> found =
                model.names().stream()
                        .filter(name -> name.toLowerCase(Locale.ROOT).contains(text))
                        .toList();
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        found.stream()
                .skip((page - 1L) * perPage)
                .limit(perPage)
                .forEach(name -> shown.add(entry(name, scout)));
        ObjectNode reply = RunEnvelope.success(shown, List.of());
        reply.putObject("result_info")
                .put("count", shown.size())
                .put("page", page)
                .put("per_page", perPage)
                .put("total_count", found.size());
        exchange.reply(200, reply);
    }

    private static int number(Exchange exchange, String name, int byDefault, int most) {
        return exchange.query(name).map(text -> number(name, text, most)).orElse(byDefault);
    }

    private static int number(String name, String text, int most) {
        JsonValue value = new JsonValue(name, JsonNodeFactory.instance.stringNode(text));
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            throw value.invalid("must be an integer from 1 to " + most);
        }
        throw value.invalid("must be an integer from 1 to " + most);
    }

    private static ObjectNode entry(String name, Scout scout) {
        ObjectNode entry =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", name)
                        .put("source", 1)
                        .put("name", name)
                        .put("description", "Served by scout4j on this machine.");
        entry.putObject("task")
                .put("id", "text-generation")
                .put("name", "Text Generation")
                .put("description", "Answers conversations and continues texts.");
        entry.putArray("tags");
        ArrayNode properties = entry.putArray("properties");
        property(properties, "context_window", Integer.toString(scout.contextLength()));
        property(properties, "function_calling", "true");
        return entry;
    }

    private static void property(ArrayNode to, String name, String value) {
        to.addObject().put("property_id", name).put("value", value);
    }
}
