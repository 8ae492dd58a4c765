package org.scout4j.grammar.schema;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;
import tools.jackson.databind.JsonNode;

/** Tells whether a graph of values allows a document: by value, without the machine. */
final class Admission {
    private final boolean ordered;

    /**
     * @param ordered whether members must come in an order that their groups allow
     */
    Admission(boolean ordered) {
        this.ordered = ordered;
    }

    boolean admits(ValueNode node, JsonNode data) {
        for (Alternative alternative : node.alternatives()) {
            if (admits(alternative, data)) {
                return true;
            }
        }
        return false;
    }

    private boolean admits(Alternative alternative, JsonNode data) {
        return switch (alternative) {
            case Alternative.Keywords k ->
                    data.isNull() && k.allowsNull()
                            || data.isBoolean()
                                    && (data.booleanValue() ? k.allowsTrue() : k.allowsFalse());
            case Alternative.Numbers n -> data.isNumber() && n.spelling().contains(spelt(data));
            case Alternative.Strings s -> data.isString() && admits(s, data.stringValue());
            case Alternative.Arrays a -> data.isArray() && admits(a, data);
            case Alternative.Objects o -> data.isObject() && admits(o, data);
        };
    }

    private static String spelt(JsonNode number) {
        BigDecimal value = number.decimalValue();
        return Math.abs(value.scale()) > 900 ? value.toString() : value.toPlainString();
    }

    private static boolean admits(Alternative.Strings strings, String text) {
        int length = text.codePointCount(0, text.length());
        return length >= strings.minLength()
                && length <= strings.maxLength()
                && strings.content().contains(text);
    }

    private boolean admits(Alternative.Arrays arrays, JsonNode data) {
        int size = data.size();
        if (size < arrays.min() || size > arrays.max() || arrays.unique() && repeats(data)) {
            return false;
        }
        boolean most = arrays.maxMatching() != Alternative.UNBOUNDED;
        boolean counts = arrays.minMatching() > 0 || most;
        int must = 0;
        int can = 0;
        for (int index = 0; index < size; index++) {
            JsonNode item = data.get(index);
            Alternative.Slot slot =
                    index < arrays.prefix().size() ? arrays.prefix().get(index) : arrays.rest();
            if (slot == null) {
                return false;
            }
            if (!counts) {
                if (!admits(slot.any(), item)) {
                    return false;
                }
                continue;
            }
            boolean matching = slot.matching() != null && admits(slot.matching(), item);
            ValueNode otherwise = most ? slot.other() : slot.any();
            boolean other = otherwise != null && admits(otherwise, item);
            if (!matching && !other) {
                return false;
            }
            can += matching ? 1 : 0;
            must += other ? 0 : 1;
        }
        return must <= arrays.maxMatching() && can >= arrays.minMatching();
    }

    private static boolean repeats(JsonNode array) {
        for (int a = 0; a < array.size(); a++) {
            for (int b = a + 1; b < array.size(); b++) {
                JsonNode left = array.get(a);
                JsonNode right = array.get(b);
                if (left.isNumber() && right.isNumber()
                        ? left.decimalValue().compareTo(right.decimalValue()) == 0
                        : left.equals(right)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean admits(Alternative.Objects objects, JsonNode data) {
        if (data.size() < objects.min() || data.size() > objects.max()) {
            return false;
        }
        Map<String, Integer> places = new HashMap<>();
        List<Alternative.Property> properties = objects.properties();
        for (int place = 0; place < properties.size(); place++) {
            places.put(properties.get(place).name(), place);
            if (properties.get(place).required() && !data.has(properties.get(place).name())) {
                return false;
            }
        }
        Map<Integer, Integer> last = new HashMap<>();
        for (Map.Entry<String, JsonNode> member : data.properties()) {
            Integer place = places.get(member.getKey());
            if (place == null) {
                if (!admitsOther(objects, member)) {
                    return false;
                }
                continue;
            }
            Alternative.Property property = properties.get(place);
            Integer before = last.put(property.group(), place);
            if (!admits(property.value(), member.getValue())
                    || ordered && before != null && before > place) {
                return false;
            }
        }
        return meets(objects.obligations(), data);
    }

    private boolean admitsOther(Alternative.Objects objects, Map.Entry<String, JsonNode> member) {
        for (Alternative.OtherNames other : objects.others()) {
            if (other.names().contains(member.getKey())) {
                return admits(other.value(), member.getValue());
            }
        }
        return false;
    }

    private boolean meets(List<Alternative.Obligation> obligations, JsonNode data) {
        for (Alternative.Obligation obligation : obligations) {
            TextDfa names = obligation.names();
            boolean met = false;
            for (Map.Entry<String, JsonNode> member : data.properties()) {
                met =
                        met
                                || names.contains(member.getKey())
                                        && admits(obligation.value(), member.getValue());
            }
            if (!met) {
                return false;
            }
        }
        return true;
    }
}
