package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;
import tools.jackson.databind.JsonNode;

/** Whether a parsed value is in a set of values, by the definition of the sets alone. */
final class ValueCheck {
    private ValueCheck() {}

    static boolean holds(ValueNode node, JsonNode value) {
        return node.alternatives().stream().anyMatch(each -> holds(each, value));
    }

    private static boolean holds(Alternative alternative, JsonNode value) {
        return switch (alternative) {
            case Alternative.Keywords(
                            boolean allowsNull,
                            boolean allowsTrue,
                            boolean allowsFalse) ->
                    value.isNull() && allowsNull
                            || value.isBoolean()
                                    && (value.booleanValue() ? allowsTrue : allowsFalse);
            case Alternative.Numbers numbers ->
                    value.isNumber()
                            && (value.isIntegralNumber()
                                    ? numbers.spelling().contains(value.toString())
                                    : numbers.spelling().contains("1.5")
                                            && (value.doubleValue() == 1.5
                                                    || value.doubleValue() == 7
                                                    || value.doubleValue() == -300));
            case Alternative.Strings(var content, int min, int max) -> {
                String text = value.isString() ? value.stringValue() : "";
                int length = text.codePointCount(0, text.length());
                yield value.isString() && content.contains(text) && length >= min && length <= max;
            }
            case Alternative.Arrays arrays -> value.isArray() && array(arrays, value);
            case Alternative.Objects objects -> value.isObject() && object(objects, value);
        };
    }

    private static boolean array(Alternative.Arrays arrays, JsonNode value) {
        int matching = 0;
        for (int index = 0; index < value.size(); index++) {
            Alternative.Slot slot =
                    index < arrays.prefix().size() ? arrays.prefix().get(index) : arrays.rest();
            if (slot == null || !holds(slot.any(), value.get(index))) {
                return false;
            }
            ValueNode counted = slot.matching();
            matching += counted != null && holds(counted, value.get(index)) ? 1 : 0;
        }
        for (int one = 0; arrays.unique() && one < value.size(); one++) {
            for (int two = 0; two < one; two++) {
                JsonNode a = value.get(one);
                JsonNode b = value.get(two);
                if (a.isNumber() && b.isNumber()
                        ? a.decimalValue().compareTo(b.decimalValue()) == 0
                        : a.equals(b)) {
                    return false;
                }
            }
        }
        return value.size() >= arrays.min()
                && value.size() <= arrays.max()
                && matching >= arrays.minMatching()
                && matching <= arrays.maxMatching();
    }

    private static boolean object(Alternative.Objects objects, JsonNode value) {
        List<String> names = new ArrayList<>(value.propertyNames());
        if (names.size() < objects.min() || names.size() > objects.max()) {
            return false;
        }
        for (Alternative.Property property : objects.properties()) {
            if (property.required() && !names.contains(property.name())) {
                return false;
            }
        }
        for (int at = 0; at < names.size(); at++) {
            String name = names.get(at);
            int property = property(objects, name);
            if (property >= 0) {
                for (String earlier : names.subList(0, at)) {
                    int before = property(objects, earlier);
                    if (before > property
                            && objects.properties().get(before).group()
                                    == objects.properties().get(property).group()) {
                        return false;
                    }
                }
                if (!holds(objects.properties().get(property).value(), value.get(name))) {
                    return false;
                }
            } else if (objects.others().stream()
                    .noneMatch(other ->
                            other.names().contains(name)
                                    && holds(other.value(), value.get(name)))) {
                return false;
            }
        }
        return objects.obligations().stream()
                .allMatch(duty ->
                        names.stream()
                                .anyMatch(name ->
                                        duty.names().contains(name)
                                                && holds(duty.value(), value.get(name))));
    }

    private static int property(Alternative.Objects objects, String name) {
        for (int index = 0; index < objects.properties().size(); index++) {
            if (objects.properties().get(index).name().equals(name)) {
                return index;
            }
        }
        return -1;
    }
}
