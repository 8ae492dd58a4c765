package org.scout4j.cli.load;

import java.util.Random;

/**
 * What is asked, drawn from a seed: the same workload gives the same requests byte for byte.
 *
 * @param prompt lengths of prompts, as the server counts them
 * @param answer lengths of answers
 * @param sharedPrefix tokens at the start of a prompt's text that it shares with its group
 * @param prefixGroups how many different shared prefixes there are; request i uses prefix i mod
 *     this
 */
public record Workload(
        long seed,
        TokenDistribution prompt,
        TokenDistribution answer,
        int sharedPrefix,
        int prefixGroups) {

    /**
     * How many tokens a text of words becomes.
     *
     * @param perWord tokens a word
     * @param overhead tokens that the server puts around a text: the chat format
     */
    public record TokenRate(double perWord, double overhead) {
        /** A guess for English words, for servers that do not tell. */
        static final TokenRate GUESS = new TokenRate(1.2, 0);

        private int words(double tokens) {
            return (int) Math.max(1, Math.round(tokens / perWord));
        }
    }

    /** One request: its text, and the lengths that were drawn for it. */
    record Work(String text, int promptTokens, int answerTokens) {}

    /**
     * One request.
     *
     * @param epoch which of several runs; no two share a text
     */
    Work work(TokenRate rate, long epoch, int index) {
        Random lengths = Draws.of(seed, Draws.Purpose.LENGTHS, epoch, index);
        int promptTokens = prompt.sample(lengths);
        int answerTokens = answer.sample(lengths);
        int words = rate.words(promptTokens - rate.overhead());
        Random own = Draws.of(seed, Draws.Purpose.PROMPT, epoch, index);
        if (sharedPrefix == 0) {
            return new Work(SyntheticText.words(own, words), promptTokens, answerTokens);
        }
        int prefixWords = rate.words(sharedPrefix);
        Random shared = Draws.of(seed, Draws.Purpose.PREFIX, epoch, index % prefixGroups);
        String text =
                SyntheticText.words(shared, prefixWords)
                        + ". "
                        + SyntheticText.words(own, Math.max(1, words - prefixWords));
        return new Work(text, promptTokens, answerTokens);
    }

    /** The length that was drawn for the prompt of one request. */
    int promptTokens(long epoch, int index) {
        return prompt.sample(Draws.of(seed, Draws.Purpose.LENGTHS, epoch, index));
    }

    /** A text that no request shares its beginning with. */
    String probe(int index, int words) {
        return SyntheticText.words(Draws.of(seed, Draws.Purpose.PROBE, 0, index), words);
    }
}
