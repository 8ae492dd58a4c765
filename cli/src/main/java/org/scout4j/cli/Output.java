package org.scout4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Text to standard output or standard error, always UTF-8 whatever the locale. Nobody reading any
 * more is {@link OutputClosed}, so that a command stops working for nobody.
 */
final class Output {
    private final OutputStream stream;

    Output(OutputStream stream) {
        this.stream = stream;
    }

    void print(String text) {
        try {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }

    void println(String text) {
        print(text + "\n");
    }

    void flush() {
        try {
            stream.flush();
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }

    /** For picocli, which writes help. */
    PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
