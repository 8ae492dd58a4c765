package org.scout4j.engine;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.sampling.SamplingParameters;

/** Random engines and requests, all from one seed. */
record Workload(int vocabulary, CacheShape shape, EngineLimits limits, int maxLogitRows) {

    static Workload random(SplittableRandom random) {
        int groups = random.nextInt(3);
        int chunk = groups == 0 ? 0 : random.nextInt(1, 14);
        CacheShape shape =
                new CacheShape(
                        groups == 0 ? 0 : 3,
                        groups == 1 ? 0 : 1,
                        1,
                        2,
                        chunk,
                        random.nextInt(1, 8));
        int slots = random.nextInt(1, 7);
        int stepTokens = slots + random.nextInt(25);
        EngineLimits limits = new EngineLimits(slots, stepTokens, 100, 80);
        return new Workload(random.nextInt(8, 60), shape, limits, slots + random.nextInt(10));
    }

    PageCheckingModel model() {
        return new PageCheckingModel(vocabulary, shape, limits.stepTokens(), maxLogitRows);
    }

    /** A cache that holds the longest sequence for sure, and some number of them at best. */
    KvCache cache(SplittableRandom random) {
        int local = shape.pages(LayerGroup.LOCAL, limits.contextLength(), limits.stepTokens());
        int global = shape.pages(LayerGroup.GLOBAL, limits.contextLength(), limits.stepTokens());
        return PageCheckingModel.cache(
                shape,
                local + random.nextInt(2 * local + 1),
                global + random.nextInt(2 * global + 1));
    }

    GenerationRequest request(SplittableRandom random) {
        int promptLength = random.nextInt(1, random.nextInt(2, 61));
        int maxTokens = random.nextInt(limits.contextLength() - promptLength + 1);
        int[] prompt = random.ints(promptLength, 1, vocabulary).toArray(); // no POISON
        SamplingParameters sampling =
                SamplingParameters.builder()
                        .temperature(random.nextInt(3) == 0 ? 0 : 1)
                        .topP(random.nextInt(3) == 0 ? 0.8f : 1)
                        .topK(random.nextInt(3) == 0 ? 5 : 0)
                        .minP(random.nextInt(3) == 0 ? 0.1f : 0)
                        .repetitionPenalty(random.nextInt(3) == 0 ? 1.2f : 1)
                        .frequencyPenalty(random.nextInt(3) == 0 ? 0.3f : 0)
                        .logitBias(random.nextInt(vocabulary), 1)
                        .seed(random.nextLong())
                        .build();
        Set<Integer> stops = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            stops.add(random.nextInt(vocabulary));
        }
        int topLogprobs = random.nextInt(-1, 4);
        boolean promptLogprobs = random.nextInt(5) == 0;
        int least = random.nextInt(10);
        int most = least + random.nextInt(10);
        boolean constrained = random.nextInt(3) == 0;
        return new GenerationRequest(
                prompt,
                PromptImages.NONE,
                sampling,
                0,
                maxTokens,
                stops,
                Set.of(PageCheckingModel.POISON),
                topLogprobs,
                promptLogprobs,
                Dispatch.ordinary(),
                constrained ? () -> new RemainderConstraint(vocabulary, least, most) : null);
    }

    Answer alone(GenerationRequest request) {
        return Answer.alone(request, vocabulary, shape);
    }

    /** Whether no sequence holds a page, as it must be when nothing runs. */
    static boolean nothingTaken(KvCache cache) {
        return Stream.of(LayerGroup.values())
                .allMatch(group -> cache.pool(group).available() == cache.pool(group).count());
    }
}
