package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts the members of a document into the order of its schema. */
final class Arrangement {
    private static final Admission ANY_ORDER = new Admission(false);

    private Arrangement() {}

    static JsonNode arranged(ValueNode node, JsonNode data) {
        for (Alternative alternative : node.alternatives()) {
            if (ANY_ORDER.admits(ValueNode.of(alternative), data)) {
                return switch (alternative) {
                    case Alternative.Objects objects -> object(objects, data);
                    case Alternative.Arrays arrays -> array(arrays, data);
                    default -> data;
                };
            }
        }
        return data;
    }

    private static JsonNode object(Alternative.Objects objects, JsonNode data) {
        ObjectNode arranged = JsonNodeFactory.instance.objectNode();
        for (Alternative.Property property : objects.properties()) {
            if (data.has(property.name())) {
                arranged.set(
                        property.name(), arranged(property.value(), data.get(property.name())));
            }
        }
        for (Map.Entry<String, JsonNode> member : data.properties()) {
            if (!arranged.has(member.getKey())) {
                JsonNode value = member.getValue();
                for (Alternative.OtherNames other : objects.others()) {
                    if (other.names().contains(member.getKey())) {
                        value = arranged(other.value(), value);
                    }
                }
                arranged.set(member.getKey(), value);
            }
        }
        return arranged;
    }

    private static JsonNode array(Alternative.Arrays arrays, JsonNode data) {
        ArrayNode arranged = JsonNodeFactory.instance.arrayNode();
        for (int index = 0; index < data.size(); index++) {
            boolean prefixed = index < arrays.prefix().size();
            Alternative.Slot slot = prefixed ? arrays.prefix().get(index) : arrays.rest();
            List<ValueNode> readings = new ArrayList<>();
            if (slot != null) {
                if (slot.matching() != null) {
                    readings.add(slot.matching());
                }
                readings.add(slot.any());
            }
            JsonNode item = data.get(index);
            for (ValueNode reading : readings) {
                if (ANY_ORDER.admits(reading, item)) {
                    item = arranged(reading, item);
                    break;
                }
            }
            arranged.add(item);
        }
        return arranged;
    }
}
