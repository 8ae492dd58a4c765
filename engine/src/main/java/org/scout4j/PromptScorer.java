package org.scout4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.cache.PageTable;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.engine.ImageStage;
import org.scout4j.engine.PromptImages;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.VerificationFailed;
import org.scout4j.model.Batch;
import org.scout4j.model.Decoder;
import org.scout4j.model.DecoderLimits;
import org.scout4j.model.Logits;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizers;
import org.scout4j.vision.ImageIntake;
import org.scout4j.vision.ImageLimits;
import org.scout4j.vision.ImageRefused;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.RequestImages;

/**
 * Computes the logits of every position of given token ids, float32 throughout: for people who
 * verify a conversion or another implementation. One thread at a time.
 */
public final class PromptScorer implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final Backend backend;
    private final Decoder decoder;
    private @Nullable KvCache cache;
    private @Nullable ImageStage stage;

    private PromptScorer(Checkpoint checkpoint, Backend backend) {
        this.checkpoint = checkpoint;
        this.backend = backend;
        this.decoder =
                new Decoder(
                        checkpoint,
                        backend,
                        new DecoderLimits(
                                LoadedModel.LOGIT_ROWS,
                                LoadedModel.LOGIT_ROWS,
                                CacheShape.DEFAULT_PAGE_TOKENS));
    }

    /**
     * Opens a model for scoring; it needs no tokenizer.
     *
     * @param model as for {@link Scout#load}
     * @param backendName {@code auto}, {@code vector} or {@code scalar}
     * @param threads worker threads; 0 = all cores
     */
    public static PromptScorer open(Path model, String backendName, int threads) {
        return open(model, Optional.empty(), backendName, threads);
    }

    /**
     * The same with a vision part.
     *
     * @param mmproj as {@link LoadOptions#mmproj}
     */
    public static PromptScorer open(
            Path model, Optional<Path> mmproj, String backendName, int threads) {
        Checkpoint checkpoint = Checkpoints.open(model, mmproj);
        try {
            return new PromptScorer(checkpoint, Backends.open(backendName, threads));
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    /** Length of a row of logits. */
    public int vocabulary() {
        return decoder.vocabulary();
    }

    /** Receives the logits of one position; the array is reused for the next. */
    @FunctionalInterface
    public interface RowSink {
        void accept(int position, float[] logits);
    }

    /**
     * Computes the logits of all positions, in order.
     *
     * @throws InvalidRequest if an id is outside the vocabulary
     * @throws VerificationFailed if a logit is not finite: the weights hold NaN or infinity
     */
    public void score(int[] tokens, RowSink sink) {
        score(tokens, PromptImages.NONE, sink);
    }

    /**
     * The same of a prompt with images, whose tokens are among the ids.
     *
     * @param images files, in the order in which their patch tokens stand
     * @throws InvalidRequest also if a file cannot be read, or there is not one patch token for
     *     each row that the images become
     */
    public void score(int[] tokens, List<byte[]> images, RowSink sink) {
        if (images.isEmpty()) {
            score(tokens, sink);
            return;
        }
        VisionShape vision =
                checkpoint
                        .shape()
                        .vision()
                        .orElseThrow(
                                () -> new InvalidRequest("images", "This model reads text only."));
        ImageLimits limits = ImageLimits.DEFAULT;
        try (ImageIntake intake = new ImageIntake(vision.imageSize(), limits);
                RequestImages held = intake.begin()) {
            List<ImageTiles> tiles = new ArrayList<>();
            for (byte[] file : images) {
                tiles.add(held.read(file, limits.tiles()));
            }
            score(tokens, shown(tokens, tiles, vision.tokensPerTile()), sink);
        } catch (ImageRefused refused) {
            throw new InvalidRequest(
                    "images",
                    InvalidRequest.INVALID_IMAGE,
                    "An image of the prompt " + refused.problem() + ".",
                    refused.remedy());
        }
    }

    private PromptImages shown(int[] tokens, List<ImageTiles> tiles, int tokensPerTile) {
        int patch =
                Tokenizers.load(checkpoint.tokenizerData()).special().require(SpecialTokens.PATCH);
        long patches = IntStream.of(tokens).filter(token -> token == patch).count();
        long rows = (long) tokensPerTile * tiles.stream().mapToInt(ImageTiles::count).sum();
        if (patches != rows) {
            throw new InvalidRequest(
                    "images",
                    "The ids hold "
                            + patches
                            + " patch tokens ("
                            + patch
                            + "), and the images need "
                            + rows
                            + ".",
                    "Write "
                            + tokensPerTile
                            + " patch tokens for each tile, as `tokens --image` counts them.");
        }
        return PromptImages.of(tokens, patch, tiles, tokensPerTile, 1, () -> {});
    }

    private void score(int[] tokens, PromptImages images, RowSink sink) {
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary()) {
                throw new InvalidRequest(
                        "tokens",
                        "Token id "
                                + token
                                + " is outside the vocabulary of "
                                + vocabulary()
                                + " ids.");
            }
        }
        KvCache cache = cacheFor(tokens.length);
        PageTable table = cache.newTable();
        ImageStage encoding = images.isEmpty() ? null : stage();
        Batch batch = new Batch(LoadedModel.LOGIT_ROWS, LoadedModel.LOGIT_ROWS);
        float[] row = new float[vocabulary()];
        for (int from = 0; from < tokens.length; from += LoadedModel.LOGIT_ROWS) {
            batch.clear();
            int count = Math.min(LoadedModel.LOGIT_ROWS, tokens.length - from);
            batch.add(table, tokens, from, count, Batch.LogitRows.ALL);
            if (encoding != null) {
                encoding.begin();
                encoding.add(batch, images, images, from, from + count - 1, 0);
                encoding.encode();
            }
            Logits logits = decoder.forward(batch, cache);
            for (int i = 0; i < count; i++) {
                logits.read(i, row);
                requireFinite(row, from + i);
                sink.accept(from + i, row);
            }
            table.releaseFinishedChunks();
        }
        table.release();
    }

    private ImageStage stage() {
        if (stage == null) {
            stage = LoadedModel.images(checkpoint, backend, LoadedModel.LOGIT_ROWS, 1);
        }
        return Objects.requireNonNull(stage, "the model reads images");
    }

    private void requireFinite(float[] row, int position) {
        for (int id = 0; id < row.length; id++) {
            if (!Float.isFinite(row[id])) {
                throw new VerificationFailed(
                        checkpoint.path(),
                        "the logit of id "
                                + id
                                + " at position "
                                + position
                                + " is "
                                + row[id]
                                + ": the weights hold NaN or infinity, or overflow float32");
            }
        }
    }

    /** The cache of the last prompt if it is large enough, else a larger one. */
    private KvCache cacheFor(int tokens) {
        CacheShape shape = decoder.cacheShape();
        int local = shape.pages(LayerGroup.LOCAL, tokens, LoadedModel.LOGIT_ROWS);
        int global = shape.pages(LayerGroup.GLOBAL, tokens, LoadedModel.LOGIT_ROWS);
        if (cache == null
                || cache.pool(LayerGroup.LOCAL).count() < local
                || cache.pool(LayerGroup.GLOBAL).count() < global) {
            cache = new KvCache(backend, shape, local, global);
        }
        return cache;
    }

    @Override
    public void close() {
        decoder.close();
        backend.close();
        checkpoint.close();
    }
}
