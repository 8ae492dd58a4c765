package org.scout4j.tokenizer;

import java.util.Set;

/**
 * Text to token ids and back. Immutable and thread-safe.
 *
 * <p>Safety rule (spec "Tokenizer" §5): {@link #encode(CharSequence)} never yields a control token,
 * whatever the text contains. Control tokens enter a prompt as ids, put there by the code that
 * renders it. Only raw endpoints call {@link #encodeWithSpecials}.
 */
public interface Tokenizer {

    /** Number of token ids, special ones included. */
    int vocabularySize();

    /** Token ids of a text in which nothing is special. A lone surrogate becomes U+FFFD. */
    int[] encode(CharSequence text);

    /**
     * As {@link #encode}, but the texts of these special tokens stand for their ids: from left to
     * right, the longest at each place. Names that the vocabulary lacks have no effect.
     */
    int[] encodeWithSpecials(CharSequence text, Set<String> allowed);

    /**
     * The bytes of one token; for a special token, the UTF-8 bytes of its name. The array is a
     * copy.
     *
     * @throws IllegalArgumentException if the id is outside the vocabulary
     */
    byte[] bytes(int token);

    /**
     * The text of these tokens, special tokens left out; malformed UTF-8 becomes U+FFFD. The same
     * text that {@link #streamingDecoder()} gives piece by piece.
     *
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    String decode(int... tokens);

    /** The special tokens. */
    SpecialTokens special();

    /** A decoder that emits whole characters only and no specials, for one stream of tokens. */
    default StreamingDecoder streamingDecoder() {
        return streamingDecoder(false);
    }

    /**
     * A decoder that emits whole characters only, for one stream of tokens.
     *
     * @param showSpecials whether special tokens come out as their names or not at all
     */
    default StreamingDecoder streamingDecoder(boolean showSpecials) {
        return new Utf8StreamingDecoder(this, showSpecials);
    }
}
