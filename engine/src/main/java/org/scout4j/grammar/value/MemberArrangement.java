package org.scout4j.grammar.value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the members of a document's objects into the order in which a graph of values wants them.
 * Which alternative an object is meant to be is found by its values: the first that takes all of
 * them. For one document.
 */
public final class MemberArrangement {
    private final Map<ValueNode, Map<JsonNode, Optional<JsonNode>>> known = new IdentityHashMap<>();

    private MemberArrangement() {}

    /**
     * The same document with its members in order; members that the graph does not name come last,
     * in the order they had. A document that the graph does not allow stays as it is.
     */
    public static JsonNode arranged(ValueNode node, JsonNode document) {
        return new MemberArrangement().fit(node, document).orElse(document);
    }

    /** The value in order; empty if the node does not take it. */
    private Optional<JsonNode> fit(ValueNode node, JsonNode value) {
        Map<JsonNode, Optional<JsonNode>> ofNode =
                known.computeIfAbsent(node, _ -> new IdentityHashMap<>());
        Optional<JsonNode> before = ofNode.get(value);
        if (before != null) {
            return before;
        }
        Optional<JsonNode> found = Optional.empty();
        for (Alternative alternative : node.alternatives()) {
            found = fit(alternative, value);
            if (found.isPresent()) {
                break;
            }
        }
        ofNode.put(value, found);
        return found;
    }

    private Optional<JsonNode> fit(Alternative alternative, JsonNode value) {
        boolean scalar =
                switch (alternative) {
                    case Alternative.Keywords(boolean none, boolean yes, boolean no) ->
                            (value.isNull() && none)
                                    || (value.isBoolean() && (value.booleanValue() ? yes : no));
                    case Alternative.Numbers(var spelling) ->
                            value.isNumber() && spelling.contains(value.toString());
                    case Alternative.Strings strings ->
                            value.isString() && takes(strings, value.stringValue());
                    case Alternative.Arrays _, Alternative.Objects _ -> false;
                };
        if (scalar) {
            return Optional.of(value);
        }
        if (alternative instanceof Alternative.Arrays arrays && value.isArray()) {
            return items(arrays, value);
        }
        return alternative instanceof Alternative.Objects objects && value.isObject()
                ? members(objects, value)
                : Optional.empty();
    }

    private static boolean takes(Alternative.Strings strings, String text) {
        int length = text.codePointCount(0, text.length());
        return length >= strings.minLength()
                && length <= strings.maxLength()
                && strings.content().contains(text);
    }

    private Optional<JsonNode> items(Alternative.Arrays arrays, JsonNode value) {
        if (value.size() < arrays.min() || value.size() > arrays.max()) {
            return Optional.empty();
        }
        ArrayNode arranged = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size(); i++) {
            Alternative.Slot slot =
                    i < arrays.prefix().size() ? arrays.prefix().get(i) : arrays.rest();
            Optional<JsonNode> item =
                    slot == null ? Optional.empty() : fit(slot.any(), value.get(i));
            if (item.isEmpty()) {
                return Optional.empty();
            }
            arranged.add(item.get());
        }
        return Optional.of(arranged);
    }

    private Optional<JsonNode> members(Alternative.Objects objects, JsonNode value) {
        if (value.size() < objects.min() || value.size() > objects.max()) {
            return Optional.empty();
        }
        Map<String, Alternative.Property> properties = new HashMap<>();
        for (Alternative.Property property : objects.properties()) {
            if (property.required() && !value.has(property.name())) {
                return Optional.empty();
            }
            properties.put(property.name(), property);
        }
        Map<String, JsonNode> fitting = new HashMap<>();
        List<String> unnamed = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            Alternative.Property property = properties.get(member.getKey());
            ValueNode allowed =
                    property == null ? other(objects, member.getKey()) : property.value();
            Optional<JsonNode> fit =
                    allowed == null ? Optional.empty() : fit(allowed, member.getValue());
            if (fit.isEmpty()) {
                return Optional.empty();
            }
            fitting.put(member.getKey(), fit.get());
            if (property == null) {
                unnamed.add(member.getKey());
            }
        }
        ObjectNode arranged = JsonNodeFactory.instance.objectNode();
        for (Alternative.Property property : objects.properties()) {
            JsonNode member = fitting.get(property.name());
            if (member != null) {
                arranged.set(property.name(), member);
            }
        }
        unnamed.forEach(name -> arranged.set(name, fitting.get(name)));
        return Optional.of(arranged);
    }

    private static @Nullable ValueNode other(Alternative.Objects objects, String name) {
        for (Alternative.OtherNames others : objects.others()) {
            if (others.names().contains(name)) {
                return others.value();
            }
        }
        return null;
    }
}
