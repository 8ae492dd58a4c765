package org.scout4j.grammar.regex;

/** Addresses of hosts and mailboxes. */
final class InternetNames {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /** RFC 2673 §3.2 as RFC 3986 reads it: no zeros before a number. */
    static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";

    /** RFC 4291 §2.2, as RFC 3986 §3.2.2 writes it. */
    static final String IPV6 = ipv6Pattern();

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LOCAL_PART = 64; // RFC 5321 §4.5.3.1.1

    private InternetNames() {}

    static TextDfa ipv4() {
        return Patterns.known(IPV4);
    }

    static TextDfa ipv6() {
        return Patterns.known(IPV6);
    }

    private static String ipv6Pattern() {
        String group = "[0-9A-Fa-f]{1,4}";
        String last = "(?:" + group + ":" + group + "|" + IPV4 + ")";
        StringBuilder all = new StringBuilder("(?:(?:" + group + ":){6}" + last);
        for (int before = 0; before <= 7; before++) {
            String start =
                    before == 0
                            ? ""
                            : "(?:(?:" + group + ":){0," + (before - 1) + "}" + group + ")?";
            String end =
                    switch (before) {
                        case 6 -> group;
                        case 7 -> "";
                        default ->
                                (before == 5 ? "" : "(?:" + group + ":){" + (5 - before) + "}")
                                        + last;
                    };
            all.append('|').append(start).append("::").append(end);
        }
        return all.append(')').toString();
    }

    /** RFC 1123 §2.1: labels of at most 63 letters, digits and inner hyphens, 253 in all. */
    static TextDfa hostname() {
        String label = "(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
        // "--" in the 3rd and 4th place is reserved (RFC 5891 §4.2.3.1); whether what follows
        // "xn--" is valid depends on what it decodes to.
        return DfaAlgebra.withLength(
                Patterns.known(label + "(?:\\." + label + ")*"),
                1,
                LONGEST_NAME,
                Patterns.budgetOfKnown());
    }

    /** A mailbox of RFC 5321 §4.1.2, its domain a name or an address. */
    static TextDfa email() {
        return mailbox(ATOM, "[ !#-\\[\\]-~]|\\\\[ -~]", LABEL);
    }

    /** The same with the characters beyond ASCII of RFC 6531 §3.3. */
    static TextDfa idnEmail() {
        String wide = "\\u0080-\\u{10FFFF}";
        // Of U-labels only what the tables of IDNA allow at all: letters, marks and digits.
        String letter = "[A-Za-z0-9\\p{L}\\p{M}\\p{Nd}]";
        return mailbox(
                "[A-Za-z0-9!#$%&'*+/=?^_`{|}~" + wide + "-]+",
                "[ !#-\\[\\]-~" + wide + "]|\\\\[ -~]",
                letter + "(?:(?:" + letter + "|-)*" + letter + ")?");
    }

    private static TextDfa mailbox(String atom, String quoted, String label) {
        String local = "(?:" + atom + "(?:\\." + atom + ")*|\"(?:" + quoted + ")*\")";
        String domain = label + "(?:\\." + label + ")*";
        String literal = "\\[(?:" + IPV4 + "|[Ii][Pp][Vv]6:" + IPV6 + ")\\]";
        return DfaAlgebra.and(
                Patterns.known(local + "@(?:" + domain + "|" + literal + ")"),
                Patterns.known(".{1," + LONGEST_LOCAL_PART + "}@[^@]*"),
                Patterns.budgetOfKnown());
    }
}
