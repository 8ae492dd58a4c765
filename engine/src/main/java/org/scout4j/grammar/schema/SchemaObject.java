package org.scout4j.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.value.Alternative;
import tools.jackson.databind.JsonNode;

/** A schema that is an object, with its keywords read by type. */
record SchemaObject(
        JsonNode node,
        Place place,
        Resource resource,
        Scope scope,
        Draft draft,
        Relaxation relaxation) {

    /** Digits a number may have, with zeros that its exponent stands for. */
    private static final int MOST_DIGITS = 1_000;

    /** The keyword's value; null if it is not there or the draft has no such keyword. */
    @Nullable JsonNode get(String keyword) {
        JsonNode value = node.get(keyword);
        if (value != null && !draft.defines(keyword)) {
            relaxation.leaveOut(
                    place.unsupported(
                            keyword,
                            "\""
                                    + keyword
                                    + "\" has no meaning in the draft that \"$schema\" names."
                                    + " Name a later draft, or leave \"$schema\" out."));
            return null;
        }
        return value;
    }

    /** The same schema in another dynamic scope. */
    SchemaObject in(Scope other) {
        return new SchemaObject(node, place, resource, other, draft, relaxation);
    }

    /** A number of items, members or characters; more than an int holds is unbounded. */
    int count(String keyword, int otherwise) {
        JsonNode value = get(keyword);
        if (value == null) {
            return otherwise;
        }
        BigDecimal number = value.isNumber() ? decimal(value, keyword) : null;
        if (number == null || number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
            throw place.invalid(
                    keyword, "\"" + keyword + "\" must be an integer that is not negative.");
        }
        return number.compareTo(BigDecimal.valueOf(Alternative.UNBOUNDED)) >= 0
                ? Alternative.UNBOUNDED
                : number.intValue();
    }

    /** A least number of something, which a value must really reach. */
    int least(String keyword, int otherwise, int most) {
        int count = count(keyword, otherwise);
        if (count > most) {
            throw place.tooComplex(keyword, "\"" + keyword + "\" is larger than " + most + ".");
        }
        return count;
    }

    /** A number; null if the keyword is not there. */
    @Nullable BigDecimal number(String keyword) {
        JsonNode value = get(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw place.invalid(keyword, "\"" + keyword + "\" must be a number.");
        }
        return decimal(value, keyword);
    }

    /** A JSON number without trailing zeros. */
    BigDecimal decimal(JsonNode value, String keyword) {
        if (value.isFloatingPointNumber()
                && !value.isBigDecimal()
                && !Double.isFinite(value.doubleValue())) {
            throw tooLong(keyword);
        }
        BigDecimal number = value.decimalValue();
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if (number.precision() + Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw tooLong(keyword);
        }
        return number.stripTrailingZeros();
    }

    private RuntimeException tooLong(String keyword) {
        return place.tooComplex(
                keyword,
                "A number of \"" + keyword + "\" has more than " + MOST_DIGITS + " digits.");
    }

    boolean flag(String keyword) {
        JsonNode value = get(keyword);
        if (value != null && !value.isBoolean()) {
            throw place.invalid(keyword, "\"" + keyword + "\" must be true or false.");
        }
        return value != null && value.booleanValue();
    }

    /** A text; null if the keyword is not there. */
    @Nullable String text(String keyword) {
        JsonNode value = get(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw place.invalid(keyword, "\"" + keyword + "\" must be a string.");
        }
        return value.stringValue();
    }

    /** An object; null if the keyword is not there. */
    @Nullable JsonNode object(String keyword) {
        JsonNode value = get(keyword);
        if (value != null && !value.isObject()) {
            throw place.invalid(keyword, "\"" + keyword + "\" must be an object.");
        }
        return value;
    }

    /** A list; null if the keyword is not there. */
    @Nullable JsonNode list(String keyword) {
        JsonNode value = get(keyword);
        if (value != null && !value.isArray()) {
            throw place.invalid(keyword, "\"" + keyword + "\" must be an array.");
        }
        return value;
    }

    /** A list of names. */
    List<String> names(JsonNode list, Place where, String keyword) {
        if (!list.isArray()) {
            throw where.invalid(keyword, "\"" + keyword + "\" must be an array of strings.");
        }
        List<String> names = new ArrayList<>(list.size());
        for (JsonNode name : list) {
            if (!name.isString()) {
                throw where.invalid(keyword, "\"" + keyword + "\" must be an array of strings.");
            }
            names.add(name.stringValue());
        }
        return names;
    }
}
