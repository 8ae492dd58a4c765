package org.scout4j.cli.load;

/** Text inside HTML and SVG. */
final class Markup {
    private Markup() {}

    /** The text as content or quoted attribute; characters that XML forbids become U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '&' -> escaped.append("&amp;");
                        case '<' -> escaped.append("&lt;");
                        case '>' -> escaped.append("&gt;");
                        case '"' -> escaped.append("&quot;");
                        case '\'' -> escaped.append("&#39;");
                        default -> escaped.appendCodePoint(allowed(c) ? c : 0xFFFD);
                    }
                });
        return escaped.toString();
    }

    private static boolean allowed(int c) {
        boolean control = c < 0x20 && c != '\n' && c != '\t';
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        return !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
    }
}
