package org.scout4j.grammar.regex;

/** URIs (RFC 3986 appendix A), IRIs (RFC 3987 §2.2) and templates of them (RFC 6570 §2). */
final class ResourceNames {
    private static final String ESCAPED = "%[0-9A-Fa-f]{2}";
    private static final String SCHEME = "[A-Za-z][A-Za-z0-9+.-]*";

    /** {@code ucschar}: planes 1 to 14 without their last two places, and most of plane 0. */
    private static final String WIDE = wide();

    /** {@code iprivate}. */
    private static final String PRIVATE =
            "\\uE000-\\uF8FF\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}";

    private final String plain;
    private final String queryOnly;

    ResourceNames(boolean international) {
        plain = "A-Za-z0-9._~!$&'()*+,;=\\-" + (international ? WIDE : "");
        queryOnly = international ? PRIVATE : "";
    }

    private static String wide() {
        StringBuilder ranges = new StringBuilder("\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF");
        for (int plane = 1; plane <= 14; plane++) {
            String number = Integer.toHexString(plane);
            ranges.append("\\u{").append(number).append(plane == 14 ? "1000}" : "0000}");
            ranges.append("-\\u{").append(number).append("FFFD}");
        }
        return ranges.toString();
    }

    TextDfa absolute() {
        return Patterns.known(full());
    }

    TextDfa reference() {
        String segment = some(":@", "*");
        String noColon = some("@", "+");
        String relative =
                "(?://"
                        + authority()
                        + "(?:/"
                        + segment
                        + ")*"
                        + "|/(?:"
                        + some(":@", "+")
                        + "(?:/"
                        + segment
                        + ")*)?"
                        + "|(?:"
                        + noColon
                        + "(?:/"
                        + segment
                        + ")*)?)";
        return Patterns.known(full() + "|" + relative + tail());
    }

    private String full() {
        String segment = some(":@", "*");
        String first = some(":@", "+");
        return SCHEME
                + ":(?://"
                + authority()
                + "(?:/"
                + segment
                + ")*"
                + "|/?(?:"
                + first
                + "(?:/"
                + segment
                + ")*)?)"
                + tail();
    }

    private String some(String more, String times) {
        return "(?:[" + more + plain + "]|" + ESCAPED + ")" + times;
    }

    private String authority() {
        String literal =
                "\\[(?:"
                        + InternetNames.IPV6
                        + "|[Vv][0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\\]";
        return "(?:" + some(":", "*") + "@)?(?:" + literal + "|" + some("", "*") + ")(?::[0-9]*)?";
    }

    private String tail() {
        return "(?:\\?" + some(":@/?" + queryOnly, "*") + ")?(?:#" + some(":@/?", "*") + ")?";
    }

    /** Literals and expressions. */
    static TextDfa template() {
        String name = "(?:[A-Za-z0-9_]|" + ESCAPED + ")";
        String variable = name + "(?:\\.?" + name + ")*(?::[1-9][0-9]{0,3}|\\*)?";
        String expression = "\\{[+#./;?&=,!@|]?" + variable + "(?:," + variable + ")*\\}";
        String literal = "[!#$&'()*+,\\-./:;=?@\\[\\]_~A-Za-z0-9" + WIDE + PRIVATE + "]";
        return Patterns.known("(?:" + literal + "|" + ESCAPED + "|" + expression + ")*");
    }
}
