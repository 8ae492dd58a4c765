package org.scout4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.LoadOptions;
import org.scout4j.MemoryPlan;
import org.scout4j.Scout;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.chat.ChatFormats;
import org.scout4j.chat.Llama4Format;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.ModelSummary;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.tokenizer.Tokenizers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code scout4j models show}: what a model is and what it needs, from its headers. */
@Command(
        name = "show",
        abbreviateSynopsis = true,
        description = "Shows what a model is, what it needs and whether it fits here.")
final class ModelsShowCommand implements Subcommand {
    private final Surroundings here;

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The same as -m MODEL.")
    private @Nullable String positionalModel;

    @Mixin private final ModelOption model = new ModelOption();
    @Mixin private final LoadFlags loading = new LoadFlags();
    @Mixin private final OutputFlags output = new OutputFlags();

    ModelsShowCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        Path path = model.or(positionalModel).find(here).path();
        LoadOptions options = loading.options(here).build();
        MemoryPlan plan = Scout.plan(path, options);
        try (Checkpoint checkpoint = Checkpoints.open(path, options.mmproj());
                Backend backend = Backends.open(loading.backend, loading.threads)) {
            ModelCard card =
                    new ModelCard(
                            checkpoint.path(),
                            checkpoint.files().size(),
                            ModelSummary.of(checkpoint),
                            chatFormat(checkpoint),
                            backend.name(),
                            plan);
            if (output.json) {
                here.out().println(card.json());
            } else {
                Palette palette = Palette.of(output.color, here.terminals().out(), here);
                card.print(here.out(), palette);
            }
        }
        return ExitCodes.OK;
    }

    /** The chat format in words; empty for a model that only continues text. */
    private static Optional<String> chatFormat(Checkpoint checkpoint) {
        if (checkpoint.tokenizerData() instanceof TokenizerData.None) {
            return Optional.empty();
        }
        return ChatFormats.choose(checkpoint, Tokenizers.load(checkpoint.tokenizerData()))
                .map(format ->
                        format instanceof Llama4Format
                                ? "Llama 4's own"
                                : "the template of its files");
    }
}
