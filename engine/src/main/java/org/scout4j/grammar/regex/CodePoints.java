package org.scout4j.grammar.regex;

import java.util.Arrays;

/** A set of code points: sorted, disjoint ranges that do not touch. */
final class CodePoints {
    static final CodePoints NONE = new CodePoints(new int[0]);
    static final CodePoints ALL = of(0, TextDfa.MAX_CODE_POINT);
    static final CodePoints DIGITS = of('0', '9');
    static final CodePoints WORD = of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
    static final CodePoints LINE_ENDS = of('\n', '\n', '\r', '\r', 0x2028, 0x2029);

    /** WhiteSpace and LineTerminator of ECMA-262. */
    static final CodePoints SPACE =
            of(
                    '\t', '\r', ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028,
                    0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);

    /** Low, high, low, high, … */
    private final int[] borders;

    private CodePoints(int[] borders) {
        this.borders = borders;
    }

    /** Of low, high, low, high, …, sorted and disjoint. */
    static CodePoints of(int... borders) {
        return new CodePoints(borders);
    }

    int ranges() {
        return borders.length / 2;
    }

    int low(int range) {
        return borders[2 * range];
    }

    int high(int range) {
        return borders[2 * range + 1];
    }

    boolean contains(int codePoint) {
        int at = Arrays.binarySearch(borders, codePoint);
        return at >= 0 || (-at - 1) % 2 == 1;
    }

    CodePoints not() {
        Ints others = new Ints(borders.length + 2);
        int next = 0;
        for (int range = 0; range < ranges(); range++) {
            if (low(range) > next) {
                others.add(next);
                others.add(low(range) - 1);
            }
            next = high(range) + 1;
        }
        if (next <= TextDfa.MAX_CODE_POINT) {
            others.add(next);
            others.add(TextDfa.MAX_CODE_POINT);
        }
        return new CodePoints(others.toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints that && Arrays.equals(borders, that.borders);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(borders);
    }

    /** Collects ranges in any order. */
    static final class Builder {
        private final Ints lows = new Ints(8);
        private final Ints highs = new Ints(8);

        void add(int low, int high) {
            lows.add(low);
            highs.add(high);
        }

        void add(CodePoints set) {
            for (int range = 0; range < set.ranges(); range++) {
                add(set.low(range), set.high(range));
            }
        }

        CodePoints build() {
            long[] sorted = new long[lows.size()];
            for (int at = 0; at < sorted.length; at++) {
                sorted[at] = (long) lows.get(at) << 32 | highs.get(at);
            }
            Arrays.sort(sorted);
            Ints merged = new Ints(2 * sorted.length);
            for (long range : sorted) {
                int low = (int) (range >> 32);
                int high = (int) range;
                int last = merged.size() - 1;
                if (last > 0 && merged.get(last) + 1 >= low) {
                    merged.set(last, Math.max(merged.get(last), high));
                } else {
                    merged.add(low);
                    merged.add(high);
                }
            }
            return new CodePoints(merged.toArray());
        }
    }
}
