package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.model.Decoder;
import org.scout4j.model.DecoderLimits;
import org.scout4j.sampling.SamplingParameters;
import org.scout4j.vision.FeatureCache;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.TestTiles;
import org.scout4j.vision.VisionTower;

/**
 * A seeded request gets the same tokens and the same bits of log-probabilities alone and in any
 * mix: with others that come and go, cached prefixes, pre-emption, choices, and any number of
 * threads (spec "Reliability" §8).
 */
@Timeout(120)
class EngineDeterminismTest {
    private static final int CONTEXT = 90;

    /** The patch token of the golden model with images, and how many a tile has. */
    private static final int PATCH = 335;

    private static final int PATCHES = 9;

    @Test
    void nothingAroundARequestChangesItsAnswer() throws InterruptedException {
        for (String model :
                List.of("model/scout-tiny", "model/llama-dense-tiny", "model/scout-mm-tiny")) {
            SplittableRandom random = new SplittableRandom(model.hashCode());
            List<GenerationRequest> requests = new ArrayList<>();
            List<List<TokenEvent>> expected = new ArrayList<>();
            try (Running alone = new Running(model, 1, 16, 1, false, 4)) {
                int[] common = random.ints(CONTEXT, 5, alone.texts).toArray();
                for (int i = 0; i < 10; i++) {
                    int choices = i % 5 == 4 ? 3 : 1;
                    requests.addAll(requests(common, choices, alone, random));
                }
                for (GenerationRequest request : requests) {
                    expected.add(tokens(alone.engine.submit(request)));
                }
            }
            for (int threads = 1; threads <= 2; threads++) {
                for (boolean prefixCache : new boolean[] {true, false}) {
                    int stepTokens = random.nextInt(5, 40);
                    try (Running mix = new Running(model, threads, stepTokens, 5, prefixCache, 2)) {
                        String what = model + ", threads " + threads + ", cache " + prefixCache;
                        for (int round = 0; round < 2; round++) {
                            check(mix.engine, requests, expected, random, what);
                        }
                        assertThat(mix.preemptions.get()).as(what).isPositive();
                        assertThat(mix.cached.get() > 0 || !prefixCache).as(what).isTrue();
                        assertThat(mix.encoded.get() > 0).isEqualTo(!mix.tiles.isEmpty());
                    }
                }
            }
        }
    }

    /** All of them together, others between them that are cancelled. */
    private static void check(
            Engine engine,
            List<GenerationRequest> requests,
            List<List<TokenEvent>> expected,
            SplittableRandom random,
            String what)
            throws InterruptedException {
        List<Generation> running = new ArrayList<>();
        List<Generation> disturbing = new ArrayList<>();
        for (int i = 0; i < requests.size(); ) {
            int end = i + 1;
            while (end < requests.size() && requests.get(end).choice() > 0) {
                end++;
            }
            disturbing.add(engine.submit(requests.get(random.nextInt(requests.size()))));
            running.addAll(engine.submit(requests.subList(i, end)));
            if (random.nextBoolean()) {
                disturbing.removeFirst().close();
            }
            i = end;
        }
        for (int i = 0; i < requests.size(); i++) {
            assertThat(tokens(running.get(i)))
                    .as(what + ", request " + i)
                    .isEqualTo(expected.get(i));
        }
        disturbing.forEach(Generation::close);
    }

    private static List<GenerationRequest> requests(
            int[] common, int choices, Running model, SplittableRandom random) {
        int length = random.nextInt(40, 60);
        int[] prompt = random.ints(length, 5, model.texts).toArray();
        System.arraycopy(common, 0, prompt, 0, random.nextInt(length + 1));
        PromptImages images =
                model.tiles.isEmpty() ? PromptImages.NONE : show(prompt, model, random);
        boolean promptLogprobs = random.nextInt(4) == 0;
        long seed = random.nextLong();
        List<GenerationRequest> requests = new ArrayList<>();
        for (int choice = 0; choice < choices; choice++) {
            requests.add(
                    new GenerationRequest(
                            prompt,
                            images,
                            SamplingParameters.builder().temperature(1).seed(seed).build(),
                            choice,
                            CONTEXT - length,
                            Set.of(),
                            Set.of(),
                            3,
                            promptLogprobs,
                            Dispatch.ordinary(),
                            null));
        }
        return requests;
    }

    /** Writes up to three images over a prompt; the same ones come again in others. */
    private static PromptImages show(int[] prompt, Running model, SplittableRandom random) {
        List<ImageTiles> images = new ArrayList<>();
        int position = random.nextInt(8);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            ImageTiles image = model.tiles.get(random.nextInt(model.tiles.size()));
            int patches = image.count() * PATCHES;
            if (position + patches > prompt.length) {
                break;
            }
            images.add(image);
            Arrays.fill(prompt, position, position + patches, PATCH);
            position += patches + random.nextInt(3);
        }
        return PromptImages.of(prompt, PATCH, images, PATCHES, 1, () -> {});
    }

    private static List<TokenEvent> tokens(Generation generation) throws InterruptedException {
        List<TokenEvent> tokens = new ArrayList<>();
        while (true) {
            TokenEvent event = generation.next();
            if (event instanceof TokenEvent.Finished) {
                return tokens;
            }
            if (!(event instanceof TokenEvent.Prefill)) {
                tokens.add(event);
            }
        }
    }

    /** An engine on a golden checkpoint whose global pages hold so many full contexts. */
    private static final class Running implements AutoCloseable {
        final Engine engine;

        /** Ids of ordinary tokens end here. */
        final int texts;

        /** Images that requests may show; none for a model of text. */
        final List<ImageTiles> tiles;

        /** Tiles encoded. */
        final AtomicLong encoded = new AtomicLong();

        final AtomicLong preemptions = new AtomicLong();
        final AtomicLong cached = new AtomicLong();
        private final Checkpoint checkpoint;
        private final Backend backend;

        Running(
                String model,
                int threads,
                int stepTokens,
                int slots,
                boolean prefixCache,
                int contexts) {
            checkpoint = Checkpoints.open(Path.of("src/test/resources/golden", model));
            backend = Backends.open("vector", threads);
            Decoder decoder =
                    new Decoder(checkpoint, backend, new DecoderLimits(stepTokens, 16, 8));
            CacheShape shape = decoder.cacheShape();
            KvCache cache =
                    new KvCache(
                            backend,
                            shape,
                            slots * shape.pages(LayerGroup.LOCAL, CONTEXT, stepTokens),
                            contexts * shape.pages(LayerGroup.GLOBAL, CONTEXT, stepTokens));
            EngineLimits limits = new EngineLimits(slots, stepTokens, 100, CONTEXT, prefixCache);
            boolean vision = checkpoint.shape().vision().isPresent();
            texts = vision ? 300 : decoder.vocabulary();
            Random noise = new Random(7);
            tiles =
                    vision
                            ? List.of(
                                    TestTiles.noise(1, 1, 84, noise),
                                    TestTiles.noise(1, 1, 84, noise),
                                    TestTiles.noise(1, 2, 84, noise))
                            : List.of();
            engine =
                    new Engine(
                            decoder,
                            vision ? stage(slots, stepTokens) : null,
                            cache,
                            limits,
                            new EngineObserver() {
                                @Override
                                public void encoded(ImageReport report) {
                                    encoded.addAndGet(report.tiles());
                                }

                                @Override
                                public void stepped(StepReport report) {
                                    preemptions.addAndGet(report.preemptions());
                                }

                                @Override
                                public void ended(GenerationReport report) {
                                    cached.addAndGet(report.cachedTokens());
                                }
                            });
        }

        /** With as few slots as can do, so that tiles give way to others. */
        private ImageStage stage(int slots, int stepTokens) {
            int tilesKept = FeatureCache.mostTiles(stepTokens, slots, PATCHES);
            VisionTower tower = new VisionTower(checkpoint, backend, 2);
            int width = checkpoint.shape().hidden();
            return new ImageStage(new FeatureCache(tower, backend, width, tilesKept));
        }

        @Override
        public void close() {
            engine.close();
            backend.close();
            checkpoint.close();
        }
    }
}
