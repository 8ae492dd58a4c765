package org.scout4j.grammar.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.DfaAlgebra;
import org.scout4j.grammar.regex.TextDfa;

/** Makes terms and combines them. */
final class Terms {
    static final int NULL = 1;
    static final int FALSE = 2;
    static final int TRUE = 4;
    static final int NUMBER = 8;
    static final int STRING = 16;
    static final int ARRAY = 32;
    static final int OBJECT = 64;
    static final int EVERY_TYPE = 127;

    /** Null, true and false: types of one value, of which a term always knows whether it holds. */
    static final int KEYWORDS = NULL | FALSE | TRUE;

    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final CompileBudget budget;
    private final Map<Form, Term> known = new HashMap<>();
    private final Map<Term, Term> negations = new HashMap<>();
    private final Term everything;
    private final Term nothing;
    private final Sub anything;

    Terms(CompileBudget budget) {
        this.budget = budget;
        everything = types(EVERY_TYPE);
        nothing = types(0);
        negations.put(everything, nothing);
        negations.put(nothing, everything);
        anything = Sub.of(everything);
    }

    /** All values. */
    Term everything() {
        return everything;
    }

    /** No value. */
    Term nothing() {
        return nothing;
    }

    /** All values, for a place inside others. */
    Sub anything() {
        return anything;
    }

    Term types(int mask) {
        return make(new Form.Types(mask), mask, ~mask & EVERY_TYPE);
    }

    Term of(Form.OfNumber form) {
        return make(form, EVERY_TYPE & ~NUMBER, 0);
    }

    Term of(Form.OfString form) {
        return make(form, EVERY_TYPE & ~STRING, 0);
    }

    Term of(Form.OfArray form) {
        return make(form, EVERY_TYPE & ~ARRAY, 0);
    }

    Term of(Form.OfObject form) {
        return make(form, EVERY_TYPE & ~OBJECT, 0);
    }

    private Term make(Form form, int all, int none) {
        Term term = known.get(form);
        if (term == null) {
            budget.spend(1);
            term = new Term(known.size(), form, all, none);
            known.put(form, term);
        }
        return term;
    }

    Term and(Term a, Term b) {
        return allOf(List.of(a, b));
    }

    /** Values that all of them hold. */
    Term allOf(List<Term> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        LinkedHashSet<Term> flat = new LinkedHashSet<>();
        int all = EVERY_TYPE;
        int none = 0;
        for (Term part : parts) {
            all &= part.all();
            none |= part.none();
            if (part.form() instanceof Form.AllOf inner) {
                flat.addAll(inner.terms());
            } else if (part != everything) {
                flat.add(part);
            }
        }
        budget.spend(flat.size());
        if (none == EVERY_TYPE) {
            return nothing;
        } else if (all == EVERY_TYPE) {
            return everything;
        } else if ((all | none) == EVERY_TYPE) {
            return types(all);
        }
        List<Term> sorted = new ArrayList<>(flat);
        sorted.sort(Comparator.comparingInt(Term::id));
        return sorted.size() == 1
                ? sorted.getFirst()
                : make(new Form.AllOf(List.copyOf(sorted)), all, none);
    }

    /** Values that at least one of them holds. */
    Term anyOf(List<Term> parts) {
        LinkedHashSet<Term> flat = new LinkedHashSet<>();
        int all = 0;
        int none = EVERY_TYPE;
        for (Term part : parts) {
            all |= part.all();
            none &= part.none();
            if (part.form() instanceof Form.AnyOf inner) {
                flat.addAll(inner.terms());
            } else if (part != nothing) {
                flat.add(part);
            }
        }
        budget.spend(flat.size());
        if ((all | none) == EVERY_TYPE) {
            return types(all);
        }
        return flat.size() == 1
                ? flat.getFirst()
                : make(new Form.AnyOf(List.copyOf(flat)), all, none);
    }

    /** Values that exactly one of them holds. */
    Term oneOf(List<Term> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int once = 0;
        int twice = 0;
        int possible = 0;
        int possibleTwice = 0;
        for (Term part : parts) {
            twice |= once & part.all();
            once |= part.all();
            possibleTwice |= possible & ~part.none();
            possible |= ~part.none();
        }
        budget.spend(parts.size());
        int all = once & ~possibleTwice & EVERY_TYPE;
        int none = (~possible | twice) & EVERY_TYPE;
        if ((all | none) == EVERY_TYPE) {
            return types(all);
        }
        return make(new Form.OneOf(List.copyOf(parts)), all, none);
    }

    /** All other values. */
    Term not(Term term) {
        Term known = negations.get(term);
        if (known == null) {
            known = negation(term);
            negations.put(term, known);
            negations.putIfAbsent(known, term);
        }
        return known;
    }

    private Term negation(Term term) {
        return switch (term.form()) {
            case Form.Types types -> types(~types.mask() & EVERY_TYPE);
            case Form.AllOf list -> anyOf(negations(list.terms()));
            case Form.AnyOf list -> allOf(negations(list.terms()));
            case Form.OneOf list -> notOneOf(list.terms());
            case Form.OfNumber form -> and(types(NUMBER), notNumber(form));
            case Form.OfString form -> and(types(STRING), notString(form));
            case Form.OfArray form -> and(types(ARRAY), notArray(form));
            case Form.OfObject form -> and(types(OBJECT), notObject(form));
        };
    }

    private List<Term> negations(List<Term> parts) {
        List<Term> negated = new ArrayList<>(parts.size());
        for (Term part : parts) {
            negated.add(not(part));
        }
        return negated;
    }

    /** None of them, or two of them. */
    private Term notOneOf(List<Term> parts) {
        List<Term> ways = new ArrayList<>();
        ways.add(allOf(negations(parts)));
        for (int first = 0; first < parts.size(); first++) {
            for (int second = first + 1; second < parts.size(); second++) {
                ways.add(and(parts.get(first), parts.get(second)));
            }
        }
        return anyOf(ways);
    }

    private Term notNumber(Form.OfNumber form) {
        return of(
                switch (form) {
                    case Form.AtLeast f -> new Form.AtMost(f.bound(), !f.exclusive());
                    case Form.AtMost f -> new Form.AtLeast(f.bound(), !f.exclusive());
                    case Form.Multiple f -> new Form.Multiple(f.of(), !f.wanted());
                    case Form.SpeltWhole f -> new Form.SpeltWhole(!f.wanted());
                    case Form.NumberValues f -> new Form.NumberValues(f.values(), !f.wanted());
                });
    }

    private Term notString(Form.OfString form) {
        return switch (form) {
            case Form.TextLength f ->
                    outside(f.min(), f.max(), (min, max) -> of(new Form.TextLength(min, max)));
            case Form.TextIn f -> of(new Form.TextIn(f.texts(), !f.wanted()));
            case Form.Words f -> of(new Form.Words(f.words(), !f.wanted()));
        };
    }

    private Term notArray(Form.OfArray form) {
        return switch (form) {
            case Form.Items f -> notItems(f);
            case Form.ItemCount f ->
                    outside(f.min(), f.max(), (min, max) -> of(new Form.ItemCount(min, max)));
            case Form.Contains f ->
                    outside(
                            f.min(),
                            f.max(),
                            (min, max) ->
                                    of(
                                            new Form.Contains(
                                                    f.items(), min, max, f.from(), f.place())));
            case Form.Unique f -> of(new Form.Unique(!f.wanted(), f.place()));
        };
    }

    /** Makes the term of a range of counts. */
    private interface Range {
        Term of(int min, int max);
    }

    private Term outside(int min, int max, Range range) {
        List<Term> ways = new ArrayList<>(2);
        if (min > 0) {
            ways.add(range.of(0, min - 1));
        }
        if (max < UNBOUNDED) {
            ways.add(range.of(max + 1, UNBOUNDED));
        }
        return ways.isEmpty() ? nothing : anyOf(ways);
    }

    /** Some item is not what its place asks for. */
    private Term notItems(Form.Items items) {
        List<Term> ways = new ArrayList<>();
        List<Sub> before = new ArrayList<>();
        for (Sub sub : items.prefix()) {
            budget.spend(1L + before.size());
            List<Sub> prefix = new ArrayList<>(before);
            prefix.add(sub.negated(this));
            ways.add(
                    and(
                            of(new Form.ItemCount(prefix.size(), UNBOUNDED)),
                            of(new Form.Items(List.copyOf(prefix), null))));
            before.add(anything);
        }
        if (items.rest() != null) {
            Sub other = items.rest().negated(this);
            ways.add(of(new Form.Contains(other, 1, UNBOUNDED, before.size(), Place.ROOT)));
        }
        return ways.isEmpty() ? nothing : anyOf(ways);
    }

    private Term notObject(Form.OfObject form) {
        return switch (form) {
            case Form.Members f -> notMembers(f);
            case Form.Required f -> {
                List<Term> ways = new ArrayList<>();
                for (String name : f.names()) {
                    ways.add(of(new Form.Absent(name)));
                }
                yield ways.isEmpty() ? nothing : anyOf(ways);
            }
            case Form.Absent f -> of(new Form.Required(List.of(f.name())));
            case Form.MemberCount f ->
                    outside(f.min(), f.max(), (min, max) -> of(new Form.MemberCount(min, max)));
            case Form.Names f -> of(new Form.Names(f.names(), !f.all()));
            case Form.Some f ->
                    of(
                            new Form.Members(
                                    Map.of(),
                                    List.of(new Form.Pattern(f.names(), f.value().negated(this))),
                                    null,
                                    false));
        };
    }

    /** Some member is not what its name asks for. */
    private Term notMembers(Form.Members members) {
        List<Term> ways = new ArrayList<>();
        for (Map.Entry<String, Sub> member : members.named().entrySet()) {
            ways.add(has(member.getKey(), member.getValue().negated(this)));
        }
        for (Form.Pattern pattern : members.patterns()) {
            ways.add(of(new Form.Some(pattern.names(), pattern.value().negated(this))));
        }
        if (members.additional() != null) {
            TextDfa names = TextDfa.any();
            if (!members.named().isEmpty()) {
                TextDfa named = TextDfa.ofWords(members.named().keySet());
                names = DfaAlgebra.not(named, budget);
            }
            for (Form.Pattern pattern : members.patterns()) {
                names = DfaAlgebra.minus(names, pattern.names(), budget);
            }
            if (!names.isEmpty()) {
                ways.add(of(new Form.Some(names, members.additional().negated(this))));
            }
        }
        return ways.isEmpty() ? nothing : anyOf(ways);
    }

    /** Objects with a member of a name and a value; says nothing of other types. */
    Term has(String name, Sub value) {
        Map<String, Sub> named = new LinkedHashMap<>();
        named.put(name, value);
        return and(
                of(new Form.Required(List.of(name))),
                of(new Form.Members(named, List.of(), null, false)));
    }
}
