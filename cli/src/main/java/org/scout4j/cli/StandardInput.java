package org.scout4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.scout4j.error.InvalidRequest;

/** Standard input that is not a terminal, read as a whole. */
final class StandardInput {
    private static final int PATIENCE_SECONDS = 3;

    private StandardInput() {}

    /**
     * All of it as UTF-8, without the line end that a shell puts last. Says after some seconds what
     * it waits for: an open pipe that nobody writes to looks like a hang.
     */
    static String readAll(Surroundings here) {
        CountDownLatch read = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> mentionWaiting(read, here.err()));
        try {
            return withoutLastLineEnd(new String(allBytes(here.in()), StandardCharsets.UTF_8));
        } finally {
            read.countDown();
        }
    }

    private static byte[] allBytes(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new InvalidRequest(
                    "stdin", "Standard input cannot be read: " + e.getMessage() + ".");
        }
    }

    private static String withoutLastLineEnd(String text) {
        int end = text.length();
        if (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
            if (end > 0 && text.charAt(end - 1) == '\r') {
                end--;
            }
        }
        return text.substring(0, end);
    }

    private static void mentionWaiting(CountDownLatch read, Output err) {
        try {
            if (!read.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                err.println(
                        "Waiting for the end of standard input (Ctrl-D; add < /dev/null if there is"
                                + " none).");
                err.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
