package org.scout4j.cli.load;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server said, short and fit for a terminal. */
final class PlainWords {
    private static final int LONGEST = 200;

    private PlainWords() {}

    /** On one line, without control characters, cut where it gets long. */
    static String of(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) || isDirection(c) ? ' ' : c)
                .forEach(plain::appendCodePoint);
        return plain.toString().strip();
    }

    /** The message of an error object, in any of the forms in use, or the whole body. */
    static String ofErrorBody(String body) {
        try {
            return ofError(JsonMapper.shared().readTree(body));
        } catch (JacksonException e) {
            return of(body);
        }
    }

    static String ofError(JsonNode body) {
        JsonNode error = body.path("error");
        String message =
                error.path("message")
                        .stringValue(
                                error.stringValue(
                                        body.path("message")
                                                .stringValue(body.path("detail").stringValue(""))));
        return of(message.isEmpty() ? body.toString() : message);
    }

    /** Characters that turn the direction of text around them. */
    private static boolean isDirection(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}
