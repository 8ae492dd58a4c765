package org.scout4j.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ObjectNode;

/** A client that sends a request and leaves without a word, at a moment drawn from a seed. */
final class DroppingClient {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int IMPATIENCE_MILLIS = 200;

    private DroppingClient() {}

    /**
     * Sends a request, reads a random part of the reply (perhaps nothing), and closes: by FIN, or
     * by RST as a killed process would.
     */
    static void sendAndDrop(URI server, ObjectNode request, SplittableRandom random)
            throws IOException {
        boolean stream = random.nextInt(4) > 0;
        ObjectNode body = request.deepCopy().put("stream", stream);
        byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
        String head =
                "POST "
                        + Requests.path(request)
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\n"
                        + "Content-Length: "
                        + json.length
                        + "\r\n\r\n";
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            // Of a whole answer nothing comes before its end: who waits for it leaves on the way.
            socket.setSoTimeout(stream ? PATIENCE_MILLIS : 1 + random.nextInt(IMPATIENCE_MILLIS));
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
            }
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            int sent = random.nextInt(20) == 0 ? random.nextInt(json.length) : json.length;
            socket.getOutputStream().write(json, 0, sent);
            if (sent == json.length && random.nextInt(3) > 0) {
                read(socket.getInputStream(), random.nextInt(2_000));
            }
        }
    }

    private static void read(InputStream in, int bytes) throws IOException {
        byte[] buffer = new byte[512];
        try {
            for (int left = bytes; left > 0; ) {
                int count = in.read(buffer, 0, Math.min(left, buffer.length));
                if (count < 0) {
                    return;
                }
                left -= count;
                if (!in.markSupported() && in.available() == 0 && left < bytes / 2) {
                    return;
                }
            }
        } catch (SocketTimeoutException e) {
            // Impatient.
        } catch (SocketException e) {
            // The server has refused the request and closed first: also a way to end.
        }
    }
}
