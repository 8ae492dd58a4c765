package org.scout4j.grammar.regex;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.scout4j.grammar.CompileBudget;

/**
 * Code points that a pattern cannot tell apart, put into classes: each of its sets is a union of
 * classes. A class of surrogates alone is left out, no text has them.
 */
final class Alphabet {
    /** Interval i goes from {@code borders[i]} to before {@code borders[i + 1]}. */
    private final int[] borders;

    /** Class of each interval; −1 = left out. */
    private final int[] classOf;

    /** A code point of each class. */
    private final int[] member;

    private final Map<CodePoints, long[]> members = new HashMap<>();

    Alphabet(Pattern pattern, CompileBudget budget) {
        Set<CodePoints> sets = new HashSet<>();
        pattern.sets(sets);
        borders = borders(sets);
        classOf = new int[borders.length - 1];
        int classes = split(sets, budget);
        int[] first = new int[classes];
        Arrays.fill(first, -1);
        int[] renumbered = new int[classes];
        Ints kept = new Ints(16);
        for (int interval = 0; interval < classOf.length; interval++) {
            int one = classOf[interval];
            int point = text(interval);
            if (first[one] < 0 && point >= 0) {
                first[one] = point;
                renumbered[one] = kept.size();
                kept.add(point);
            }
            classOf[interval] = first[one] < 0 ? -1 : renumbered[one];
        }
        member = kept.toArray();
        for (CodePoints set : sets) {
            long[] bits = new long[(member.length + 63) / 64];
            for (int one = 0; one < member.length; one++) {
                if (set.contains(member[one])) {
                    bits[one >>> 6] |= 1L << one;
                }
            }
            budget.step();
            members.put(set, bits);
        }
    }

    private static int[] borders(Set<CodePoints> sets) {
        Ints all = new Ints(64);
        all.add(0);
        all.add(TextDfa.MAX_CODE_POINT + 1);
        for (CodePoints set : sets) {
            for (int range = 0; range < set.ranges(); range++) {
                all.add(set.low(range));
                all.add(set.high(range) + 1);
            }
        }
        int[] sorted = all.toArray();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int border : sorted) {
            if (distinct == 0 || sorted[distinct - 1] != border) {
                sorted[distinct++] = border;
            }
        }
        return Arrays.copyOf(sorted, distinct);
    }

    /** Each set splits every class of which it has a part; the number of classes, some empty. */
    private int split(Set<CodePoints> sets, CompileBudget budget) {
        int classes = 1;
        int[] part = new int[16];
        for (CodePoints set : sets) {
            if (part.length < classes) {
                part = new int[2 * classes];
            }
            Arrays.fill(part, 0, classes, -1);
            for (int range = 0; range < set.ranges(); range++) {
                int interval = Arrays.binarySearch(borders, set.low(range));
                for (; borders[interval] <= set.high(range); interval++) {
                    budget.step();
                    int old = classOf[interval];
                    if (part[old] < 0) {
                        part[old] = classes++;
                    }
                    classOf[interval] = part[old];
                }
            }
            classes = compacted(classes);
        }
        return classes;
    }

    /** Numbers classes anew if many of them have become empty. */
    private int compacted(int classes) {
        if (classes < 2 * classOf.length) {
            return classes;
        }
        int[] number = new int[classes];
        Arrays.fill(number, -1);
        int next = 0;
        for (int interval = 0; interval < classOf.length; interval++) {
            int old = classOf[interval];
            if (number[old] < 0) {
                number[old] = next++;
            }
            classOf[interval] = number[old];
        }
        return next;
    }

    /** A code point of the interval that is no surrogate; −1 if there is none. */
    private int text(int interval) {
        int low = borders[interval];
        if (low < Character.MIN_SURROGATE || low > Character.MAX_SURROGATE) {
            return low;
        }
        return borders[interval + 1] > Character.MAX_SURROGATE + 1
                ? Character.MAX_SURROGATE + 1
                : -1;
    }

    /** Number of classes. */
    int size() {
        return member.length;
    }

    /** A code point of the class. */
    int member(int one) {
        return member[one];
    }

    /** The classes of one of the pattern's sets, a bit each. */
    long[] bits(CodePoints set) {
        return Objects.requireNonNull(members.get(set), "a set of another pattern");
    }

    /** Adds an edge for each run of intervals whose classes lead to one target; −1 = nowhere. */
    int edges(TextDfa.Builder builder, int from, int[] targetOfClass) {
        int added = 0;
        int begin = 0;
        int target = -1;
        for (int interval = 0; interval <= classOf.length; interval++) {
            int to = -1;
            if (interval < classOf.length) {
                int one = classOf[interval];
                to = one < 0 ? target : targetOfClass[one];
            }
            if (to != target || interval == classOf.length) {
                if (target >= 0) {
                    builder.edge(from, begin, borders[interval] - 1, target);
                    added++;
                }
                begin = borders[interval];
                target = to;
            }
        }
        return added;
    }
}
