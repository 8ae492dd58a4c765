package org.scout4j.cli.load;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.scout4j.cli.load.Outcome.Fault;

/**
 * One request for a streamed answer, on a connection of its own: keeping connections would let a
 * server's idle ones hold its threads, and a stale one look like a failure. The time to the first
 * token therefore includes connecting.
 *
 * @param zeroNanos {@link System#nanoTime} that the outcome's times count from
 */
record OneRequest(Target target, byte[] body, int answerTokens, Duration timeout, long zeroNanos) {
    private static final int LONGEST_ERROR = 64 << 10;

    /**
     * Sends it and reads its answer. Never throws: a failure is an outcome.
     *
     * @param socket what to connect; closing it ends the request
     * @param scheduledNanos {@link System#nanoTime} when it should have been sent
     */
    Outcome send(int index, Socket socket, long scheduledNanos) {
        AnswerEvents events = new AnswerEvents();
        long started = System.nanoTime();
        long ended;
        Fault fault;
        boolean answering = false;
        try (Wire wire = Wire.connect(socket, target, started + timeout.toNanos())) {
            HttpAnswer answer = HttpAnswer.of(wire, target, "POST", target.answers(), body);
            answering = answer.status() == 200;
            fault = read(answer, events);
            ended = wire.arrivedNanos();
        } catch (IOException | RuntimeException e) {
            ended = System.nanoTime();
            fault = fault(e, answering);
        }
        return new Outcome(
                index,
                scheduledNanos - zeroNanos,
                started - zeroNanos,
                ended - zeroNanos,
                events.contents(),
                answerTokens,
                events.usage(),
                events.finish(),
                fault);
    }

    private @Nullable Fault read(HttpAnswer answer, AnswerEvents events) throws IOException {
        if (answer.status() != 200) {
            String said = PlainWords.ofErrorBody(answer.text(LONGEST_ERROR));
            return Fault.http(answer.status(), said);
        }
        String type = answer.header("content-type").toLowerCase(Locale.ROOT);
        if (!type.startsWith("text/event-stream")) {
            return new Fault(Fault.MALFORMED, "the answer is not a stream of events");
        }
        ServerEvents stream = new ServerEvents(answer);
        for (String data = stream.next(); data != null; data = stream.next()) {
            if (data.equals("[DONE]")) {
                return events.verdict(true, answerTokens);
            }
            events.accept(data, answer.arrivedNanos() - zeroNanos);
        }
        return events.verdict(false, answerTokens);
    }

    private static Fault fault(Exception failure, boolean answering) {
        String said = PlainWords.ofFailure(failure);
        return switch (failure) {
            case SocketTimeoutException late -> new Fault(Fault.TIMEOUT, said);
            case ProtocolException odd -> new Fault(Fault.MALFORMED, said);
            case IOException broken when answering -> new Fault(Fault.CUT_STREAM, said);
            case IOException broken -> new Fault(Fault.CONNECTION, said);
            default -> new Fault(Fault.MALFORMED, "the answer cannot be read");
        };
    }
}
