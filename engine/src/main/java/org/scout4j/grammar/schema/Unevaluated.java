package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.TextDfa;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code unevaluatedProperties} and {@code unevaluatedItems}. What is evaluated depends on
 * which in-place schemas hold; as more evaluated members only make the rule weaker, it is enough
 * that <em>some</em> of the schemas that hold are taken into account, so no negation is needed.
 */
final class Unevaluated {
    private static final int MOST_WAYS = 256;
    private static final int ALL = Integer.MAX_VALUE;

    private final Terms terms;
    private final SchemaReader reader;
    private final ArrayKeywords arrays;
    private final ObjectKeywords objects;
    private final CompileBudget budget;

    Unevaluated(
            Terms terms,
            SchemaReader reader,
            ArrayKeywords arrays,
            ObjectKeywords objects,
            CompileBudget budget) {
        this.terms = terms;
        this.reader = reader;
        this.arrays = arrays;
        this.objects = objects;
        this.budget = budget;
    }

    /** If the condition holds, this much is evaluated. */
    private record Way(Term condition, Evaluated evaluated) {}

    void read(SchemaObject schema, List<Term> parts) {
        JsonNode properties = schema.get("unevaluatedProperties");
        JsonNode items = schema.get("unevaluatedItems");
        if (properties == null && items == null) {
            return;
        }
        String keyword = properties == null ? "unevaluatedItems" : "unevaluatedProperties";
        List<Way> ways = ways(schema, keyword);
        List<Term> rules = new ArrayList<>();
        for (Way way : ways) {
            List<Term> rule = new ArrayList<>();
            rule.add(way.condition);
            if (properties != null && !way.evaluated.allMembers()) {
                Place place = schema.place().at("unevaluatedProperties");
                rule.add(otherMembers(way.evaluated, reader.sub(properties, place, schema)));
            }
            if (items != null && way.evaluated.items() != ALL) {
                Place place = schema.place().at("unevaluatedItems");
                rule.add(otherItems(way.evaluated, reader.sub(items, place, schema)));
            }
            rules.add(terms.allOf(rule));
        }
        parts.add(terms.anyOf(rules));
    }

    private Term otherMembers(Evaluated evaluated, Sub rest) {
        Map<String, Sub> named = new LinkedHashMap<>();
        for (String name : evaluated.names()) {
            named.put(name, terms.anything());
        }
        List<Form.Pattern> patterns = new ArrayList<>();
        for (TextDfa pattern : evaluated.patterns()) {
            patterns.add(new Form.Pattern(pattern, terms.anything()));
        }
        return terms.of(new Form.Members(named, patterns, rest, false));
    }

    private Term otherItems(Evaluated evaluated, Sub rest) {
        List<Sub> prefix = new ArrayList<>();
        for (int index = 0; index < evaluated.items(); index++) {
            prefix.add(terms.anything());
        }
        List<Sub> matching = evaluated.matching();
        Sub allowed =
                matching.isEmpty()
                        ? rest
                        : Sub.lazy(() -> {
                            List<Term> either = new ArrayList<>();
                            either.add(rest.term());
                            for (Sub sub : matching) {
                                either.add(sub.term());
                            }
                            return terms.anyOf(either);
                        });
        return terms.of(new Form.Items(prefix, allowed));
    }

    /** What a schema evaluates, apart from its own rule about unevaluated things. */
    private List<Way> ways(SchemaObject schema, String keyword) {
        List<Way> ways = List.of(new Way(terms.everything(), own(schema)));
        for (Resource.Target target : reader.targets(schema)) {
            ways = product(ways, inside(target, schema, keyword), schema, keyword);
        }
        if (schema.draft().refAlone() && schema.node().has("$ref")) {
            return ways;
        }
        for (Resource.Target target : targets(schema, "allOf")) {
            ways = product(ways, inside(target, schema, keyword), schema, keyword);
        }
        for (Resource.Target target : targets(schema, "anyOf")) {
            List<Way> one = perhaps();
            one.addAll(when(term(target, schema), inside(target, schema, keyword)));
            ways = product(ways, one, schema, keyword);
        }
        List<Way> one = perhaps();
        for (Resource.Target target : targets(schema, "oneOf")) {
            one.addAll(when(term(target, schema), inside(target, schema, keyword)));
        }
        ways = product(ways, one, schema, keyword);
        ways = product(ways, conditional(schema, keyword), schema, keyword);
        return dependent(ways, schema, keyword);
    }

    private List<Way> perhaps() {
        List<Way> ways = new ArrayList<>();
        ways.add(new Way(terms.everything(), Evaluated.NOTHING));
        return ways;
    }

    private List<Way> conditional(SchemaObject schema, String keyword) {
        List<Way> ways = perhaps();
        JsonNode test = schema.get("if");
        if (test == null) {
            return ways;
        }
        Resource.Target when = target(schema, "if", test);
        List<Way> then = inside(when, schema, keyword);
        JsonNode thenNode = schema.get("then");
        if (thenNode != null) {
            Resource.Target target = target(schema, "then", thenNode);
            then = product(then, inside(target, schema, keyword), schema, keyword);
        }
        ways.addAll(when(term(when, schema), then));
        JsonNode elseNode = schema.get("else");
        if (elseNode != null) {
            Resource.Target target = target(schema, "else", elseNode);
            ways.addAll(when(terms.not(term(when, schema)), inside(target, schema, keyword)));
        }
        return ways;
    }

    private List<Way> dependent(List<Way> before, SchemaObject schema, String keyword) {
        List<Way> ways = before;
        for (String map : new String[] {"dependentSchemas", "dependencies"}) {
            JsonNode object = schema.object(map);
            if (object == null) {
                continue;
            }
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                Place place = schema.place().at(map).at(entry.getKey());
                Resource.Target target =
                        new Resource.Target(entry.getValue(), place, schema.resource());
                List<Way> one = perhaps();
                Term there = terms.of(new Form.Required(List.of(entry.getKey())));
                one.addAll(when(there, inside(target, schema, keyword)));
                ways = product(ways, one, schema, keyword);
            }
        }
        return ways;
    }

    private static Resource.Target target(SchemaObject schema, String keyword, JsonNode node) {
        return new Resource.Target(node, schema.place().at(keyword), schema.resource());
    }

    private static List<Resource.Target> targets(SchemaObject schema, String keyword) {
        List<Resource.Target> targets = new ArrayList<>();
        JsonNode list = schema.list(keyword);
        for (int index = 0; list != null && index < list.size(); index++) {
            Place place = schema.place().at(keyword).at(index);
            targets.add(new Resource.Target(list.get(index), place, schema.resource()));
        }
        return targets;
    }

    private Term term(Resource.Target target, SchemaObject around) {
        return reader.sub(target, around.scope()).term();
    }

    /** What a schema evaluates that stands in place inside another. */
    private List<Way> inside(Resource.Target target, SchemaObject around, String keyword) {
        SchemaObject schema = reader.object(target, around.scope());
        if (schema == null) {
            return perhaps();
        }
        List<Way> ways = ways(schema, keyword);
        Evaluated rest = Evaluated.NOTHING;
        if (schema.get("unevaluatedProperties") != null) {
            rest = rest.with(new Evaluated(true, Set.of(), List.of(), 0, List.of()));
        }
        if (schema.get("unevaluatedItems") != null) {
            rest = rest.with(new Evaluated(false, Set.of(), List.of(), ALL, List.of()));
        }
        return product(ways, List.of(new Way(terms.everything(), rest)), schema, keyword);
    }

    private List<Way> when(Term condition, List<Way> ways) {
        List<Way> conditional = new ArrayList<>();
        for (Way way : ways) {
            Term both = terms.and(condition, way.condition);
            if (!both.holdsNone(Terms.EVERY_TYPE) && !way.evaluated.equals(Evaluated.NOTHING)) {
                conditional.add(new Way(both, way.evaluated));
            }
        }
        return conditional;
    }

    private List<Way> product(
            List<Way> left, List<Way> right, SchemaObject schema, String keyword) {
        Set<Way> ways = new LinkedHashSet<>();
        for (Way a : left) {
            for (Way b : right) {
                budget.spend(1);
                Term both = terms.and(a.condition, b.condition);
                if (!both.holdsNone(Terms.EVERY_TYPE)) {
                    ways.add(new Way(both, a.evaluated.with(b.evaluated)));
                }
            }
        }
        if (ways.size() > MOST_WAYS) {
            throw schema.place()
                    .unsupported(
                            keyword,
                            "\""
                                    + keyword
                                    + "\" cannot be enforced: what is evaluated depends on too"
                                    + " many conditions.");
        }
        return new ArrayList<>(ways);
    }

    /** What the schema's own keywords evaluate. */
    private Evaluated own(SchemaObject schema) {
        Form.Members members = objects.members(schema);
        List<TextDfa> patterns = new ArrayList<>();
        for (Form.Pattern pattern : members.patterns()) {
            patterns.add(pattern.names());
        }
        Form.Items items = arrays.items(schema);
        Sub contains = schema.draft().containsEvaluates() ? arrays.contains(schema) : null;
        return new Evaluated(
                members.additional() != null,
                new LinkedHashSet<>(members.named().keySet()),
                patterns,
                items.rest() != null ? ALL : items.prefix().size(),
                contains == null ? List.of() : List.of(contains));
    }
}
