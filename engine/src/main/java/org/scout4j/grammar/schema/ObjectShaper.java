package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.DfaAlgebra;
import org.scout4j.grammar.regex.TextDfa;

/** Turns rules about objects into shapes: what each name may hold, and which names there are. */
final class ObjectShaper {
    private static final int MOST_PROPERTIES = 5_000;

    /** Names up to which a set given by a pattern is treated name by name. */
    private static final int MOST_LISTED = 1_000;

    private final Terms terms;
    private final NameSource names;
    private final CompileBudget budget;

    ObjectShaper(Terms terms, NameSource names, CompileBudget budget) {
        this.terms = terms;
        this.names = names;
        this.budget = budget;
    }

    /** The shapes of all objects that satisfy the rules; several if rules say "some member". */
    List<Shape.Objects> shapes(ObjectRules rules) {
        TextDfa allowed = TextDfa.any();
        Set<String> mentioned = mentioned(rules);
        List<Shape.Others> some = new ArrayList<>();
        for (Form.Names form : rules.names()) {
            TextDfa set = names.names(form.names().term());
            if (form.all()) {
                allowed = DfaAlgebra.and(allowed, set, budget);
            } else {
                some.add(new Shape.Others(DfaAlgebra.not(set, budget), terms.everything()));
            }
        }
        addListed(allowed, mentioned);
        for (Form.Some form : rules.some()) {
            some.add(new Shape.Others(form.names(), form.value().term()));
        }
        List<Shape.Member> members = new ArrayList<>(mentioned.size());
        if (!members(rules, mentioned, allowed, members)) {
            return List.of();
        }
        List<Shape.Others> others = new Partition(rules.members()).classes(mentioned, allowed);
        return some.isEmpty()
                ? List.of(new Shape.Objects(members, others, rules.min(), rules.max(), List.of()))
                : withSome(rules, members, others, some);
    }

    private Set<String> mentioned(ObjectRules rules) {
        Set<String> mentioned = new LinkedHashSet<>();
        for (Form.Members form : rules.members()) {
            mentioned.addAll(form.named().keySet());
        }
        mentioned.addAll(rules.required());
        mentioned.addAll(rules.absent());
        budget.spend(mentioned.size());
        for (Form.Members form : rules.members()) {
            for (Form.Pattern pattern : form.patterns()) {
                addListed(pattern.names(), mentioned);
            }
        }
        if (mentioned.size() > MOST_PROPERTIES) {
            throw Place.ROOT.tooComplex(
                    "properties", "An object has more than " + MOST_PROPERTIES + " properties.");
        }
        return mentioned;
    }

    /** Names of a small set are treated one by one: then no name can come twice. */
    private static void addListed(TextDfa names, Set<String> mentioned) {
        if (names.isFinite() && !names.isEmpty() && names.words(names.start()) <= MOST_LISTED) {
            mentioned.addAll(names.list(MOST_LISTED));
        }
    }

    /** Fills in the members that may be there; false if a required one may not. */
    private boolean members(
            ObjectRules rules, Set<String> mentioned, TextDfa allowed, List<Shape.Member> members) {
        MemberOrder order = new MemberOrder(rules.composed() ? List.of() : rules.members());
        for (String name : mentioned) {
            boolean required = rules.required().contains(name);
            Term value = terms.nothing();
            if (!rules.absent().contains(name) && allowed.contains(name)) {
                value = value(rules.members(), name);
            }
            if (!value.holdsNone(Terms.EVERY_TYPE)) {
                members.add(new Shape.Member(name, value, required, order.group(name)));
            } else if (required) {
                return false;
            }
        }
        return true;
    }

    private Term value(List<Form.Members> rules, String name) {
        List<Term> parts = new ArrayList<>(rules.size());
        for (Form.Members rule : rules) {
            Sub named = rule.named().get(name);
            boolean matched = named != null;
            if (named != null) {
                parts.add(named.term());
            }
            for (Form.Pattern pattern : rule.patterns()) {
                if (pattern.names().contains(name)) {
                    parts.add(pattern.value().term());
                    matched = true;
                }
            }
            if (!matched && rule.additional() != null) {
                parts.add(rule.additional().term());
            }
        }
        return parts.isEmpty() ? terms.everything() : terms.allOf(parts);
    }

    /** Divides the names that stand nowhere by the patterns that they match. */
    private final class Partition {
        private final List<Form.Members> rules;
        private final List<TextDfa> patterns = new ArrayList<>();
        private final List<Shape.Others> classes = new ArrayList<>();
        private final Map<TextDfa, Boolean> matched = new IdentityHashMap<>();

        Partition(List<Form.Members> rules) {
            this.rules = rules;
            for (Form.Members rule : rules) {
                for (Form.Pattern pattern : rule.patterns()) {
                    if (matched.putIfAbsent(pattern.names(), false) == null) {
                        patterns.add(pattern.names());
                    }
                }
            }
        }

        List<Shape.Others> classes(Set<String> mentioned, TextDfa allowed) {
            if (patterns.isEmpty() && value().holdsNone(Terms.EVERY_TYPE)) {
                return List.of();
            }
            TextDfa base =
                    mentioned.isEmpty()
                            ? allowed
                            : DfaAlgebra.minus(allowed, TextDfa.ofWords(mentioned), budget);
            divide(base, 0);
            return classes;
        }

        private void divide(TextDfa within, int from) {
            budget.spend(1);
            if (within.isEmpty()) {
                return;
            }
            if (from == patterns.size()) {
                Term value = value();
                if (!value.holdsNone(Terms.EVERY_TYPE)) {
                    classes.add(new Shape.Others(within, value));
                }
                return;
            }
            TextDfa pattern = patterns.get(from);
            matched.put(pattern, true);
            divide(DfaAlgebra.and(within, pattern, budget), from + 1);
            matched.put(pattern, false);
            if (from + 1 < patterns.size() || !value().holdsNone(Terms.EVERY_TYPE)) {
                divide(DfaAlgebra.minus(within, pattern, budget), from + 1);
            }
        }

        private Term value() {
            List<Term> parts = new ArrayList<>();
            for (Form.Members rule : rules) {
                boolean any = false;
                for (Form.Pattern pattern : rule.patterns()) {
                    if (matched.getOrDefault(pattern.names(), false)) {
                        parts.add(pattern.value().term());
                        any = true;
                    }
                }
                if (!any && rule.additional() != null) {
                    parts.add(rule.additional().term());
                }
            }
            return parts.isEmpty() ? terms.everything() : terms.allOf(parts);
        }
    }

    /** Every way to have the members that there must be some of. */
    private List<Shape.Objects> withSome(
            ObjectRules rules,
            List<Shape.Member> members,
            List<Shape.Others> others,
            List<Shape.Others> some) {
        List<Shape.Objects> ways =
                List.of(new Shape.Objects(members, others, rules.min(), rules.max(), List.of()));
        for (Shape.Others one : some) {
            List<Shape.Objects> next = new ArrayList<>();
            for (Shape.Objects way : ways) {
                fulfil(way, one, next);
            }
            ways = next;
        }
        return ways;
    }

    private void fulfil(Shape.Objects way, Shape.Others some, List<Shape.Objects> ways) {
        int before = ways.size();
        for (int index = 0; index < way.members().size(); index++) {
            Shape.Member member = way.members().get(index);
            if (!some.names().contains(member.name())) {
                continue;
            }
            Term value = terms.and(member.value(), some.value());
            if (value == member.value() && member.required()) {
                while (ways.size() > before) {
                    ways.removeLast();
                }
                ways.add(way);
                return;
            }
            if (!value.holdsNone(Terms.EVERY_TYPE)) {
                budget.spend(1L + way.members().size());
                List<Shape.Member> members = new ArrayList<>(way.members());
                members.set(index, new Shape.Member(member.name(), value, true, member.group()));
                ways.add(
                        new Shape.Objects(
                                members, way.others(), way.min(), way.max(), way.obligations()));
            }
        }
        for (Shape.Others other : way.others()) {
            Term value = terms.and(other.value(), some.value());
            if (value.holdsNone(Terms.EVERY_TYPE)) {
                continue;
            }
            TextDfa both = DfaAlgebra.and(other.names(), some.names(), budget);
            if (!both.isEmpty()) {
                List<Shape.Others> obligations = new ArrayList<>(way.obligations());
                obligations.add(new Shape.Others(both, value));
                ways.add(
                        new Shape.Objects(
                                way.members(), way.others(), way.min(), way.max(), obligations));
            }
        }
    }
}
