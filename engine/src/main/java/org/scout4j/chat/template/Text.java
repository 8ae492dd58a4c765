package org.scout4j.chat.template;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A string that knows of each character whether the template wrote it (trusted) or whether it came
 * from a request (untrusted).
 *
 * <p>Why characters and not marks inside the string: every operation of the renderer builds its
 * result from pieces of its operands ({@link TextBuilder}), so trust travels with the characters
 * through trimming, slicing, replacing, joining and case mapping, while length, comparison and
 * search see the plain string and give what Jinja gives. A sentinel character inside the text would
 * have changed all three, and could have been typed by a client.
 *
 * <p>Only the flow of characters is tracked. A template that looks at a request and then writes one
 * of its own literals writes a trusted text: which control tokens exist is the template's choice,
 * and a request can never spell one. What a container prints as, and everything {@code tojson}
 * writes, is data and untrusted.
 *
 * <p>Positions here count UTF-16 units; the operations of templates count code points, as Python
 * does.
 */
public final class Text implements Value {
    static final Text EMPTY = new Text("", new int[0]);

    private static final int[] NO_BORDERS = {};
    private static final int[] BORDER_AT_START = {0};

    private final String chars;

    /** Where trust changes, ascending. What lies before the first border is trusted. */
    private final int[] borders;

    Text(String chars, int[] borders) {
        this.chars = chars;
        this.borders = borders;
    }

    /** A text that the template itself wrote, or that the renderer chose from a closed set. */
    public static Text trusted(String chars) {
        return chars.isEmpty() ? EMPTY : new Text(chars, NO_BORDERS);
    }

    /** A text from a request. */
    public static Text untrusted(String chars) {
        return chars.isEmpty() ? EMPTY : new Text(chars, BORDER_AT_START);
    }

    /** The characters. */
    public String chars() {
        return chars;
    }

    /** Length in UTF-16 units. */
    public int length() {
        return chars.length();
    }

    public boolean isEmpty() {
        return chars.isEmpty();
    }

    /** Whether the template wrote the character at this position. */
    public boolean isTrusted(int index) {
        return (bordersUpTo(index) & 1) == 0;
    }

    /** Whether the template wrote every character. */
    boolean isTrusted() {
        return borders.length == 0;
    }

    /** Where the run of characters of equal trust ends that the position belongs to. */
    public int runEnd(int index) {
        int next = bordersUpTo(index);
        return next < borders.length ? borders[next] : chars.length();
    }

    private int bordersUpTo(int index) {
        int found = Arrays.binarySearch(borders, index);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The characters of a range, with their trust. */
    public Text substring(int from, int to) {
        if (from == 0 && to == chars.length()) {
            return this;
        }
        if (from == to) {
            return EMPTY;
        }
        if (borders.length == 0) {
            return new Text(chars.substring(from, to), borders);
        }
        int first = bordersUpTo(from);
        int last = bordersUpTo(to - 1);
        boolean startsUntrusted = (first & 1) == 1;
        int[] inside = new int[last - first + (startsUntrusted ? 1 : 0)];
        int count = startsUntrusted ? 1 : 0;
        for (int i = first; i < last; i++) {
            inside[count++] = borders[i] - from;
        }
        return new Text(chars.substring(from, to), inside);
    }

    /** Maps each run of equal trust on its own, for example to upper case. */
    Text mapRuns(UnaryOperator<String> mapping, Budget budget) {
        TextBuilder mapped = new TextBuilder(budget);
        for (int start = 0; start < chars.length(); ) {
            int end = runEnd(start);
            mapped.append(mapping.apply(chars.substring(start, end)), isTrusted(start));
            start = end;
        }
        return mapped.text();
    }

    @Override
    public String typeName() {
        return "str";
    }

    /** The characters. */
    @Override
    public String toString() {
        return chars;
    }
}
