package org.scout4j.tokenizer;

import org.scout4j.checkpoint.TokenizerData;

/** Builds the tokenizer for a checkpoint's data. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * @throws org.scout4j.error.VerificationFailed if the data is damaged, or asks for a
     *     pre-tokenizer that scout4j does not know (a wrong split is a silent loss of quality)
     * @throws org.scout4j.error.ModelNotFound if there is no tokenizer data
     */
    public static Tokenizer load(TokenizerData data) {
        throw new UnsupportedOperationException("load " + data);
    }
}
