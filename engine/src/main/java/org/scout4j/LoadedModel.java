package org.scout4j;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.chat.ChatFormat;
import org.scout4j.chat.ChatFormats;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.engine.Engine;
import org.scout4j.engine.EngineLimits;
import org.scout4j.engine.ImageStage;
import org.scout4j.model.Decoder;
import org.scout4j.model.DecoderLimits;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import org.scout4j.vision.FeatureCache;
import org.scout4j.vision.VisionTower;

/**
 * A model with everything that computes and reads for it.
 *
 * @param checkpoint its files
 * @param prompts makes prompts of what requests say
 * @param plan what it may use of memory
 */
record LoadedModel(
        Checkpoint checkpoint,
        Backend backend,
        Tokenizer tokenizer,
        PromptMaker prompts,
        Engine engine,
        MemoryPlan plan)
        implements AutoCloseable {
    /** Most rows of a step whose logits are computed: enough for every slot, and for scoring. */
    static final int LOGIT_ROWS = 64;

    /** See {@link Scout#load}. */
    static LoadedModel load(Path model, LoadOptions options) {
        progress(options, LoadProgress.Phase.OPENING, 0);
        Checkpoint checkpoint = Checkpoints.open(model, options.mmproj());
        try {
            return load(checkpoint, options);
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static LoadedModel load(Checkpoint checkpoint, LoadOptions options) {
        MemoryPlan plan = MemoryPlan.of(checkpoint, options);
        if (!options.allowStreaming()) {
            plan.requireFit();
        }
        progress(options, LoadProgress.Phase.TOKENIZER, 30);
        Tokenizer tokenizer = Tokenizers.load(checkpoint.tokenizerData());
        Optional<ChatFormat> chatFormat = ChatFormats.choose(checkpoint, tokenizer);
        progress(options, LoadProgress.Phase.PLACING, 60);
        Backend backend = Backends.open(options.backend(), options.threads());
        try {
            Engine engine = engine(checkpoint, backend, options, plan);
            progress(options, LoadProgress.Phase.READY, 100);
            PromptMaker prompts =
                    new PromptMaker(
                            tokenizer, chatFormat, checkpoint.shape(), options.imageLimits());
            return new LoadedModel(checkpoint, backend, tokenizer, prompts, engine, plan);
        } catch (RuntimeException | Error e) {
            backend.close();
            throw e;
        }
    }

    private static Engine engine(
            Checkpoint checkpoint, Backend backend, LoadOptions options, MemoryPlan plan) {
        DecoderLimits limits =
                new DecoderLimits(
                        Math.max(options.stepTokens(), options.slots()),
                        Math.max(LOGIT_ROWS, options.slots()),
                        CacheShape.DEFAULT_PAGE_TOKENS);
        Decoder decoder = new Decoder(checkpoint, backend, limits);
        CacheShape cache = decoder.cacheShape();
        KvCache pages =
                new KvCache(
                        backend,
                        cache,
                        plan.pages(cache, LayerGroup.LOCAL, limits.rows()),
                        plan.pages(cache, LayerGroup.GLOBAL, limits.rows()));
        return new Engine(
                decoder,
                images(checkpoint, backend, limits.rows(), options.slots()),
                pages,
                new EngineLimits(
                        options.slots(),
                        limits.rows(),
                        options.queue(),
                        plan.context(),
                        options.prefixCache()),
                options.observer());
    }

    /** What encodes images for steps of this size; null for a model of text. */
    static @Nullable ImageStage images(
            Checkpoint checkpoint, Backend backend, int stepTokens, int slots) {
        VisionShape vision = checkpoint.shape().vision().orElse(null);
        if (vision == null) {
            return null;
        }
        int width = checkpoint.shape().hidden();
        int tiles = FeatureCache.slots(stepTokens, slots, vision.tokensPerTile(), width);
        VisionTower tower = new VisionTower(checkpoint, backend, VisionTower.tilesAtOnce(vision));
        return new ImageStage(new FeatureCache(tower, backend, width, tiles));
    }

    private static void progress(LoadOptions options, LoadProgress.Phase phase, int percent) {
        options.onProgress().accept(new LoadProgress(phase, percent));
    }

    /** Cancels everything that runs and frees the model. */
    @Override
    public void close() {
        prompts.close();
        engine.close();
        backend.close();
        checkpoint.close();
    }
}
