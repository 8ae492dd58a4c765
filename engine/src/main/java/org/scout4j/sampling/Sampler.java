package org.scout4j.sampling;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;

/**
 * Chooses tokens as one request wants them: a chain of processors in a fixed order and a draw. It
 * keeps no state, so the token depends on the logits, the history and the seed alone.
 *
 * <p>Order: banned tokens, logit bias, repetition penalty, presence and frequency penalty, the
 * grammar's mask, temperature, top-k, top-p, min-p, draw. Processors that are off are left out.
 * With temperature 0 the token is the one with the largest logit after the penalties, lowest id
 * among equals: no filter could change that.
 */
public final class Sampler {
    /** Those before the grammar's mask, and those after it. */
    private final LogitProcessor[] changes;

    private final LogitProcessor[] filters;
    private final boolean greedy;
    private final boolean counting;
    private final RandomBits bits;

    private Sampler(
            SamplingParameters parameters,
            int choice,
            List<LogitProcessor> changes,
            List<LogitProcessor> filters) {
        this.changes = changes.toArray(LogitProcessor[]::new);
        this.filters = filters.toArray(LogitProcessor[]::new);
        this.greedy = parameters.temperature() == 0;
        this.counting = penalisesRepetition(parameters) || penalisesAnswer(parameters);
        this.bits = RandomBits.ofChoice(parameters.seed(), choice);
    }

    /** The chain for the only answer, or the first, to a request. */
    public static Sampler of(
            SamplingParameters parameters, Collection<Integer> bannedTokens, int vocabulary) {
        return of(parameters, 0, bannedTokens, vocabulary);
    }

    /**
     * Builds the chain for a request.
     *
     * @param choice which of several answers it serves, from 0: each has random numbers of its own
     * @param bannedTokens tokens that are never chosen
     * @param vocabulary number of token ids
     * @throws InvalidRequest if the bias names a token outside the vocabulary
     */
    public static Sampler of(
            SamplingParameters parameters,
            int choice,
            Collection<Integer> bannedTokens,
            int vocabulary) {
        List<LogitProcessor> changes = new ArrayList<>();
        if (!bannedTokens.isEmpty()) {
            changes.add(banned(bannedTokens, vocabulary));
        }
        if (!parameters.logitBias().isEmpty()) {
            changes.add(bias(parameters, vocabulary));
        }
        if (penalisesRepetition(parameters)) {
            changes.add(new RepetitionPenalty(parameters.repetitionPenalty()));
        }
        if (penalisesAnswer(parameters)) {
            changes.add(
                    new AnswerPenalty(parameters.presencePenalty(), parameters.frequencyPenalty()));
        }
        List<LogitProcessor> filters = new ArrayList<>();
        if (parameters.temperature() > 0) {
            filters.add(new Temperature(parameters.temperature()));
            if (parameters.topK() > 0) {
                filters.add(new TopK(parameters.topK()));
            }
            if (parameters.topP() < 1) {
                filters.add(new TopP(parameters.topP()));
            }
            if (parameters.minP() > 0) {
                filters.add(new MinP(parameters.minP()));
            }
        }
        return new Sampler(parameters, choice, changes, filters);
    }

    private static boolean penalisesRepetition(SamplingParameters parameters) {
        return parameters.repetitionPenalty() != 1;
    }

    private static boolean penalisesAnswer(SamplingParameters parameters) {
        return parameters.presencePenalty() != 0 || parameters.frequencyPenalty() != 0;
    }

    private static BannedTokens banned(Collection<Integer> bannedTokens, int vocabulary) {
        int[] tokens = bannedTokens.stream().mapToInt(Integer::intValue).sorted().toArray();
        if (tokens[0] < 0 || tokens[tokens.length - 1] >= vocabulary) {
            throw new IllegalArgumentException("banned token outside the vocabulary");
        }
        return new BannedTokens(tokens);
    }

    private static LogitBias bias(SamplingParameters parameters, int vocabulary) {
        TreeMap<Integer, Float> sorted = new TreeMap<>(parameters.logitBias());
        if (sorted.lastKey() >= vocabulary) {
            throw new InvalidRequest(
                    "logit_bias",
                    "logit_bias names token "
                            + sorted.lastKey()
                            + "; the vocabulary ends at "
                            + (vocabulary - 1)
                            + ".");
        }
        int[] tokens = new int[sorted.size()];
        float[] biases = new float[sorted.size()];
        int index = 0;
        for (var entry : sorted.entrySet()) {
            tokens[index] = entry.getKey();
            biases[index++] = entry.getValue();
        }
        return new LogitBias(tokens, biases);
    }

    /**
     * A history for a sequence that this sampler serves; it counts tokens only if a penalty needs
     * it.
     */
    public TokenHistory history(int[] prompt) {
        return counting ? TokenHistory.counting(prompt) : TokenHistory.of(prompt);
    }

    /** As {@link #sample(LogitRow, TokenHistory, long[])}, from all tokens. */
    public int sample(LogitRow row, TokenHistory history) {
        return sample(row, history, null);
    }

    /**
     * Chooses the token that follows the history. Draw number i serves the answer's i-th token.
     *
     * @param row the model's logits for it; changed in the process
     * @param history made by {@link #history}; not changed
     * @param allowed the only tokens that may be chosen, 64 ids a word, lowest id in the lowest
     *     bit; null = all
     * @throws NonFiniteLogits if the row has a NaN or +∞, or no token above −∞ is left in it
     */
    public int sample(LogitRow row, TokenHistory history, long @Nullable [] allowed) {
        row.requireFinite();
        for (LogitProcessor change : changes) {
            change.apply(row, history);
        }
        if (allowed != null) {
            row.keepOnly(allowed);
        }
        for (LogitProcessor filter : filters) {
            filter.apply(row, history);
        }
        return greedy ? row.best() : row.draw(bits.at(history.answerLength()));
    }
}
