package org.scout4j.tokenizer;

/**
 * How a tokenizer is built, where the files leave a choice.
 *
 * @param segmentCap cut very long texts, and very long runs with or without white space, before
 *     they are encoded, as the tokenizers of Meta's models do (spec "Tokenizer" §2.2). Without it
 *     such texts give the ids of Hugging Face and llama.cpp. Without effect on other vocabularies.
 */
public record TokenizerOptions(boolean segmentCap) {
    /** What the models' owners do. */
    public static final TokenizerOptions DEFAULT = new TokenizerOptions(true);
}
