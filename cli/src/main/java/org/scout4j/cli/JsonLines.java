package org.scout4j.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.ScoutException;

/**
 * Answers each line of standard input by one line, at once, so that another program can hold a
 * dialogue. Blank lines are skipped; a bad line gets an error for its answer and the next is read.
 */
final class JsonLines {
    private final Surroundings here;

    JsonLines(Surroundings here) {
        this.here = here;
    }

    /**
     * Reads to the end.
     *
     * @return the exit code: 2 if a line could not be used
     */
    int answerAll(LineAnswer answer) {
        InputStream in = new BufferedInputStream(here.in(), 1 << 16);
        int exit = ExitCodes.OK;
        int number = 0;
        byte[] line = nextLine(in);
        while (line != null) {
            number++;
            if (!blank(line)) {
                exit = Math.max(exit, answer(answer, line, number));
            }
            line = nextLine(in);
        }
        return exit;
    }

    private int answer(LineAnswer answer, byte[] line, int number) {
        int exit = ExitCodes.OK;
        String text;
        try {
            text = JsonText.object(answer.answer(decode(line))::write);
        } catch (ScoutException e) {
            text = error(e, number);
            exit = ExitCodes.USAGE;
        }
        here.out().println(text);
        here.out().flush();
        return exit;
    }

    private static String decode(byte[] line) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidRequest(null, "The line is not UTF-8.");
        }
    }

    private static String error(ScoutException failure, int number) {
        return JsonText.object(generator -> {
            generator.writeObjectPropertyStart("error");
            generator.writeStringProperty("code", ExitCodes.name(failure));
            generator.writeStringProperty("message", failure.getMessage());
            if (failure instanceof InvalidRequest invalid && invalid.param().isPresent()) {
                generator.writeStringProperty("param", invalid.param().get());
            }
            generator.writeNumberProperty("line", number);
            generator.writeEndObject();
        });
    }

    /** The bytes up to the next line feed; null at the end. */
    private static byte @Nullable [] nextLine(InputStream in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            while (next >= 0 && next != '\n') {
                line.write(next);
                next = in.read();
            }
        } catch (IOException e) {
            throw new InvalidRequest(
                    "stdin", "Standard input cannot be read: " + IoReason.of(e) + ".");
        }
        return line.toByteArray();
    }

    private static boolean blank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
