package org.scout4j.tokenizer;

/**
 * Turns the tokens of one stream into text as they come. Only whole characters are emitted: at most
 * three bytes are held back until the character is complete (spec "Tokenizer" §3). Not thread-safe.
 */
public interface StreamingDecoder {

    /**
     * Takes one token and returns the characters that became complete; often empty. A special token
     * first flushes what was held back; it adds its name where specials are shown, else nothing.
     *
     * @throws IllegalArgumentException if the id is outside the vocabulary
     */
    String accept(int token);

    /** Ends the stream: an incomplete character comes out as U+FFFD. */
    String flush();
}
