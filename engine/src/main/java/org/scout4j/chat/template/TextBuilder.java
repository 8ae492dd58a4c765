package org.scout4j.chat.template;

import java.util.Arrays;

/** Builds a {@link Text} from pieces, within the limits of one rendering. */
final class TextBuilder {
    private final Budget budget;
    private final StringBuilder chars = new StringBuilder();
    private int[] borders = new int[4];
    private int count;
    private boolean trusted = true;

    TextBuilder(Budget budget) {
        this.budget = budget;
    }

    TextBuilder append(Text text) {
        return append(text, 0, text.length());
    }

    /** Appends a range of a text with its trust. */
    TextBuilder append(Text text, int from, int to) {
        for (int start = from; start < to; ) {
            int end = Math.min(to, text.runEnd(start));
            append(text.chars(), start, end, text.isTrusted(start));
            start = end;
        }
        return this;
    }

    TextBuilder append(String piece, boolean trust) {
        return append(piece, 0, piece.length(), trust);
    }

    TextBuilder append(CharSequence piece, int from, int to, boolean trust) {
        if (from < to) {
            budget.build(chars.length(), to - from);
            trust(trust);
            chars.append(piece, from, to);
        }
        return this;
    }

    /** Appends a text many times; the limit is checked before anything is built. */
    TextBuilder repeat(Text text, long times) {
        if (times > 0 && !text.isEmpty()) {
            budget.room(chars.length(), text.length(), times);
            if (text.runEnd(0) == text.length()) {
                append(text.chars().repeat(Math.toIntExact(times)), text.isTrusted(0));
                return this;
            }
            for (long i = 0; i < times; i++) {
                append(text);
            }
        }
        return this;
    }

    private void trust(boolean trust) {
        if (trust != trusted) {
            if (count == borders.length) {
                borders = Arrays.copyOf(borders, count * 2);
            }
            borders[count++] = chars.length();
            trusted = trust;
        }
    }

    int length() {
        return chars.length();
    }

    Text text() {
        return chars.isEmpty()
                ? Text.EMPTY
                : new Text(chars.toString(), Arrays.copyOf(borders, count));
    }
}
