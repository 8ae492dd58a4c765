package org.scout4j.scheduler;

import org.scout4j.cache.PageTable;
import org.scout4j.cache.PrefixIndex;
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
    private final Placement placement;

    /** Set when it is added: when its turn is due, and its place among those of the same turn. */
    private long due;

    private long number;

    /** Prompt positions that have been computed at some time, though perhaps not held any more. */
    private int promptSeen;

    private int cachedTokens;

    /** Positions that it began with, from the cache. */
    private int found;

    /** Whether it has computed anything, now or before a pre-emption. */
    private boolean worked;

    private boolean paused;
    private boolean ended;

    /** Whether pages for its next token are set aside in the step being planned. */
    boolean secured;

    /** Rows of its prompt in the step being planned. */
    int share;

    /** How many that came later were admitted before it because it did not fit. */
    int overtaken;

    /** Makes a sequence that holds no page yet and shares none. */
    public Sequence(TokenHistory history, PageTable table, int maxTokens, boolean promptLogits) {
        this(history, table, maxTokens, promptLogits, Placement.ALONE);
    }

    /**
     * Makes a sequence that holds no page yet.
     *
     * @param history begins with the prompt, at least one token
     * @param table empty
     * @param maxTokens most tokens in the answer; 0 = the prompt is computed and nothing chosen
     * @param promptLogits whether the logits of all prompt positions are wanted
     * @param placement where it stands among others
     */
    public Sequence(
            TokenHistory history,
            PageTable table,
            int maxTokens,
            boolean promptLogits,
            Placement placement) {
        if (history.promptLength() < 1 || maxTokens < 0) {
            throw new IllegalArgumentException(
                    "prompt of " + history.promptLength() + ", answer of " + maxTokens);
        }
        this.history = history;
        this.table = table;
        this.maxTokens = maxTokens;
        this.promptLogits = promptLogits;
        this.placement = placement;
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

    /** Prompt tokens that it found in the cache when it began. */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** A paused sequence is not planned; it keeps its pages until others need them. */
    public void pause(boolean pause) {
        paused = pause;
    }

    public boolean paused() {
        return paused;
    }

    Placement placement() {
        return placement;
    }

    void arrive(long dueStep, long arrival) {
        due = dueStep;
        number = arrival;
    }

    /** The one whose turn comes first; the order never changes. */
    static int inTurn(Sequence a, Sequence b) {
        int byTurn = Long.compare(a.due, b.due);
        return byTurn != 0 ? byTurn : Long.compare(a.number, b.number);
    }

    /** Whether it may run at all now: someone reads it, and nobody computes its prompt for it. */
    boolean ready() {
        Sequence leader = placement.leader();
        return !paused
                && (leader == null
                        || leader.ended
                        || leader.promptSeen == leader.history.promptLength());
    }

    /**
     * Begins or begins again, with what the prefix index has. At least the last token is always
     * computed, for its logits; all of the prompt, if its logits are wanted and have not been seen.
     */
    void begin(PrefixIndex prefixes) {
        String salt = placement.prefixSalt();
        if (salt != null && !(promptLogits && promptSeen < history.promptLength())) {
            prefixes.match(salt, history.tokens(), history.length() - 1, table);
        }
        found = table.length();
    }

    /** Whether it has computed nothing since it began. */
    boolean untouched() {
        return table.length() == found;
    }

    /** Begins once more: the cache may hold more by now. */
    void beginAgain(PrefixIndex prefixes) {
        table.release();
        begin(prefixes);
        noteCached();
    }

    /** Begins without anything from the cache. */
    void beginWithNothing() {
        table.release();
        found = 0;
        noteCached();
    }

    /** It has been admitted; until it computes anything, what it holds is what the cache saved. */
    void admitted() {
        noteCached();
    }

    private void noteCached() {
        if (!worked) {
            cachedTokens = table.length();
        }
    }

    /** The step before has computed everything up to the table's length. */
    void noteComputed() {
        worked |= !untouched();
        promptSeen = Math.max(promptSeen, Math.min(table.length(), history.promptLength()));
    }

    void end() {
        ended = true;
        table.release();
    }

    /**
     * Keeps its full pages for others. Only when the logits of the last computed position were
     * finite: broken keys or values would show there, and must not spread (spec "Reliability"
     * P-12).
     */
    public void keep(PrefixIndex prefixes) {
        String salt = placement.prefixSalt();
        if (salt != null) {
            prefixes.keep(salt, history.tokens(), table);
        }
    }

    /** Whether each of the next rows yields logits, not only the last. */
    boolean wantsAllLogits() {
        return promptLogits && promptSeen < history.promptLength();
    }

    /**
     * Which logits are wanted if the next {@code count} tokens are computed. Of a piece that others
     * may come to share the last ones are, to see that it is sound.
     */
    LogitRows wantedLogits(int count) {
        if (wantsAllLogits()) {
            return LogitRows.ALL;
        }
        boolean chooses = count == pending() && maxTokens > 0;
        return chooses || placement.prefixSalt() != null ? LogitRows.LAST : LogitRows.NONE;
    }
}
