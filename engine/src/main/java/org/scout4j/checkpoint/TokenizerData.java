package org.scout4j.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a tokenizer's tables lie; the {@code tokenizer} room reads them. */
public sealed interface TokenizerData {

    /** Hugging Face {@code tokenizer.json}. */
    record HuggingFace(Path file) implements TokenizerData {}

    /** tiktoken {@code tokenizer.model}: lines of base64 and rank. */
    record Tiktoken(Path file) implements TokenizerData {}

    /**
     * The {@code tokenizer.ggml.*} keys of a GGUF file.
     *
     * @param file the file, for messages
     * @param model {@code tokenizer.ggml.model}, e.g. {@code gpt2}
     * @param preTokenizer {@code tokenizer.ggml.pre}, e.g. {@code llama4}
     * @param tokens token texts in the GPT-2 byte alphabet; id = index
     * @param tokenTypes 1 normal, 3 control, 4 user-defined, 5 unused, 6 byte; empty when absent
     * @param merges {@code "a b"} in priority order
     */
    record Gguf(
            Path file,
            String model,
            Optional<String> preTokenizer,
            List<String> tokens,
            List<Integer> tokenTypes,
            List<String> merges,
            Optional<Integer> bosToken,
            Optional<Integer> eosToken,
            Optional<Integer> endOfTurnToken,
            Optional<Boolean> addBos)
            implements TokenizerData {}

    /** The checkpoint carries no tokenizer: it can compute token ids only. */
    record None(Path searched) implements TokenizerData {}
}
