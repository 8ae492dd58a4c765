package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import tools.jackson.databind.JsonNode;

/** Reads the keywords about objects. */
final class ObjectKeywords {
    private static final int MOST_MEMBERS = 10_000;

    private final Terms terms;
    private final SchemaReader reader;
    private final ScalarKeywords scalars;
    private final CompileBudget budget;

    ObjectKeywords(Terms terms, SchemaReader reader, ScalarKeywords scalars, CompileBudget budget) {
        this.terms = terms;
        this.reader = reader;
        this.scalars = scalars;
        this.budget = budget;
    }

    void read(SchemaObject schema, List<Term> parts) {
        Form.Members members = members(schema);
        if (!members.named().isEmpty()
                || !members.patterns().isEmpty()
                || members.additional() != null) {
            parts.add(terms.of(members));
        }
        JsonNode required = schema.get("required");
        if (required != null && !required.isEmpty()) {
            List<String> names = schema.names(required, schema.place(), "required");
            parts.add(terms.of(new Form.Required(names)));
        } else if (required != null && !required.isArray()) {
            throw schema.place().invalid("required", "\"required\" must be an array of strings.");
        }
        int min = schema.least("minProperties", 0, MOST_MEMBERS);
        int max = schema.count("maxProperties", Alternative.UNBOUNDED);
        if (min > max) {
            parts.add(terms.types(Terms.EVERY_TYPE & ~Terms.OBJECT));
        } else if (min > 0 || max < Alternative.UNBOUNDED) {
            parts.add(terms.of(new Form.MemberCount(min, max)));
        }
        JsonNode names = schema.get("propertyNames");
        if (names != null) {
            Sub sub = reader.sub(names, schema.place().at("propertyNames"), schema);
            parts.add(terms.of(new Form.Names(sub, true)));
        }
    }

    /** What members may be by name. */
    Form.Members members(SchemaObject schema) {
        Map<String, Sub> named = new LinkedHashMap<>();
        JsonNode properties = schema.object("properties");
        if (properties != null) {
            Place place = schema.place().at("properties");
            budget.spend(properties.size());
            for (Map.Entry<String, JsonNode> entry : properties.properties()) {
                Place at = place.at(entry.getKey());
                named.put(entry.getKey(), reader.sub(entry.getValue(), at, schema));
            }
        }
        List<Form.Pattern> patterns = new ArrayList<>();
        boolean complete = patterns(schema, patterns);
        JsonNode additional = schema.get("additionalProperties");
        Sub rest =
                additional == null || !complete
                        ? null
                        : reader.sub(additional, schema.place().at("additionalProperties"), schema);
        return new Form.Members(named, patterns, rest, true);
    }

    /** Reads the patterns; false if one had to be left out. */
    private boolean patterns(SchemaObject schema, List<Form.Pattern> patterns) {
        JsonNode properties = schema.object("patternProperties");
        if (properties == null) {
            return true;
        }
        boolean complete = true;
        Place place = schema.place().at("patternProperties");
        for (Map.Entry<String, JsonNode> entry : properties.properties()) {
            String pattern = entry.getKey();
            budget.spend(1);
            TextDfa names =
                    scalars.pattern(schema, pattern, place.at(pattern), "patternProperties");
            if (names == null) {
                complete = false;
            } else {
                patterns.add(
                        new Form.Pattern(
                                names, reader.sub(entry.getValue(), place.at(pattern), schema)));
            }
        }
        return complete;
    }
}
