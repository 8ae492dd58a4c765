package org.scout4j.checkpoint.gguf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.TokenizerData;

/** The {@code tokenizer.ggml.*} keys (spec "Tokenizer" §6). */
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String TOKENS = PREFIX + "tokens";
    private static final String TYPES = PREFIX + "token_type";
    private static final long MOST_MERGES = 1 << 21;
    private static final int CONTROL = 3;

    /** Tokens that end a generation, by name, in Llama 4 and in Llama 3. */
    private static final Set<String> ENDS =
            Set.of("<|end_of_text|>", "<|eom|>", "<|eot|>", "<|eom_id|>", "<|eot_id|>");

    private GgufTokenizer() {}

    static TokenizerData read(Path file, GgufMetadata metadata) {
        Optional<String> model = metadata.string(PREFIX + "model");
        if (model.isEmpty() || !metadata.has(TOKENS)) {
            return new TokenizerData.None(file);
        }
        List<String> tokens = metadata.strings(TOKENS, ModelLimit.VOCABULARY.most());
        List<Integer> types =
                metadata.integers(TYPES, 0, Byte.MAX_VALUE, ModelLimit.VOCABULARY.most()).stream()
                        .map(Long::intValue)
                        .toList();
        if (!types.isEmpty() && types.size() != tokens.size()) {
            throw metadata.failure(
                    TYPES + " has " + types.size() + " elements, expected " + tokens.size());
        }
        return new TokenizerData.Gguf(
                file,
                model.get(),
                metadata.string(PREFIX + "pre"),
                tokens,
                types,
                metadata.strings(PREFIX + "merges", MOST_MERGES),
                token(metadata, "bos_token_id"),
                token(metadata, "eos_token_id"),
                token(metadata, "eot_token_id"),
                metadata.flag(PREFIX + "add_bos_token"));
    }

    /** The token that begins a sequence. */
    static Optional<Integer> begin(GgufMetadata metadata) {
        return token(metadata, "bos_token_id");
    }

    /** Tokens that end a generation: those that keys name, then control tokens of known names. */
    static List<Integer> ends(GgufMetadata metadata, TokenizerData data) {
        Set<Integer> ends = new LinkedHashSet<>();
        for (String key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
            token(metadata, key).ifPresent(ends::add);
        }
        if (data instanceof TokenizerData.Gguf tables) {
            List<Integer> types = tables.tokenTypes();
            for (int token = 0; token < types.size(); token++) {
                if (types.get(token) == CONTROL && ENDS.contains(tables.tokens().get(token))) {
                    ends.add(token);
                }
            }
        }
        return new ArrayList<>(ends);
    }

    private static Optional<Integer> token(GgufMetadata metadata, String key) {
        return metadata.integer(PREFIX + key, ModelLimit.TOKEN).stream()
                .mapToObj(Math::toIntExact)
                .findFirst();
    }
}
