package org.scout4j.chat.calls;

import org.scout4j.chat.template.PythonText;

/**
 * The text around the calls. White space is passed on only before something visible, so that none
 * is left at the edges when there are calls.
 */
final class ContentText {
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder spaces = new StringBuilder();
    private int taken;

    void append(char c) {
        if (PythonText.isSpace(c)) {
            spaces.append(c);
            return;
        }
        if (!content.isEmpty()) {
            content.append(spaces);
        }
        spaces.setLength(0);
        content.append(c);
    }

    void append(CharSequence text, int from, int to) {
        for (int i = from; i < to; i++) {
            append(text.charAt(i));
        }
    }

    /** Appends text just as it is, after all the white space before it. */
    void appendVerbatim(CharSequence text, int from, int to) {
        content.append(spaces).append(text, from, to);
        spaces.setLength(0);
    }

    /** Lets white space at the end count as well. */
    void keepSpaces() {
        content.append(spaces);
        spaces.setLength(0);
    }

    int heldSpaces() {
        return spaces.length();
    }

    /** What this was at a moment, to come back to. */
    record Mark(int length, int taken, String spaces) {}

    Mark mark() {
        return new Mark(content.length(), taken, spaces.toString());
    }

    void reset(Mark mark) {
        content.setLength(mark.length);
        taken = mark.taken;
        spaces.setLength(0);
        spaces.append(mark.spaces);
    }

    /** What has come since the last time, in whole characters. */
    String take() {
        int end = content.length();
        if (end > taken && Character.isHighSurrogate(content.charAt(end - 1))) {
            end--;
        }
        return takeTo(end);
    }

    /** The rest, half characters too. */
    String takeAll() {
        return takeTo(content.length());
    }

    private String takeTo(int end) {
        if (end <= taken) {
            return "";
        }
        String piece = content.substring(taken, end);
        taken = end;
        return piece;
    }

    String toString(int from, int to) {
        return content.substring(from, to);
    }

    @Override
    public String toString() {
        return content.toString();
    }
}
