package org.scout4j.server.completions;

import java.util.List;
import org.scout4j.ChatStream;

/** One answer that is made to its end, for a reply that holds the answers to several requests. */
public final class LoneAnswer implements AutoCloseable {
    private final GenerationRun run;
    private final AnswerCollector collector = new AnswerCollector(1);
    private final int promptTokens;

    LoneAnswer(ChatStream stream) {
        this.run = new GenerationRun(List.of(stream));
        this.promptTokens = stream.promptTokens();
    }

    /**
     * Waits for it.
     *
     * @throws org.scout4j.error.ScoutException if it fails, or is closed by another thread
     */
    public Answer await() {
        run.tell(collector);
        return collector.answers().getFirst();
    }

    /** The tokens so far. */
    public TokenCount tokens() {
        Answer answer = collector.answers().getFirst();
        return new TokenCount(
                promptTokens,
                answer.ended() ? answer.end().usage().cachedTokens() : 0,
                answer.ended() ? answer.end().usage().imageTokens() : 0,
                answer.ended() ? answer.end().usage().completionTokens() : run.made(0));
    }

    /** Cancels it if it has not ended; from any thread. */
    @Override
    public void close() {
        run.close();
    }
}
