package org.scout4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ChatFormat;
import org.scout4j.chat.ChatFormats;
import org.scout4j.chat.Llama4Format;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.ModelNotFound;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;

/**
 * A tokenizer without the model's weights.
 *
 * @param checkpoint the model it belongs to; null for a bare tokenizer file
 */
record TokenizerOnly(Tokenizer tokenizer, @Nullable Checkpoint checkpoint)
        implements AutoCloseable {
    private static final byte[] GGUF_MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

    private static final List<String> LLAMA_4_CONTROLS =
            List.of(
                    SpecialTokens.BEGIN_OF_TEXT,
                    SpecialTokens.HEADER_START,
                    SpecialTokens.HEADER_END,
                    SpecialTokens.END_OF_MESSAGE,
                    SpecialTokens.END_OF_TURN,
                    SpecialTokens.PYTHON_START,
                    SpecialTokens.PYTHON_END);

    /** Opens a model, a {@code tokenizer.model} or a {@code tokenizer.json}. */
    static TokenizerOnly open(Path path) {
        return open(path, () -> Checkpoints.openText(path));
    }

    /**
     * The same for questions about images.
     *
     * @param mmproj as in {@link org.scout4j.LoadOptions}
     */
    static TokenizerOnly withVision(Path path, Optional<Path> mmproj) {
        return open(path, () -> Checkpoints.open(path, mmproj));
    }

    private static TokenizerOnly open(Path path, Supplier<Checkpoint> model) {
        if (Files.isRegularFile(path) && !isGguf(path)) {
            return new TokenizerOnly(Tokenizers.open(path), null);
        }
        Checkpoint checkpoint;
        try {
            checkpoint = model.get();
        } catch (ModelNotFound e) {
            // A directory may hold a tokenizer without weights.
            return new TokenizerOnly(Tokenizers.open(path), null);
        }
        try {
            return new TokenizerOnly(Tokenizers.load(checkpoint.tokenizerData()), checkpoint);
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static boolean isGguf(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(GGUF_MAGIC.length), GGUF_MAGIC);
        } catch (IOException e) {
            throw new ModelNotFound(
                    file + " cannot be read: " + IoReason.of(e) + ".",
                    "Look at its permissions, or name another.");
        }
    }

    /** The token that begins a text. */
    OptionalInt beginOfText() {
        OptionalInt named = tokenizer.special().id(SpecialTokens.BEGIN_OF_TEXT);
        if (named.isPresent() || checkpoint == null) {
            return named;
        }
        return checkpoint.shape().bosToken().map(OptionalInt::of).orElse(named);
    }

    /** The token that ends a text. */
    OptionalInt endOfText() {
        OptionalInt named = tokenizer.special().id(SpecialTokens.END_OF_TEXT);
        if (named.isPresent() || checkpoint == null) {
            return named;
        }
        if (checkpoint.tokenizerData() instanceof TokenizerData.Gguf gguf
                && gguf.eosToken().isPresent()) {
            return OptionalInt.of(gguf.eosToken().get());
        }
        return checkpoint.shape().stopTokens().stream().mapToInt(Integer::intValue).findFirst();
    }

    /**
     * How images become tokens.
     *
     * @throws InvalidRequest if the model reads text only
     */
    VisionShape vision() {
        return Optional.ofNullable(checkpoint)
                .flatMap(model -> model.shape().vision())
                .orElseThrow(() ->
                        new InvalidRequest(
                                "image",
                                InvalidRequest.UNSUPPORTED,
                                checkpoint == null
                                        ? "A tokenizer alone does not say how images are read."
                                        : "This model reads text only.",
                                "Name a model with its vision part (for GGUF, the mmproj file"
                                        + " beside it)."));
    }

    /**
     * How conversations are rendered.
     *
     * @param profile one of Llama 4's ways; null for the model's own
     * @throws InvalidRequest if there is none
     */
    ChatFormat chatFormat(Llama4Format.@Nullable Profile profile) {
        if (profile == null && checkpoint != null) {
            return ChatFormats.choose(checkpoint, tokenizer)
                    .orElseThrow(() ->
                            new InvalidRequest(
                                    "model",
                                    "This model has no chat format: it continues text only.",
                                    "Name an instruction-tuned model."));
        }
        if (!tokenizer.special().names().containsAll(LLAMA_4_CONTROLS)) {
            throw new InvalidRequest(
                    "model",
                    "The vocabulary has no control tokens of Llama 4.",
                    "Name a Llama 4 model, or a model with its own chat format.");
        }
        Llama4Format.Options options =
                profile == null ? Llama4Format.Options.DEFAULT : Llama4Format.Options.of(profile);
        return new Llama4Format(tokenizer, options);
    }

    @Override
    public void close() {
        if (checkpoint != null) {
            checkpoint.close();
        }
    }
}
