package org.scout4j.grammar.schema;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.DfaAlgebra;

/**
 * Tells quickly that two terms have no value in common, as the parts of most {@code oneOf} have
 * not: a required member or an early item tells them apart. When in doubt it says no.
 */
final class Disjointness {
    private static final int DEPTH = 3;
    private static final int MOST_PAIRS = 256;
    private static final int[] STRUCTURED = {Terms.NUMBER, Terms.STRING, Terms.ARRAY, Terms.OBJECT};

    private final Expander expander;
    private final Terms terms;
    private final CompileBudget budget;
    private final Map<List<Term>, Boolean> answers = new HashMap<>();
    private int depth;

    Disjointness(Expander expander, Terms terms, CompileBudget budget) {
        this.expander = expander;
        this.terms = terms;
        this.budget = budget;
    }

    /** Whether no value of the type is in both. */
    boolean certain(Term a, Term b, int type) {
        if (a.holdsNone(type) || b.holdsNone(type)) {
            return true;
        }
        if (a == b
                || expander.isOpen(a, type)
                || expander.isOpen(b, type)
                || depth >= DEPTH && !(expander.isKnown(a, type) && expander.isKnown(b, type))) {
            return false;
        }
        depth++;
        try {
            return apart(expander.shapes(a, type), expander.shapes(b, type));
        } finally {
            depth--;
        }
    }

    /** Whether no value is in both. */
    private boolean certain(Term a, Term b) {
        int common = ~(a.none() | b.none()) & Terms.EVERY_TYPE;
        if (common == 0) {
            return true;
        }
        if ((common & Terms.KEYWORDS) != 0 || (a.all() & b.all()) != 0 || depth >= DEPTH) {
            return false;
        }
        List<Term> pair = List.of(a, b);
        Boolean known = answers.get(pair);
        if (known == null) {
            known = true;
            for (int type : STRUCTURED) {
                known &= (common & type) == 0 || certain(a, b, type);
            }
            answers.put(pair, known);
        }
        return known;
    }

    private boolean apart(List<Shape> a, List<Shape> b) {
        if ((long) a.size() * b.size() > MOST_PAIRS) {
            return false;
        }
        for (Shape one : a) {
            for (Shape other : b) {
                budget.step();
                if (!apart(one, other)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean apart(Shape a, Shape b) {
        return switch (a) {
            case Shape.Numbers n -> apart(n.rules(), ((Shape.Numbers) b).rules());
            case Shape.Texts t -> apart(t, (Shape.Texts) b);
            case Shape.Arrays r -> apart(r, (Shape.Arrays) b);
            case Shape.Objects o -> apart(o, (Shape.Objects) b) || apart((Shape.Objects) b, o);
        };
    }

    private static <T> boolean nothingCommon(@Nullable Set<T> a, @Nullable Set<T> b) {
        if (a == null || b == null) {
            return false;
        }
        Set<T> both = new LinkedHashSet<>(a);
        both.retainAll(b);
        return both.isEmpty();
    }

    private static boolean apart(NumberRules.Key a, NumberRules.Key b) {
        return nothingCommon(NumberRules.listed(a), NumberRules.listed(b))
                || a.max() != null && b.min() != null && a.max().compareTo(b.min()) < 0
                || b.max() != null && a.min() != null && b.max().compareTo(a.min()) < 0;
    }

    private boolean apart(Shape.Texts a, Shape.Texts b) {
        Set<String> left = TextRules.listed(a.rules());
        Set<String> right = TextRules.listed(b.rules());
        if (left != null && right != null) {
            return nothingCommon(left, right);
        }
        return a.rules().max() < b.rules().min()
                || b.rules().max() < a.rules().min()
                || DfaAlgebra.disjoint(a.strings().content(), b.strings().content(), budget);
    }

    private boolean apart(Shape.Arrays a, Shape.Arrays b) {
        if (a.max() < b.min() || b.max() < a.min()) {
            return true;
        }
        int both = Math.min(Math.max(a.min(), b.min()), DEPTH);
        for (int place = 0; place < both; place++) {
            if (certain(a.slot(place).any(), b.slot(place).any())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a member that the first requires cannot be in the second. */
    private boolean apart(Shape.Objects a, Shape.Objects b) {
        if (a.min() > b.max()) {
            return true;
        }
        for (Shape.Member member : a.members()) {
            if (member.required() && certain(member.value(), value(b, member.name()))) {
                return true;
            }
        }
        return false;
    }

    private Term value(Shape.Objects shape, String name) {
        for (Shape.Member member : shape.members()) {
            budget.step();
            if (member.name().equals(name)) {
                return member.value();
            }
        }
        for (Shape.Others others : shape.others()) {
            if (others.names().contains(name)) {
                return others.value();
            }
        }
        return terms.nothing();
    }
}
