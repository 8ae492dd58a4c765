package org.scout4j.scheduler;

import org.scout4j.cache.PageTable;
import org.scout4j.model.Batch.LogitRows;
import org.scout4j.sampling.TokenHistory;

/**
 * One request on its way through the engine: its tokens, its cache pages, and how far the former
 * are stored in the latter. Data with a few derived numbers; whoever runs it moves it on.
 *
 * <p>What is pending follows from the two lengths alone: a fresh prompt, a prompt half computed, a
 * single new token, or everything again after the pages were given back.
 */
public final class Sequence {
    private final TokenHistory history;
    private final PageTable table;
    private final int maxTokens;
    private final boolean promptLogits;

    /**
     * Makes a sequence that holds no page yet.
     *
     * @param history begins with the prompt, at least one token
     * @param table empty
     * @param maxTokens most tokens in the answer; 0 = the prompt is computed and nothing chosen
     * @param promptLogits whether the logits of all prompt positions are wanted
     */
    public Sequence(TokenHistory history, PageTable table, int maxTokens, boolean promptLogits) {
        if (history.promptLength() < 1 || maxTokens < 0) {
            throw new IllegalArgumentException(
                    "prompt of " + history.promptLength() + ", answer of " + maxTokens);
        }
        this.history = history;
        this.table = table;
        this.maxTokens = maxTokens;
        this.promptLogits = promptLogits;
    }

    public TokenHistory history() {
        return history;
    }

    public PageTable table() {
        return table;
    }

    public int maxTokens() {
        return maxTokens;
    }

    /** Tokens whose keys and values are in the cache. */
    public int computed() {
        return table.length();
    }

    /** Tokens still to be computed before the next one can be chosen. */
    public int pending() {
        return history.length() - table.length();
    }

    /** Positions that it may come to store; the last token of the answer is never computed. */
    int mostPositions() {
        return Math.addExact(history.promptLength(), Math.max(0, maxTokens - 1));
    }

    /** Whether each of the next rows yields logits, not only the last. */
    boolean wantsAllLogits() {
        return promptLogits && computed() < history.promptLength();
    }

    /** Which logits are wanted if the next {@code count} tokens are computed. */
    LogitRows wantedLogits(int count) {
        if (wantsAllLogits()) {
            return LogitRows.ALL;
        }
        return count == pending() && maxTokens > 0 ? LogitRows.LAST : LogitRows.NONE;
    }
}
