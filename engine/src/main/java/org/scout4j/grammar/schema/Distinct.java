package org.scout4j.grammar.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.DfaAlgebra;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;

/** Counts the different scalars of a node, for arrays without equal items. */
final class Distinct {
    /** Too many to matter, or endless. */
    private static final long MANY = Integer.MAX_VALUE;

    private Distinct() {}

    /** How many different scalars there are, at most {@link #MANY}; −1 if that is not known. */
    static long values(GraphNode node, CompileBudget budget) {
        long count = 0;
        TextDfa texts = TextDfa.none();
        for (Alternative scalar : node.scalars()) {
            switch (scalar) {
                case Alternative.Keywords k ->
                        count +=
                                (k.allowsNull() ? 1 : 0)
                                        + (k.allowsTrue() ? 1 : 0)
                                        + (k.allowsFalse() ? 1 : 0);
                case Alternative.Strings s ->
                        texts =
                                DfaAlgebra.or(
                                        texts,
                                        DfaAlgebra.withLength(
                                                s.content(),
                                                Math.min(s.minLength(), 1),
                                                s.maxLength() == 0 ? 0 : MAX,
                                                budget),
                                        budget);
                default -> {}
            }
        }
        if (!texts.isEmpty()) {
            count += Math.min(texts.words(texts.start()), MANY);
        }
        long numbers = 0;
        for (Shape.Numbers shape : node.numbers()) {
            long more = numbers(shape.rules());
            if (node.numbers().size() > 1 && more < MANY) {
                return -1;
            }
            numbers += more;
        }
        return Math.min(count + numbers, MANY);
    }

    private static final int MAX = Alternative.UNBOUNDED;

    private static long numbers(NumberRules.Key rules) {
        Set<BigDecimal> listed = NumberRules.listed(rules);
        if (listed != null) {
            return listed.size();
        }
        BigDecimal min = rules.min();
        BigDecimal max = rules.max();
        if (min != null && max != null && min.compareTo(max) == 0) {
            return 1;
        }
        if (min == null || max == null || rules.steps().isEmpty()) {
            return MANY;
        }
        if (rules.steps().size() > 1 || !rules.notSteps().isEmpty()) {
            return -1;
        }
        BigDecimal step = rules.steps().iterator().next();
        BigDecimal first = min.divide(step, 0, RoundingMode.CEILING);
        BigDecimal last = max.divide(step, 0, RoundingMode.FLOOR);
        if (rules.aboveMin() && first.multiply(step).compareTo(min) == 0) {
            first = first.add(BigDecimal.ONE);
        }
        if (rules.belowMax() && last.multiply(step).compareTo(max) == 0) {
            last = last.subtract(BigDecimal.ONE);
        }
        BigDecimal count = last.subtract(first).add(BigDecimal.ONE);
        for (BigDecimal value : rules.notValues()) {
            boolean inside = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
            if (inside && value.remainder(step).signum() == 0) {
                return -1;
            }
        }
        return count.min(BigDecimal.valueOf(MANY)).longValue();
    }
}
