package org.scout4j.checkpoint;

/** Text out of a model file, made fit for a message. */
public final class Excerpt {
    private static final int LONGEST = 96;

    private Excerpt() {}

    /**
     * At most 96 characters; control characters become {@code ?}, so that a file can neither flood
     * a log nor steer a terminal.
     */
    public static String of(String text) {
        StringBuilder excerpt = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .map(c ->
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                                ? '?'
                                : c)
                .forEach(excerpt::appendCodePoint);
        if (text.codePointCount(0, text.length()) > LONGEST) {
            excerpt.append('…');
        }
        return excerpt.toString();
    }
}
