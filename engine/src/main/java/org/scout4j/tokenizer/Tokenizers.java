package org.scout4j.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;

/** Builds the tokenizer for a checkpoint's data. */
public final class Tokenizers {
    private static final String HUGGING_FACE_NAME = "tokenizer.json";
    private static final String TIKTOKEN_NAME = "tokenizer.model";

    private Tokenizers() {}

    /**
     * As {@link #load(TokenizerData, TokenizerOptions)}, with {@link TokenizerOptions#DEFAULT}.
     *
     * @throws VerificationFailed if the data is damaged, or asks for a pre-tokenizer that scout4j
     *     does not know (a wrong split is a silent loss of quality)
     * @throws ModelNotFound if there is no tokenizer data
     */
    public static Tokenizer load(TokenizerData data) {
        return load(data, TokenizerOptions.DEFAULT);
    }

    /**
     * Reads the tables of any source (spec "Tokenizer" §6), within bounded time and memory.
     *
     * @throws VerificationFailed if the data is damaged, or asks for a pre-tokenizer that scout4j
     *     does not know (a wrong split is a silent loss of quality)
     * @throws ModelNotFound if there is no tokenizer data
     */
    public static Tokenizer load(TokenizerData data, TokenizerOptions options) {
        BytePairModel model =
                switch (data) {
                    case TokenizerData.Tiktoken(Path file) -> TiktokenFile.read(file);
                    case TokenizerData.HuggingFace(Path file) -> HuggingFaceFile.read(file);
                    case TokenizerData.Gguf gguf -> GgufTokens.read(gguf);
                    case TokenizerData.None(Path searched) ->
                            throw new ModelNotFound(
                                    "There is no tokenizer at " + searched.getFileName() + ".",
                                    "Put "
                                            + HUGGING_FACE_NAME
                                            + " or "
                                            + TIKTOKEN_NAME
                                            + " beside the weights, or use a GGUF file that"
                                            + " carries its vocabulary.");
                };
        return new BytePairTokenizer(model, options);
    }

    /**
     * Opens a tokenizer file by itself: a {@code tokenizer.json}, a {@code tokenizer.model}, or a
     * directory with one of them (the first is preferred: it names its own special tokens and
     * split). Told apart by content.
     *
     * @throws VerificationFailed as {@link #load(TokenizerData)}
     * @throws ModelNotFound if there is no such file
     */
    public static Tokenizer open(Path fileOrDirectory) {
        if (Files.isDirectory(fileOrDirectory)) {
            Path huggingFace = fileOrDirectory.resolve(HUGGING_FACE_NAME);
            Path tiktoken = fileOrDirectory.resolve(TIKTOKEN_NAME);
            if (Files.exists(huggingFace)) {
                return open(huggingFace);
            }
            return Files.exists(tiktoken)
                    ? open(tiktoken)
                    : load(new TokenizerData.None(fileOrDirectory));
        }
        return load(recognise(fileOrDirectory));
    }

    private static TokenizerData recognise(Path file) {
        TokenizerFile.check(file, TokenizerFile.MOST_JSON_BYTES);
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(64);
        } catch (IOException e) {
            throw TokenizerFile.unreadable(file, e);
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("GGUF")) {
            throw new VerificationFailed(
                    file, "a GGUF file carries its tokenizer inside; open it as a model");
        }
        return text.stripLeading().startsWith("{")
                ? new TokenizerData.HuggingFace(file)
                : new TokenizerData.Tiktoken(file);
    }
}
