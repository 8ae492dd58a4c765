package org.scout4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.PromptScorer;
import org.scout4j.chat.ImageData;
import org.scout4j.error.Cancelled;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scout4j logits}: the model's raw output at every position, for people who verify. */
@Command(
        name = "logits",
        abbreviateSynopsis = true,
        description = {
            "Computes the logits of every position of given token ids, in float32, and writes them as",
            "safetensors: logits.0, logits.1, … one a prompt, each [tokens, vocabulary].",
            "",
            "A prompt is an array of ids, or with images {\"tokens\": [ids], \"images\": [\"FILE\", …]}:"
                    + " the",
            "ids hold the images' tokens already, and the images fill the <|patch|> positions in order.",
            "FILEs are relative to the working directory.",
        })
final class LogitsCommand implements Subcommand {
    private final Surroundings here;

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The same as -m MODEL.")
    private @Nullable String positionalModel;

    @Option(
            names = "--tokens",
            required = true,
            paramLabel = "FILE",
            description = "A JSON array of prompts; - is standard input.")
    private String tokens = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The safetensors file to write.")
    private String target = "";

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "auto, vector or scalar. Default: ${DEFAULT-VALUE}.")
    private String backend = "auto";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute. Default: all cores.")
    private int threads;

    @Mixin private final VisionPartFlag visionPart = new VisionPartFlag();
    @Mixin private final ModelOption model = new ModelOption();
    @Mixin private final OutputFlags output = new OutputFlags();

    LogitsCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        Path file = here.directory().resolve(target);
        List<Prompt> prompts = prompts();
        Path path = model.or(positionalModel).find(here).path();
        long begun = System.nanoTime();
        try (PromptScorer scorer = open(path)) {
            check(prompts, scorer.vocabulary());
            write(file, prompts, scorer);
            report(file, prompts, scorer.vocabulary(), (System.nanoTime() - begun) / 1e9);
        }
        return ExitCodes.OK;
    }

    /**
     * Ids and the files that they show.
     *
     * @param images as they lie on disk
     */
    @SuppressWarnings("ArrayRecordComponent") // may be millions; prompts are not compared
    private record Prompt(int[] tokens, List<NamedImage> images) {
        List<byte[]> files() {
            return images.stream().map(image -> image.data().bytes()).toList();
        }

        void score(PromptScorer scorer, PromptScorer.RowSink sink) {
            try {
                scorer.score(tokens, files(), sink);
            } catch (InvalidRequest refusal) {
                throw NamedImage.named(refusal, images);
            }
        }
    }

    private PromptScorer open(Path path) {
        return PromptScorer.open(path, visionPart.file(here), backend, threads);
    }

    /** All files are read before a model is: what is missing is missed at once. */
    private List<Prompt> prompts() {
        return TokenArrays.read(tokens, here).stream()
                .map(prompt -> new Prompt(prompt.tokens(), images(prompt)))
                .toList();
    }

    private List<NamedImage> images(TokenArrays.IdPrompt prompt) {
        return prompt.images().stream()
                .map(name -> NamedImage.read(name, ImageData.Detail.HIGH, here))
                .toList();
    }

    private static void check(List<Prompt> prompts, int vocabulary) {
        for (int i = 0; i < prompts.size(); i++) {
            for (int token : prompts.get(i).tokens()) {
                if (token < 0 || token >= vocabulary) {
                    throw new InvalidRequest(
                            "tokens",
                            "Prompt "
                                    + i
                                    + " (counted from 0) holds the token id "
                                    + token
                                    + "; this model's ids are 0 to "
                                    + (vocabulary - 1)
                                    + ".");
                }
            }
        }
    }

    private void write(Path file, List<Prompt> prompts, PromptScorer scorer) {
        int[] lengths = prompts.stream().mapToInt(prompt -> prompt.tokens().length).toArray();
        StatusLine status = new StatusLine(here);
        try (LogitsFile logits = LogitsFile.create(file, lengths, scorer.vocabulary());
                Interruption.Registration stopping = here.interruption().onRaise(() -> {})) {
            for (int i = 0; i < prompts.size(); i++) {
                int number = i;
                int length = lengths[i];
                prompts.get(i)
                        .score(
                                scorer,
                                (position, row) -> {
                                    if (here.interruption().raised()) {
                                        throw new Cancelled();
                                    }
                                    logits.write(row);
                                    status.show(progress(number, prompts.size(), position, length));
                                });
            }
            logits.finish();
        } finally {
            status.clear();
        }
    }

    private static String progress(int prompt, int prompts, int position, int length) {
        return "prompt "
                + (prompt + 1)
                + "/"
                + prompts
                + ", position "
                + (position + 1)
                + "/"
                + length;
    }

    private void report(Path file, List<Prompt> prompts, int vocabulary, double seconds) {
        long positions = prompts.stream().mapToLong(prompt -> prompt.tokens().length).sum();
        if (output.json) {
            here.out()
                    .println(
                            JsonText.document(generator -> {
                                generator.writeStringProperty("file", file.toString());
                                generator.writeNumberProperty("prompts", prompts.size());
                                generator.writeNumberProperty("positions", positions);
                                generator.writeNumberProperty("vocabulary", vocabulary);
                                generator.writeNumberProperty("seconds", seconds);
                            }));
        } else {
            here.err()
                    .println(
                            "Wrote the logits of "
                                    + positions
                                    + " positions of "
                                    + prompts.size()
                                    + (prompts.size() == 1 ? " prompt to " : " prompts to ")
                                    + file
                                    + ".");
        }
    }
}
