package org.scout4j.cli.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one HTTP/1.1 request on a connection of its own. A body is framed by chunks, by its
 * length or by the end of the connection; one that ends too early is an {@link EOFException}.
 */
final class HttpAnswer {
    private static final int LONGEST_LINE = 64 << 10;
    private static final int MOST_HEADERS = 200;
    private static final long TO_THE_END = Long.MAX_VALUE;

    private final Wire wire;
    private final int status;
    private final Map<String, String> headers;
    private final boolean chunked;
    private long left; // bytes of the body, or of its current chunk
    private boolean ended;

    private HttpAnswer(Wire wire, int status, Map<String, String> headers)
            throws ProtocolException {
        this.wire = wire;
        this.status = status;
        this.headers = headers;
        this.chunked =
                headers.getOrDefault("transfer-encoding", "")
                        .toLowerCase(Locale.ROOT)
                        .contains("chunked");
        String length = headers.get("content-length");
        this.left = chunked ? 0 : length == null ? TO_THE_END : number(length, 10);
    }

    /** Sends a request and reads the head of its answer. */
    static HttpAnswer of(
            Wire wire, Target target, String method, String path, byte @Nullable [] body)
            throws IOException {
        wire.write(request(target, method, path, body));
        for (; ; ) {
            int status = status(line(wire));
            Map<String, String> headers = headers(wire);
            if (status >= 200) { // else a note before the answer, such as 100 Continue
                return new HttpAnswer(wire, status, headers);
            }
        }
    }

    private static byte[] request(
            Target target, String method, String path, byte @Nullable [] body) {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(target.url().getRawAuthority()).append("\r\n");
        head.append("User-Agent: scout4j-bench\r\n");
        head.append("Accept: text/event-stream, application/json\r\n");
        head.append("Connection: close\r\n");
        if (target.key() != null) {
            head.append("Authorization: Bearer ").append(target.key()).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Type: application/json\r\n");
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (body != null) {
            bytes.writeBytes(body);
        }
        return bytes.toByteArray();
    }

    int status() {
        return status;
    }

    /** A header by its name in lower case, or an empty text. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The next byte of the body, or −1 at its end. */
    int read() throws IOException {
        if (left == 0 && !ended) {
            ended = !chunked || !nextChunk();
        }
        if (ended) {
            return -1;
        }
        if (left == TO_THE_END) {
            return wire.read();
        }
        int next = wire.demand();
        left--;
        if (chunked && left == 0) {
            line(wire); // the line end behind a chunk
        }
        return next;
    }

    private boolean nextChunk() throws IOException {
        String line = line(wire);
        int semicolon = line.indexOf(';');
        left = number(semicolon < 0 ? line : line.substring(0, semicolon), 16);
        return left > 0;
    }

    /** The body as text, or so much of it as the limit allows. */
    String text(int mostBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = read(); next >= 0 && bytes.size() < mostBytes; next = read()) {
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** {@link System#nanoTime} when the byte read last had come. */
    long arrivedNanos() {
        return wire.arrivedNanos();
    }

    private static int status(String line) throws ProtocolException {
        boolean http = line.startsWith("HTTP/1.") && line.length() >= 12;
        if (!http) {
            throw new ProtocolException("the server does not speak HTTP/1.1");
        }
        return (int) number(line.substring(9, 12), 10);
    }

    private static Map<String, String> headers(Wire wire) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < MOST_HEADERS; i++) {
            String line = line(wire);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.put(name, line.substring(colon + 1).strip());
            }
        }
        throw new ProtocolException("the answer has more than " + MOST_HEADERS + " headers");
    }

    private static String line(Wire wire) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = wire.demand(); next != '\n'; next = wire.demand()) {
            line.append((char) next);
            if (line.length() > LONGEST_LINE) {
                throw new ProtocolException("a line of the answer's head has no end");
            }
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
                ? line.substring(0, end - 1)
                : line.toString();
    }

    private static long number(String text, int radix) throws ProtocolException {
        try {
            long number = Long.parseLong(text.strip(), radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new ProtocolException("the server sent '" + text + "' where a number belongs");
    }
}
