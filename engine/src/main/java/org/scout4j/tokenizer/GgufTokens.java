package org.scout4j.tokenizer;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.VerificationFailed;

/** Reads the vocabulary that GGUF metadata holds (spec "Tokenizer" §6, §7). */
final class GgufTokens {
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;

    private final TokenizerData.Gguf data;
    private final Path file;

    private GgufTokens(TokenizerData.Gguf data) {
        this.data = data;
        this.file = data.file();
    }

    static BytePairModel read(TokenizerData.Gguf data) {
        return new GgufTokens(data).read();
    }

    private BytePairModel read() {
        if (!data.model().equals("gpt2")) {
            throw new VerificationFailed(
                    file,
                    "tokenizer.ggml.model is \""
                            + data.model()
                            + "\"; scout4j reads byte-level BPE, \"gpt2\"");
        }
        PreTokenizer preTokenizer = preTokenizer();
        if (!data.tokenTypes().isEmpty() && data.tokenTypes().size() != data.tokens().size()) {
            throw new VerificationFailed(
                    file,
                    "tokenizer.ggml.token_type has %d entries for %d tokens"
                            .formatted(data.tokenTypes().size(), data.tokens().size()));
        }
        if (data.tokens().size() > Vocabulary.MOST_TOKENS) {
            throw new VerificationFailed(
                    file,
                    "more than " + Vocabulary.MOST_TOKENS + " tokens: " + data.tokens().size());
        }
        Vocabulary vocabulary = vocabulary();
        return new BytePairModel(
                vocabulary,
                merges(vocabulary),
                preTokenizer,
                preTokenizer instanceof Llama3PreTokenizer);
    }

    private PreTokenizer preTokenizer() {
        Optional<String> name = data.preTokenizer();
        return switch (name.orElse("")) {
            case "llama4" -> new Llama4PreTokenizer();
            case "llama-bpe", "llama3", "llama-v3" -> new Llama3PreTokenizer();
            case "gpt-2" -> new Gpt2PreTokenizer(false);
            case "smollm" -> new Gpt2PreTokenizer(true);
            default ->
                    throw new VerificationFailed(
                            file,
                            name.map(each -> "tokenizer.ggml.pre is \"" + each + "\"")
                                            .orElse("there is no tokenizer.ggml.pre")
                                    + "; scout4j knows llama4, llama-bpe, gpt-2 and smollm");
        };
    }

    private Vocabulary vocabulary() {
        Vocabulary.Builder builder = new Vocabulary.Builder(file);
        boolean llama4 = isLlama4();
        int ordinary = llama4 ? Llama4SpecialTokens.FIRST : data.tokens().size();
        for (int id = 0; id < ordinary; id++) {
            String token = data.tokens().get(id);
            Vocabulary.Kind kind = llama4 ? Vocabulary.Kind.NORMAL : kind(id, token);
            if (kind == Vocabulary.Kind.NORMAL) {
                builder.add(id, bytes(id, token), kind);
            } else {
                builder.add(id, token, kind);
            }
        }
        if (llama4) {
            Llama4SpecialTokens.addTo(builder);
            Llama4SpecialTokens.logDifferences(file, this::nameInFile);
        }
        return builder.build();
    }

    private boolean isLlama4() {
        return data.tokens().size() == Llama4SpecialTokens.VOCABULARY
                && (data.bosToken().equals(Optional.of(Llama4SpecialTokens.FIRST))
                        || data.tokens()
                                .get(Llama4SpecialTokens.FIRST)
                                .equals(SpecialTokens.BEGIN_OF_TEXT));
    }

    // Converters fill ids that they know no name for with unused tokens.
    private Optional<String> nameInFile(int id) {
        boolean filler = !data.tokenTypes().isEmpty() && data.tokenTypes().get(id) == UNUSED;
        return filler ? Optional.empty() : Optional.of(data.tokens().get(id));
    }

    private Vocabulary.Kind kind(int id, String token) {
        if (data.tokenTypes().isEmpty()) {
            return Vocabulary.looksLikeControl(token)
                    ? Vocabulary.Kind.CONTROL
                    : Vocabulary.Kind.NORMAL;
        }
        int type = data.tokenTypes().get(id);
        return switch (type) {
            case NORMAL -> Vocabulary.Kind.NORMAL;
            case UNKNOWN, CONTROL -> Vocabulary.Kind.CONTROL;
            case USER_DEFINED ->
                    Vocabulary.looksLikeControl(token)
                            ? Vocabulary.Kind.CONTROL
                            : Vocabulary.Kind.USER_DEFINED;
            case UNUSED -> Vocabulary.Kind.UNUSED;
            default ->
                    throw new VerificationFailed(
                            file,
                            "token "
                                    + id
                                    + " has type "
                                    + type
                                    + ", which a byte-level vocabulary does not have");
        };
    }

    private byte[] bytes(int id, String token) {
        byte[] bytes = ByteAlphabet.decode(token);
        if (bytes == null) {
            throw new VerificationFailed(
                    file, "token " + id + " is not written in the byte alphabet of GPT-2");
        }
        return bytes;
    }

    private MergeTable merges(Vocabulary vocabulary) {
        List<String> merges = data.merges();
        MergeTable.Builder builder = new MergeTable.Builder(file, vocabulary, merges.size());
        for (String merge : merges) {
            builder.add(merge);
        }
        return builder.build();
    }
}
