package org.scout4j;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.scout4j.engine.EngineObserver;
import org.scout4j.error.InvalidRequest;
import org.scout4j.vision.ImageLimits;

/**
 * How a model is loaded.
 *
 * @param backend {@code auto}, {@code vector} or {@code scalar}
 * @param threads worker threads; 0 = all cores this process may use
 * @param context tokens of prompt and answer together; empty = as many as the model and memory
 *     allow
 * @param slots sequences computed at the same time
 * @param stepTokens most tokens computed in one step; prompts are cut into pieces of this size
 * @param queue requests that may wait for a slot
 * @param cacheTokens tokens that the key/value cache holds in all; empty = every slot's full
 *     context. It holds at least one context; with less than all, sequences may be pre-empted and
 *     computed again
 * @param prefixCache whether prompts and answers stay in the cache, as long as nobody needs their
 *     place, for requests of the same tenant that begin alike
 * @param imageLimits what images may cost
 * @param allowStreaming load although the weights do not fit in memory: they are then read from
 *     storage again and again, which is slow
 * @param mmproj GGUF file of a GGUF model's vision part; empty = the one that lies beside it, if
 *     there is one
 * @param observer hears what the engine does
 * @param onProgress called while loading, on the loading thread
 */
public record LoadOptions(
        String backend,
        int threads,
        OptionalInt context,
        int slots,
        int stepTokens,
        int queue,
        OptionalInt cacheTokens,
        boolean prefixCache,
        ImageLimits imageLimits,
        boolean allowStreaming,
        Optional<Path> mmproj,
        EngineObserver observer,
        Consumer<LoadProgress> onProgress) {

    /** Everything chosen by scout4j. */
    public static LoadOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; see {@link LoadOptions} for their meaning. */
    public static final class Builder {
        private String backend = "auto";
        private int threads;
        private OptionalInt context = OptionalInt.empty();
        private int slots = 4;
        private int stepTokens = 256;
        private int queue = 256;
        private OptionalInt cacheTokens = OptionalInt.empty();
        private boolean prefixCache = true;
        private ImageLimits imageLimits = ImageLimits.DEFAULT;
        private boolean allowStreaming;
        private Optional<Path> mmproj = Optional.empty();
        private EngineObserver observer = EngineObserver.NONE;
        private Consumer<LoadProgress> onProgress = progress -> {};

        private Builder() {}

        public Builder backend(String name) {
            backend = name;
            return this;
        }

        public Builder threads(int count) {
            threads = atLeast("threads", count, 0);
            return this;
        }

        public Builder context(int tokens) {
            context = OptionalInt.of(atLeast("context", tokens, 1));
            return this;
        }

        public Builder slots(int count) {
            slots = atLeast("slots", count, 1);
            return this;
        }

        public Builder stepTokens(int count) {
            stepTokens = atLeast("stepTokens", count, 1);
            return this;
        }

        public Builder queue(int requests) {
            queue = atLeast("queue", requests, 1);
            return this;
        }

        public Builder cacheTokens(int tokens) {
            cacheTokens = OptionalInt.of(atLeast("cacheTokens", tokens, 1));
            return this;
        }

        public Builder prefixCache(boolean keep) {
            prefixCache = keep;
            return this;
        }

        public Builder imageLimits(ImageLimits limits) {
            imageLimits = limits;
            return this;
        }

        public Builder observer(EngineObserver listener) {
            observer = listener;
            return this;
        }

        public Builder allowStreaming(boolean allow) {
            allowStreaming = allow;
            return this;
        }

        public Builder mmproj(Path file) {
            mmproj = Optional.of(file);
            return this;
        }

        public Builder onProgress(Consumer<LoadProgress> listener) {
            onProgress = listener;
            return this;
        }

        public LoadOptions build() {
            return new LoadOptions(
                    backend,
                    threads,
                    context,
                    slots,
                    stepTokens,
                    queue,
                    cacheTokens,
                    prefixCache,
                    imageLimits,
                    allowStreaming,
                    mmproj,
                    observer,
                    onProgress);
        }

        private static int atLeast(String option, int value, int smallest) {
            if (value < smallest) {
                throw new InvalidRequest(
                        option, option + " is " + value + ", the smallest is " + smallest + ".");
            }
            return value;
        }
    }
}
