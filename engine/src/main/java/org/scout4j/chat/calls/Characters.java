package org.scout4j.chat.calls;

/** Classes of characters in calls. */
final class Characters {
    private Characters() {}

    static boolean isSpace(int c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    static boolean isQuote(int c) {
        return c == '"' || c == '\'';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Part of the name of a function (spec "API" §1, tools). */
    static boolean isNamePart(int c) {
        return isLetter(c) || isDigit(c) || c == '_' || c == '.' || c == '-';
    }

    /** Begins the name of an argument or a keyword. */
    static boolean isWordStart(int c) {
        return isLetter(c) || c == '_' || c >= 0x80;
    }

    /** Continues one. Names of arguments in JSON may have '-' and '.', and models write them so. */
    static boolean isWordPart(int c) {
        return isWordStart(c) || isDigit(c) || c == '-' || c == '.';
    }
}
