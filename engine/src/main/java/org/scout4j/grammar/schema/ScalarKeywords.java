package org.scout4j.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.regex.Formats;
import org.scout4j.grammar.regex.Patterns;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import tools.jackson.databind.JsonNode;

/** Reads the keywords about type, listed values, numbers and strings. */
final class ScalarKeywords {
    private static final int MOST_VALUES = 10_000;
    private static final int MOST_LENGTH = 100_000;

    /**
     * Formats that JSON Schema defines, whether there is an automaton for them or not. All other
     * formats are annotations: nobody says what their strings look like.
     */
    private static final Set<String> DEFINED_FORMATS =
            Set.of(
                    "date-time",
                    "date",
                    "time",
                    "duration",
                    "email",
                    "idn-email",
                    "hostname",
                    "idn-hostname",
                    "ipv4",
                    "ipv6",
                    "uri",
                    "uri-reference",
                    "iri",
                    "iri-reference",
                    "uuid",
                    "uri-template",
                    "json-pointer",
                    "relative-json-pointer",
                    "regex");

    private final Terms terms;
    private final CompileBudget budget;
    private final Map<String, TextDfa> patterns = new HashMap<>();

    ScalarKeywords(Terms terms, CompileBudget budget) {
        this.terms = terms;
        this.budget = budget;
    }

    void read(SchemaObject schema, List<Term> parts) {
        JsonNode type = schema.get("type");
        if (type != null) {
            parts.add(type(schema, type));
        }
        JsonNode values = schema.list("enum");
        if (values != null) {
            parts.add(oneOfValues(schema, values));
        }
        JsonNode value = schema.get("const");
        if (value != null) {
            parts.add(anyValue(schema, List.of(value), "const"));
        }
        bounds(schema, parts);
        strings(schema, parts);
    }

    private Term type(SchemaObject schema, JsonNode type) {
        if (type.isString()) {
            return named(schema, type);
        }
        if (!type.isArray() || type.isEmpty()) {
            throw schema.place()
                    .invalid("type", "\"type\" must be the name of a type or an array of names.");
        }
        List<Term> ways = new ArrayList<>();
        for (JsonNode name : type) {
            ways.add(named(schema, name));
        }
        return terms.anyOf(ways);
    }

    private Term named(SchemaObject schema, JsonNode name) {
        int mask =
                switch (name.isString() ? name.stringValue() : "") {
                    case "null" -> Terms.NULL;
                    case "boolean" -> Terms.TRUE | Terms.FALSE;
                    case "integer", "number" -> Terms.NUMBER;
                    case "string" -> Terms.STRING;
                    case "array" -> Terms.ARRAY;
                    case "object" -> Terms.OBJECT;
                    default ->
                            throw schema.place()
                                    .invalid(
                                            "type",
                                            "\"type\" names none of null, boolean, integer, number,"
                                                    + " string, array and object.");
                };
        if (!name.stringValue().equals("integer")) {
            return terms.types(mask);
        }
        Term whole = terms.of(new Form.Multiple(BigDecimal.ONE, true));
        return schema.draft() == Draft.DRAFT_4
                ? terms.and(
                        terms.types(mask), terms.and(whole, terms.of(new Form.SpeltWhole(true))))
                : terms.and(terms.types(mask), whole);
    }

    private Term oneOfValues(SchemaObject schema, JsonNode values) {
        if (values.size() > MOST_VALUES) {
            throw schema.place()
                    .tooComplex("enum", "\"enum\" has more than " + MOST_VALUES + " values.");
        }
        List<JsonNode> list = new ArrayList<>(values.size());
        for (JsonNode value : values) {
            list.add(value);
        }
        return anyValue(schema, list, "enum");
    }

    /** Values equal to one of the given ones. */
    private Term anyValue(SchemaObject schema, List<JsonNode> values, String keyword) {
        budget.spend(values.size());
        int mask = 0;
        Set<BigDecimal> numbers = new LinkedHashSet<>();
        Set<String> words = new LinkedHashSet<>();
        List<Term> ways = new ArrayList<>();
        for (JsonNode value : values) {
            if (value.isNull()) {
                mask |= Terms.NULL;
            } else if (value.isBoolean()) {
                mask |= value.booleanValue() ? Terms.TRUE : Terms.FALSE;
            } else if (value.isNumber()) {
                numbers.add(schema.decimal(value, keyword));
            } else if (value.isString()) {
                words.add(value.stringValue());
            } else {
                ways.add(structure(schema, value, schema.place().at(keyword)));
            }
        }
        ways.add(terms.types(mask));
        if (!numbers.isEmpty()) {
            Form.NumberValues form = new Form.NumberValues(numbers, true);
            ways.add(terms.and(terms.types(Terms.NUMBER), terms.of(form)));
        }
        if (!words.isEmpty()) {
            Form.Words form = new Form.Words(words, true);
            ways.add(terms.and(terms.types(Terms.STRING), terms.of(form)));
        }
        return terms.anyOf(ways);
    }

    /** An array or object equal to the given one, with its members in any order. */
    private Term structure(SchemaObject schema, JsonNode value, Place place) {
        if (value.isArray()) {
            List<Sub> items = new ArrayList<>();
            for (int index = 0; index < value.size(); index++) {
                items.add(constant(schema, value.get(index), place.at(index)));
            }
            budget.spend(items.size());
            return terms.allOf(
                    List.of(
                            terms.types(Terms.ARRAY),
                            terms.of(new Form.ItemCount(items.size(), items.size())),
                            terms.of(new Form.Items(items, Sub.of(terms.nothing())))));
        }
        Map<String, Sub> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            members.put(
                    member.getKey(),
                    constant(schema, member.getValue(), place.at(member.getKey())));
        }
        budget.spend(members.size());
        return terms.allOf(
                List.of(
                        terms.types(Terms.OBJECT),
                        terms.of(new Form.Required(List.copyOf(members.keySet()))),
                        terms.of(
                                new Form.Members(
                                        members, List.of(), Sub.of(terms.nothing()), false))));
    }

    private Sub constant(SchemaObject schema, JsonNode value, Place place) {
        return Sub.lazy(() -> {
            SchemaObject here =
                    new SchemaObject(
                            schema.node(),
                            place,
                            schema.resource(),
                            schema.scope(),
                            schema.draft(),
                            schema.relaxation());
            return anyValue(here, List.of(value), "const");
        });
    }

    private void bounds(SchemaObject schema, List<Term> parts) {
        bound(schema, "minimum", "exclusiveMinimum", parts);
        bound(schema, "maximum", "exclusiveMaximum", parts);
        BigDecimal step = schema.number("multipleOf");
        if (step != null) {
            if (step.signum() <= 0) {
                throw schema.place()
                        .invalid("multipleOf", "\"multipleOf\" must be greater than 0.");
            }
            parts.add(terms.of(new Form.Multiple(step, true)));
        }
    }

    private void bound(SchemaObject schema, String inclusive, String exclusive, List<Term> parts) {
        JsonNode sharp = schema.get(exclusive);
        boolean strictly = false;
        if (sharp != null && sharp.isBoolean() && schema.draft().booleanExclusive()) {
            strictly = sharp.booleanValue();
        } else if (sharp != null && !schema.draft().numericExclusive()) {
            throw schema.place()
                    .invalid(exclusive, "\"" + exclusive + "\" must be true or false in draft 4.");
        } else {
            BigDecimal bound = schema.number(exclusive);
            if (bound != null) {
                parts.add(bound(inclusive, bound, true));
            }
        }
        BigDecimal bound = schema.number(inclusive);
        if (bound != null) {
            parts.add(bound(inclusive, bound, strictly));
        }
    }

    private Term bound(String inclusive, BigDecimal bound, boolean exclusive) {
        return terms.of(
                inclusive.equals("minimum")
                        ? new Form.AtLeast(bound, exclusive)
                        : new Form.AtMost(bound, exclusive));
    }

    private void strings(SchemaObject schema, List<Term> parts) {
        int min = schema.least("minLength", 0, MOST_LENGTH);
        int max = schema.count("maxLength", Alternative.UNBOUNDED);
        if (min > max) {
            parts.add(terms.types(Terms.EVERY_TYPE & ~Terms.STRING));
        } else if (min > 0 || max < Alternative.UNBOUNDED) {
            parts.add(terms.of(new Form.TextLength(min, max)));
        }
        String pattern = schema.text("pattern");
        if (pattern != null) {
            TextDfa texts = pattern(schema, pattern, schema.place(), "pattern");
            if (texts != null) {
                parts.add(terms.of(new Form.TextIn(texts, true)));
            }
        }
        String format = schema.text("format");
        if (format != null) {
            Optional<TextDfa> texts = Formats.of(format);
            if (texts.isPresent()) {
                parts.add(terms.of(new Form.TextIn(texts.get(), true)));
            } else if (DEFINED_FORMATS.contains(format)) {
                schema.relaxation()
                        .leaveOut(
                                schema.place()
                                        .unsupported(
                                                "format",
                                                "The format \""
                                                        + format
                                                        + "\" cannot be enforced."));
            }
        }
    }

    /** The strings in which a pattern is found; null if it is left out. */
    @Nullable TextDfa pattern(SchemaObject schema, String pattern, Place place, String keyword) {
        TextDfa known = patterns.get(pattern);
        if (known == null) {
            try {
                known = Patterns.compile(pattern, budget);
            } catch (GrammarRefused refused) {
                schema.relaxation().leaveOut(refused.at(place.pointer(), keyword));
                return null;
            }
            patterns.put(pattern, known);
        }
        return known;
    }
}
