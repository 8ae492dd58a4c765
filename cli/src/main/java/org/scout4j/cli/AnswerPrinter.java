package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.scout4j.ChatEvent;
import org.scout4j.ChatResult;
import org.scout4j.ChatStream;
import org.scout4j.error.Cancelled;

/** Prints an answer while it is made, and how far the prompt has been read before that. */
final class AnswerPrinter {
    private final Output out;
    private final StatusLine status;
    private final boolean streaming;

    /**
     * @param streaming print each piece at once; otherwise the caller prints the result
     */
    AnswerPrinter(Output out, StatusLine status, boolean streaming) {
        this.out = out;
        this.status = status;
        this.streaming = streaming;
    }

    /**
     * What came.
     *
     * @param stopped whether it was stopped before its end
     * @param promptTokens tokens of the prompt, if their log-probabilities were asked for
     */
    record Answer(ChatResult result, boolean stopped, List<ChatEvent.PromptToken> promptTokens) {
        Answer {
            promptTokens = List.copyOf(promptTokens);
        }
    }

    /** Reads the stream to its end, or until Ctrl-C. */
    Answer print(ChatStream stream, Interruption interruption) {
        List<ChatEvent.PromptToken> promptTokens = new ArrayList<>();
        boolean stopped = false;
        try (Interruption.Registration stopping = interruption.onRaise(stream::close)) {
            for (ChatEvent event : stream) {
                switch (event) {
                    case ChatEvent.Prefill(int done, int total) when done < total ->
                            status.show(reading(done, total));
                    case ChatEvent.PromptToken token -> promptTokens.add(token);
                    case ChatEvent.Text text -> show(text.text());
                    default -> {}
                }
            }
        } catch (Cancelled e) {
            stopped = true;
        } finally {
            status.clear();
        }
        return new Answer(stream.partial(), stopped, promptTokens);
    }

    private void show(String text) {
        status.clear();
        if (streaming && !text.isEmpty()) {
            out.print(text);
            out.flush();
        }
    }

    /** E.g. {@code reading prompt 4 096/18 203 (22 %)}. */
    static String reading(int done, int total) {
        return String.format(
                        Locale.ROOT,
                        "reading prompt %,d/%,d (%d %%)",
                        done,
                        total,
                        100L * done / total)
                .replace(',', ' ');
    }
}
