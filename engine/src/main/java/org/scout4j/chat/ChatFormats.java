package org.scout4j.chat;

import java.util.Optional;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.tokenizer.Tokenizer;

/** Chooses the chat format of a checkpoint. */
public final class ChatFormats {
    private ChatFormats() {}

    /**
     * Llama 4's own format for its published vocabulary; otherwise the template that the checkpoint
     * carries; otherwise Llama 4's format if the vocabulary has its control tokens.
     *
     * @return empty for a base model without any chat format
     */
    public static Optional<ChatFormat> choose(Checkpoint checkpoint, Tokenizer tokenizer) {
        throw new UnsupportedOperationException(checkpoint + " " + tokenizer);
    }
}
