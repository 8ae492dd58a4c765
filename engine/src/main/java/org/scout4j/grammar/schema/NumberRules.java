package org.scout4j.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.NumberSet;

/** What is said about numbers. */
final class NumberRules implements Rules {
    /** The rules as a value, to find what they come to a second time. */
    record Key(
            @Nullable BigDecimal min,
            boolean aboveMin,
            @Nullable BigDecimal max,
            boolean belowMax,
            @Nullable Set<BigDecimal> values,
            Set<BigDecimal> notValues,
            Set<BigDecimal> steps,
            Set<BigDecimal> notSteps,
            boolean speltWhole,
            boolean speltOtherwise) {}

    private @Nullable BigDecimal min;
    private boolean aboveMin;
    private @Nullable BigDecimal max;
    private boolean belowMax;
    private @Nullable Set<BigDecimal> values;
    private Set<BigDecimal> notValues = Set.of();
    private Set<BigDecimal> steps = Set.of();
    private Set<BigDecimal> notSteps = Set.of();
    private boolean speltWhole;
    private boolean speltOtherwise;
    private final Changes changes = new Changes();

    @Override
    public boolean add(Form form) {
        switch ((Form.OfNumber) form) {
            case Form.AtLeast f -> atLeast(f.bound(), f.exclusive());
            case Form.AtMost f -> atMost(f.bound(), f.exclusive());
            case Form.Multiple f -> {
                if (f.wanted()) {
                    steps = changes.with(steps, Set.of(f.of()));
                } else {
                    notSteps = changes.with(notSteps, Set.of(f.of()));
                }
            }
            case Form.SpeltWhole f -> spelt(f.wanted());
            case Form.NumberValues f -> values(f);
        }
        return (values == null || !values.isEmpty())
                && !crossed()
                && !(speltWhole && speltOtherwise);
    }

    private void spelt(boolean whole) {
        if (whole && !speltWhole) {
            speltWhole = true;
            changes.note();
        } else if (!whole && !speltOtherwise) {
            speltOtherwise = true;
            changes.note();
        }
    }

    private boolean crossed() {
        if (min == null || max == null) {
            return false;
        }
        int order = min.compareTo(max);
        return order > 0 || order == 0 && (aboveMin || belowMax);
    }

    private void atLeast(BigDecimal bound, boolean exclusive) {
        int order = min == null ? 1 : bound.compareTo(min);
        if (order > 0 || order == 0 && exclusive && !aboveMin) {
            min = bound;
            aboveMin = exclusive;
            changes.note();
        }
    }

    private void atMost(BigDecimal bound, boolean exclusive) {
        int order = max == null ? -1 : bound.compareTo(max);
        if (order < 0 || order == 0 && exclusive && !belowMax) {
            max = bound;
            belowMax = exclusive;
            changes.note();
        }
    }

    private void values(Form.NumberValues form) {
        Set<BigDecimal> before = values;
        if (!form.wanted()) {
            notValues = changes.with(notValues, form.values());
        } else if (before == null) {
            values = new LinkedHashSet<>(form.values());
            changes.note();
        } else {
            Set<BigDecimal> both = new LinkedHashSet<>(before);
            if (both.retainAll(form.values())) {
                values = both;
                changes.note();
            }
        }
    }

    @Override
    public int changes() {
        return changes.count();
    }

    @Override
    public NumberRules copy() {
        NumberRules copy = new NumberRules();
        copy.min = min;
        copy.aboveMin = aboveMin;
        copy.max = max;
        copy.belowMax = belowMax;
        copy.values = values;
        copy.notValues = notValues;
        copy.steps = steps;
        copy.notSteps = notSteps;
        copy.speltWhole = speltWhole;
        copy.speltOtherwise = speltOtherwise;
        copy.changes.goOnFrom(changes);
        return copy;
    }

    Key key() {
        return new Key(
                min,
                aboveMin,
                max,
                belowMax,
                values,
                notValues,
                steps,
                notSteps,
                speltWhole,
                speltOtherwise);
    }

    /** The values, if the rules list them; some may be ruled out. */
    static @Nullable Set<BigDecimal> listed(Key key) {
        if (key.values == null) {
            return null;
        }
        Set<BigDecimal> left = new LinkedHashSet<>();
        for (BigDecimal value : key.values) {
            if (holds(key, value)) {
                left.add(value);
            }
        }
        return left;
    }

    private static boolean holds(Key key, BigDecimal value) {
        if (key.min != null && value.compareTo(key.min) < (key.aboveMin ? 1 : 0)
                || key.max != null && value.compareTo(key.max) > (key.belowMax ? -1 : 0)
                || key.notValues.contains(value)) {
            return false;
        }
        for (BigDecimal step : key.steps) {
            if (value.remainder(step).signum() != 0) {
                return false;
            }
        }
        for (BigDecimal step : key.notSteps) {
            if (value.remainder(step).signum() == 0) {
                return false;
            }
        }
        return true;
    }

    /** The numbers that satisfy all rules. */
    static NumberSet numbers(Key key, CompileBudget budget) {
        Set<BigDecimal> listed = listed(key);
        NumberSet set = listed == null ? described(key, budget) : equalTo(listed, budget);
        if (key.speltWhole) {
            return set.and(NumberSet.speltWhole(), budget);
        }
        return key.speltOtherwise ? set.and(NumberSet.speltWhole().not(budget), budget) : set;
    }

    private static NumberSet described(Key key, CompileBudget budget) {
        NumberSet set = NumberSet.all();
        for (BigDecimal step : key.steps) {
            set = set.and(multiples(step, budget), budget);
        }
        if (key.min != null) {
            set =
                    set.and(
                            key.aboveMin
                                    ? NumberSet.greaterThan(key.min, budget)
                                    : NumberSet.atLeast(key.min, budget),
                            budget);
        }
        if (key.max != null) {
            set =
                    set.and(
                            key.belowMax
                                    ? NumberSet.lessThan(key.max, budget)
                                    : NumberSet.atMost(key.max, budget),
                            budget);
        }
        for (BigDecimal step : key.notSteps) {
            set = set.and(multiples(step, budget).not(budget), budget);
        }
        return key.notValues.isEmpty()
                ? set
                : set.and(equalTo(key.notValues, budget).not(budget), budget);
    }

    private static NumberSet multiples(BigDecimal step, CompileBudget budget) {
        return step.compareTo(BigDecimal.ONE) == 0
                ? NumberSet.integers()
                : NumberSet.multipleOf(step, budget);
    }

    /** Exactly these values; put together in halves, so that no automaton grows value by value. */
    private static NumberSet equalTo(Set<BigDecimal> values, CompileBudget budget) {
        if (values.isEmpty()) {
            return NumberSet.all().not(budget);
        }
        List<NumberSet> sets = new ArrayList<>();
        for (BigDecimal value : values) {
            sets.add(NumberSet.equalTo(value, budget));
        }
        while (sets.size() > 1) {
            List<NumberSet> halves = new ArrayList<>();
            for (int index = 0; index < sets.size(); index += 2) {
                NumberSet set = sets.get(index);
                halves.add(index + 1 < sets.size() ? set.or(sets.get(index + 1), budget) : set);
            }
            sets = halves;
        }
        return sets.getFirst();
    }
}
