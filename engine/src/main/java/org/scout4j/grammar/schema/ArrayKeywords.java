package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.value.Alternative;
import tools.jackson.databind.JsonNode;

/** Reads the keywords about arrays. */
final class ArrayKeywords {
    private static final int MOST_ITEMS = 10_000;

    private final Terms terms;
    private final SchemaReader reader;
    private final CompileBudget budget;

    ArrayKeywords(Terms terms, SchemaReader reader, CompileBudget budget) {
        this.terms = terms;
        this.reader = reader;
        this.budget = budget;
    }

    void read(SchemaObject schema, List<Term> parts) {
        Form.Items items = items(schema);
        if (!items.prefix().isEmpty() || items.rest() != null) {
            parts.add(terms.of(items));
        }
        int min = schema.least("minItems", 0, MOST_ITEMS);
        int max = schema.count("maxItems", Alternative.UNBOUNDED);
        if (min > max) {
            parts.add(terms.types(Terms.EVERY_TYPE & ~Terms.ARRAY));
        } else if (min > 0 || max < Alternative.UNBOUNDED) {
            parts.add(terms.of(new Form.ItemCount(min, max)));
        }
        if (schema.flag("uniqueItems")) {
            parts.add(terms.of(new Form.Unique(true, schema.place())));
        }
        Sub contains = contains(schema);
        if (contains != null) {
            int least = schema.least("minContains", 1, MOST_ITEMS);
            int most = schema.count("maxContains", Alternative.UNBOUNDED);
            if (most != Alternative.UNBOUNDED) {
                schema.least("maxContains", 0, MOST_ITEMS);
            }
            parts.add(terms.of(new Form.Contains(contains, least, most, 0, schema.place())));
        }
    }

    @Nullable Sub contains(SchemaObject schema) {
        JsonNode contains = schema.get("contains");
        return contains == null
                ? null
                : reader.sub(contains, schema.place().at("contains"), schema);
    }

    /** What items may be by position, however the draft spells it. */
    Form.Items items(SchemaObject schema) {
        JsonNode prefix = schema.list("prefixItems");
        JsonNode items = schema.get("items");
        if (items != null && items.isArray()) {
            if (prefix != null || !schema.draft().itemsList()) {
                throw schema.place()
                        .invalid("items", "\"items\" must be a schema; use \"prefixItems\".");
            }
            JsonNode additional = schema.get("additionalItems");
            return new Form.Items(
                    subs(items, "items", schema),
                    additional == null
                            ? null
                            : reader.sub(additional, schema.place().at("additionalItems"), schema));
        }
        return new Form.Items(
                prefix == null ? List.of() : subs(prefix, "prefixItems", schema),
                items == null ? null : reader.sub(items, schema.place().at("items"), schema));
    }

    private List<Sub> subs(JsonNode list, String keyword, SchemaObject schema) {
        budget.spend(list.size());
        List<Sub> subs = new ArrayList<>(list.size());
        Place place = schema.place().at(keyword);
        for (int index = 0; index < list.size(); index++) {
            subs.add(reader.sub(list.get(index), place.at(index), schema));
        }
        return subs;
    }
}
