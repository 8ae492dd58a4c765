package org.scout4j.cli.load;

import java.io.IOException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
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

    /** Why a connection failed; what the JDK says of TLS is for its developers. */
    static String ofFailure(Exception failure) {
        return switch (failure) {
            case SSLHandshakeException refused ->
                    "no TLS session: its certificate is not trusted here, or it offers nothing"
                            + " both sides know (SCOUT4J_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE"
                            + " names certificates to trust)";
            case SSLException odd -> "it does not speak TLS; is it an http:// address?";
            case SocketTimeoutException late -> "no complete answer in the time that it had";
            case IOException broken when broken.getMessage() != null -> of(broken.getMessage());
            default -> "the connection broke";
        };
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
