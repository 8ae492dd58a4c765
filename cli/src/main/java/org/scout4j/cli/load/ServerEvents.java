package org.scout4j.cli.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Server-sent events of a body: their data, without comments and other fields. */
final class ServerEvents {
    private static final int LONGEST_LINE = 16 << 20;

    private final HttpAnswer answer;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean lastWasReturn;

    ServerEvents(HttpAnswer answer) {
        this.answer = answer;
    }

    /** The data of the next event, or null when the body has ended. */
    @Nullable String next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean any = false;
        for (; ; ) {
            String field = line();
            if (field == null) {
                return null; // an event without its empty line is none
            }
            if (field.isEmpty() && any) {
                return data.toString();
            }
            if (field.startsWith("data:")) {
                int from = field.startsWith("data: ") ? 6 : 5;
                data.append(any ? "\n" : "").append(field, from, field.length());
                any = true;
            }
        }
    }

    /** A line without its end, which is CR, LF or both; null at the end of the body. */
    private @Nullable String line() throws IOException {
        line.reset();
        for (; ; ) {
            int next = answer.read();
            if (next < 0) {
                return null;
            }
            boolean secondHalf = next == '\n' && lastWasReturn;
            lastWasReturn = next == '\r';
            if (secondHalf) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
            if (line.size() > LONGEST_LINE) {
                throw new ProtocolException("an event has no end");
            }
        }
    }
}
