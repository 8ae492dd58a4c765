package org.scout4j.cli;

import java.time.Duration;
import java.util.function.Consumer;
import org.scout4j.LoadOptions;
import org.scout4j.LoadProgress;
import org.scout4j.Scout;

/**
 * A model that a command has loaded for itself.
 *
 * @param took from the first file to ready
 */
record ModelLoading(Scout scout, Duration took) implements AutoCloseable {

    /** Loads what the user named, saying how far it is; says so when it is the small model. */
    static ModelLoading load(ModelOption option, LoadFlags flags, Surroundings here) {
        return load(option.find(here), flags.options(here), progress -> {}, here);
    }

    /**
     * Loads a model.
     *
     * @param also hears of progress beside the user
     */
    static ModelLoading load(
            ModelLookup model,
            LoadOptions.Builder chosen,
            Consumer<LoadProgress> also,
            Surroundings here) {
        if (model.demonstration()) {
            here.err()
                    .println(
                            "Demonstration model "
                                    + model.path().getFileName()
                                    + ": small, knows little; check what matters.");
            here.err()
                    .println(
                            "Name a real one: -m MODEL or SCOUT4J_MODEL (Hugging Face directory or"
                                    + " GGUF).");
        }
        StatusLine status = new StatusLine(here);
        LoadOptions options =
                chosen.onProgress(
                                progress -> {
                                    also.accept(progress);
                                    status.show(text(progress));
                                })
                        .build();
        long begun = System.nanoTime();
        try {
            Scout scout = Scout.load(model.path(), options);
            return new ModelLoading(scout, Duration.ofNanos(System.nanoTime() - begun));
        } finally {
            status.clear();
        }
    }

    private static String text(LoadProgress progress) {
        String phase =
                switch (progress.phase()) {
                    case OPENING -> "reading headers";
                    case TOKENIZER -> "building the tokenizer";
                    case PLACING -> "placing weights";
                    case READY -> "ready";
                };
        return "loading " + progress.percent() + " %: " + phase;
    }

    @Override
    public void close() {
        scout.close();
    }
}
