package org.scout4j.grammar.schema;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The drafts of JSON Schema, as far as they read the same keyword differently. */
enum Draft {
    DRAFT_4,
    DRAFT_6,
    DRAFT_7,
    DRAFT_2019_09,
    DRAFT_2020_12,
    /** No draft is named: read as 2020-12, and older spellings that it has no meaning for too. */
    UNNAMED;

    private static final Set<String> SINCE_6 = Set.of("const", "contains", "propertyNames");
    private static final Set<String> SINCE_7 = Set.of("if");
    private static final Set<String> SINCE_2019 =
            Set.of(
                    "dependentRequired",
                    "dependentSchemas",
                    "unevaluatedProperties",
                    "unevaluatedItems",
                    "minContains",
                    "maxContains");
    private static final Set<String> SINCE_2020 = Set.of("prefixItems", "$dynamicRef");

    /** The draft that a document's {@code $schema} names. */
    static Draft of(JsonNode root) {
        JsonNode named = root.get("$schema");
        if (named == null) {
            return UNNAMED;
        }
        if (!named.isString()) {
            throw Place.ROOT.invalid("$schema", "\"$schema\" must be a URI as a string.");
        }
        return byName(named.stringValue());
    }

    private static Draft byName(String uri) {
        String path = uri;
        for (String start : new String[] {"http://", "https://"}) {
            if (uri.startsWith(start + "json-schema.org/")) {
                path = uri.substring(start.length() + "json-schema.org/".length());
            }
        }
        if (path.startsWith("draft-04/") || path.startsWith("draft-05/")) {
            return DRAFT_4;
        } else if (path.startsWith("draft-06/")) {
            return DRAFT_6;
        } else if (path.startsWith("draft-07/")) {
            return DRAFT_7;
        } else if (path.startsWith("draft/2019-09/")) {
            return DRAFT_2019_09;
        } else if (path.startsWith("draft/2020-12/")) {
            return DRAFT_2020_12;
        } else if (path.startsWith("schema")) {
            return UNNAMED;
        }
        throw Place.ROOT.unsupported(
                "$schema",
                "\"$schema\" names none of the drafts 4, 6, 7, 2019-09 and 2020-12. Name one of"
                        + " them, or leave it out.");
    }

    boolean atLeast(Draft draft) {
        return compareTo(draft) >= 0;
    }

    /**
     * Whether the keyword has a meaning. Validators of a draft ignore what later drafts brought,
     * which is hardly what its author meant, so such a keyword is refused.
     */
    boolean defines(String keyword) {
        if (SINCE_6.contains(keyword)) {
            return atLeast(DRAFT_6);
        } else if (SINCE_7.contains(keyword)) {
            return atLeast(DRAFT_7);
        } else if (SINCE_2019.contains(keyword)) {
            return atLeast(DRAFT_2019_09);
        }
        return !SINCE_2020.contains(keyword) || atLeast(DRAFT_2020_12);
    }

    /** Whether {@code exclusiveMinimum} may be a boolean that changes {@code minimum}. */
    boolean booleanExclusive() {
        return this == DRAFT_4 || this == UNNAMED;
    }

    /** Whether {@code exclusiveMinimum} may be a number. */
    boolean numericExclusive() {
        return this != DRAFT_4;
    }

    /** Whether {@code items} may be a list. */
    boolean itemsList() {
        return this != DRAFT_2020_12;
    }

    /** Whether {@code $ref} makes everything beside it void. */
    boolean refAlone() {
        return !atLeast(DRAFT_2019_09);
    }

    /** The keyword that names a resource. */
    String identifier() {
        return this == DRAFT_4 ? "id" : "$id";
    }

    /** Whether an item that {@code contains} matched counts as evaluated. */
    boolean containsEvaluates() {
        return atLeast(DRAFT_2020_12);
    }
}
