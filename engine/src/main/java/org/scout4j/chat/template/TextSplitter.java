package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code split}, {@code rsplit} and {@code splitlines}. */
final class TextSplitter {
    private final Text text;
    private final String chars;
    private final Operators operators;
    private final List<Value> parts = new ArrayList<>();

    TextSplitter(Text text, Operators operators) {
        this.text = text;
        this.chars = text.chars();
        this.operators = operators;
    }

    /**
     * @param separator a string, or {@code None} for any run of white space
     * @param limit how many cuts to make; negative for all
     * @param fromEnd whether to cut from the end
     */
    List<Value> split(Value separator, long limit, boolean fromEnd) {
        long cuts = limit < 0 ? Long.MAX_VALUE : limit;
        if (separator instanceof Value.None) {
            if (fromEnd) {
                wordsFromEnd(cuts);
            } else {
                words(cuts);
            }
            return parts;
        }
        String mark = Methods.text(separator, operators).chars();
        if (mark.isEmpty()) {
            throw TemplateException.failed("empty separator");
        }
        if (fromEnd) {
            partsFromEnd(mark, cuts);
        } else {
            parts(mark, cuts);
        }
        return parts;
    }

    private void add(int from, int to) {
        operators.budget().step();
        parts.add(text.substring(from, to));
    }

    private void parts(String mark, long cuts) {
        int from = 0;
        int at = PythonText.indexOf(chars, mark, 0);
        for (long left = cuts; left > 0 && at >= 0; left--) {
            add(from, at);
            from = at + mark.length();
            at = PythonText.indexOf(chars, mark, from);
        }
        add(from, chars.length());
    }

    private void partsFromEnd(String mark, long cuts) {
        int to = chars.length();
        for (long left = cuts; left > 0 && to >= mark.length(); left--) {
            operators.budget().characters(PythonText.costOfLastIndexOf(mark, to));
            int at = PythonText.lastIndexOf(chars, mark, to - mark.length());
            if (at < 0) {
                break;
            }
            add(at + mark.length(), to);
            to = at;
        }
        add(0, to);
        Collections.reverse(parts);
    }

    private void words(long cuts) {
        int from = PythonText.skipSpace(chars, 0);
        for (long left = cuts; from < chars.length(); left--) {
            if (left == 0) {
                add(from, chars.length());
                return;
            }
            int to = from;
            while (to < chars.length() && !PythonText.isSpace(chars.charAt(to))) {
                to++;
            }
            add(from, to);
            from = PythonText.skipSpace(chars, to);
        }
    }

    private void wordsFromEnd(long cuts) {
        int to = PythonText.skipSpaceBackwards(chars, chars.length());
        for (long left = cuts; to > 0; left--) {
            if (left == 0) {
                add(0, to);
                break;
            }
            int from = to;
            while (from > 0 && !PythonText.isSpace(chars.charAt(from - 1))) {
                from--;
            }
            add(from, to);
            to = PythonText.skipSpaceBackwards(chars, from);
        }
        Collections.reverse(parts);
    }

    /**
     * @param keepEnds whether lines keep their line breaks
     */
    List<Value> lines(boolean keepEnds) {
        for (int from = 0; from < chars.length(); ) {
            int end = from;
            while (end < chars.length() && !PythonText.isLineEnd(chars.charAt(end))) {
                end++;
            }
            int next = Math.min(chars.length(), chars.startsWith("\r\n", end) ? end + 2 : end + 1);
            add(from, keepEnds ? next : end);
            from = next;
        }
        return parts;
    }
}
