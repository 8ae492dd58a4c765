package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import tools.jackson.databind.JsonNode;

/** Reads schemas as terms, each when it is first needed. */
final class SchemaReader {
    /** In-place schemas inside in-place schemas, references included. */
    private static final int MOST_NESTED = 128;

    private final Terms terms;
    private final Draft draft;
    private final Relaxation relaxation;
    private final CompileBudget budget;
    private final Resources resources;
    private final ScalarKeywords scalars;
    private final ArrayKeywords arrays;
    private final ObjectKeywords objects;
    private final Unevaluated unevaluated;
    private final Sub nothing;
    private int nested;

    SchemaReader(JsonNode document, Terms terms, Relaxation relaxation, CompileBudget budget) {
        this.terms = terms;
        this.draft = Draft.of(document);
        this.relaxation = relaxation;
        this.budget = budget;
        resources = new Resources(document, draft, budget);
        scalars = new ScalarKeywords(terms, budget);
        arrays = new ArrayKeywords(terms, this, budget);
        objects = new ObjectKeywords(terms, this, scalars, budget);
        unevaluated = new Unevaluated(terms, this, arrays, objects, budget);
        nothing = Sub.of(terms.nothing());
    }

    /** The whole document. */
    Term root() {
        Resource root = resources.root();
        return sub(root.target(), Scope.outermost()).term();
    }

    /** A schema that stands inside another. */
    Sub sub(JsonNode node, Place place, SchemaObject around) {
        return sub(new Resource.Target(node, place, around.resource()), around.scope());
    }

    Sub sub(Resource.Target target, Scope around) {
        JsonNode node = target.node();
        if (node.isBoolean()) {
            return node.booleanValue() ? terms.anything() : nothing;
        }
        Resource own = resources.at(node, target.resource());
        Scope scope = resources.dynamic() ? around.enter(own) : around;
        Sub sub = scope.subs().get(node);
        if (sub == null) {
            budget.spend(1);
            sub = Sub.lazy(() -> read(node, target.place(), own, scope));
            scope.subs().put(node, sub);
        }
        return sub;
    }

    /** The schema at a place as an object, or null if it is a boolean. */
    @Nullable SchemaObject object(Resource.Target target, Scope around) {
        JsonNode node = target.node();
        if (!node.isObject()) {
            return null;
        }
        Resource own = resources.at(node, target.resource());
        Scope scope = resources.dynamic() ? around.enter(own) : around;
        return new SchemaObject(node, target.place(), own, scope, draft, relaxation);
    }

    private Term read(JsonNode node, Place place, Resource resource, Scope scope) {
        if (!node.isObject()) {
            throw place.invalid(place.segment(), "A schema must be an object or a boolean.");
        }
        if (!scope.open(node)) {
            throw place.invalid("$ref", "The schema refers to itself without a value in between.");
        }
        if (++nested > MOST_NESTED) {
            throw place.tooComplex(
                    "$ref", "More than " + MOST_NESTED + " schemas stand inside each other.");
        }
        SchemaObject schema = new SchemaObject(node, place, resource, scope, draft, relaxation);
        Term term = read(schema);
        nested--;
        scope.close(node);
        return term;
    }

    private Term read(SchemaObject schema) {
        List<Term> parts = new ArrayList<>();
        references(schema, parts);
        if (draft.refAlone() && schema.node().has("$ref")) {
            return parts.isEmpty() ? terms.everything() : terms.allOf(parts);
        }
        scalars.read(schema, parts);
        arrays.read(schema, parts);
        objects.read(schema, parts);
        combinations(schema, parts);
        conditions(schema, parts);
        dependencies(schema, parts);
        unevaluated.read(schema, parts);
        return parts.isEmpty() ? terms.everything() : terms.allOf(parts);
    }

    private void references(SchemaObject schema, List<Term> parts) {
        for (Resource.Target target : targets(schema)) {
            parts.add(sub(target, schema.scope()).term());
        }
    }

    /** What the schema refers to in place. */
    List<Resource.Target> targets(SchemaObject schema) {
        List<Resource.Target> targets = new ArrayList<>(1);
        target(schema, "$ref", targets);
        if (!(draft.refAlone() && !targets.isEmpty())) {
            target(schema, "$dynamicRef", targets);
            target(schema, "$recursiveRef", targets);
        }
        return targets;
    }

    private void target(SchemaObject schema, String keyword, List<Resource.Target> targets) {
        String reference = schema.text(keyword);
        if (reference == null) {
            return;
        }
        Resource.Target target =
                resources.find(reference, schema.resource(), schema.place(), keyword);
        if (target == null) {
            relaxation.leaveOut(
                    schema.place()
                            .unsupported(
                                    keyword,
                                    "\""
                                            + keyword
                                            + "\" leads out of this schema. Put what it refers to"
                                            + " into \"$defs\"."));
            return;
        }
        if (!keyword.equals("$ref")) {
            int hash = reference.indexOf('#');
            String anchor =
                    keyword.equals("$recursiveRef")
                            ? Resources.RECURSIVE
                            : reference.substring(hash + 1);
            Resource.Target named = target.resource().dynamicAnchors().get(anchor);
            Resource.Target outer = schema.scope().enter(target.resource()).dynamicAnchor(anchor);
            if (named != null && named.node() == target.node() && outer != null) {
                target = outer;
            }
        }
        targets.add(target);
    }

    private void combinations(SchemaObject schema, List<Term> parts) {
        List<Term> all = branches(schema, "allOf");
        if (!all.isEmpty()) {
            parts.add(terms.allOf(all));
        }
        List<Term> any = branches(schema, "anyOf");
        if (!any.isEmpty()) {
            parts.add(terms.anyOf(any));
        }
        List<Term> one = branches(schema, "oneOf");
        if (!one.isEmpty()) {
            parts.add(terms.oneOf(one));
        }
        JsonNode not = schema.get("not");
        if (not != null) {
            parts.add(terms.not(sub(not, schema.place().at("not"), schema).term()));
        }
    }

    private List<Term> branches(SchemaObject schema, String keyword) {
        JsonNode list = schema.list(keyword);
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            throw schema.place().invalid(keyword, "\"" + keyword + "\" must not be empty.");
        }
        Place place = schema.place().at(keyword);
        List<Term> branches = new ArrayList<>(list.size());
        for (int index = 0; index < list.size(); index++) {
            budget.spend(1);
            branches.add(sub(list.get(index), place.at(index), schema).term());
        }
        return branches;
    }

    private void conditions(SchemaObject schema, List<Term> parts) {
        JsonNode test = schema.get("if");
        if (test == null || !(schema.node().has("then") || schema.node().has("else"))) {
            return;
        }
        Term when = sub(test, schema.place().at("if"), schema).term();
        Term then = branch(schema, "then");
        Term otherwise = branch(schema, "else");
        parts.add(
                terms.anyOf(List.of(terms.and(when, then), terms.and(terms.not(when), otherwise))));
    }

    private Term branch(SchemaObject schema, String keyword) {
        JsonNode node = schema.get(keyword);
        return node == null
                ? terms.everything()
                : sub(node, schema.place().at(keyword), schema).term();
    }

    private void dependencies(SchemaObject schema, List<Term> parts) {
        for (String keyword :
                new String[] {"dependentRequired", "dependentSchemas", "dependencies"}) {
            JsonNode object = schema.object(keyword);
            if (object == null) {
                continue;
            }
            Place place = schema.place().at(keyword);
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                budget.spend(1);
                parts.add(dependency(schema, keyword, entry, place.at(entry.getKey())));
            }
        }
    }

    /** Either the member is not there, or what depends on it holds. */
    private Term dependency(
            SchemaObject schema, String keyword, Map.Entry<String, JsonNode> entry, Place place) {
        JsonNode value = entry.getValue();
        boolean names = keyword.equals("dependentRequired") || value.isArray();
        Term then;
        if (names && !keyword.equals("dependentSchemas")) {
            List<String> required = schema.names(value, place, keyword);
            then = required.isEmpty() ? terms.everything() : terms.of(new Form.Required(required));
        } else {
            then = sub(value, place, schema).term();
        }
        return terms.anyOf(List.of(terms.of(new Form.Absent(entry.getKey())), then));
    }
}
