package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.scout4j.AnswerOptions;
import org.scout4j.ChatStream;
import org.scout4j.CompletionRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scout4j complete}: continues a text, without any chat format. */
@Command(
        name = "complete",
        abbreviateSynopsis = true,
        description = {
            "Continues a text as it stands, without any chat format.",
            "",
            "Text piped in is put behind PROMPT, or is the prompt. The continuation goes to standard"
                    + " output, everything else to standard error.",
        })
final class CompleteCommand implements Subcommand {
    private final Surroundings here;

    @Parameters(arity = "0..*", paramLabel = "PROMPT", description = "The text to continue.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--raw",
            description =
                    "Names of control tokens in the prompt, such as <|eot|>, stand for the tokens.")
    private boolean raw;

    @Option(
            names = "--logprobs",
            paramLabel = "N",
            description =
                    "Log-probability of each token and of the N likeliest, 0 to 20; one line a token"
                            + " instead of the text.")
    private @Nullable Integer logprobs;

    @Option(
            names = "--echo",
            description = "Print the prompt first; with --logprobs, those of the prompt too.")
    private boolean echo;

    @Mixin private final ModelOption model = new ModelOption();
    @Mixin private final SamplingFlags sampling = new SamplingFlags();
    @Mixin private final FormFlags form = new FormFlags();
    @Mixin private final LoadFlags loading = new LoadFlags();
    @Mixin private final AnswerFlags answering = new AnswerFlags();
    @Mixin private final OutputFlags output = new OutputFlags();

    CompleteCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        long seed = sampling.chooseSeed(ThreadLocalRandom.current());
        AnswerOptions.Builder options = sampling.options(seed).format(form.format(here));
        if (logprobs != null) {
            options.topLogprobs(logprobs);
        }
        String prompt = PromptText.of(words, here);
        CompletionRequest request =
                new CompletionRequest(
                        new CompletionRequest.Text(prompt, raw, true),
                        promptLogprobs(),
                        options.build());
        try (ModelLoading loaded = ModelLoading.load(model, loading, here)) {
            return answer(loaded, prompt, request, seed);
        }
    }

    private boolean promptLogprobs() {
        return echo && logprobs != null;
    }

    private int answer(ModelLoading loaded, String prompt, CompletionRequest request, long seed) {
        boolean table = logprobs != null && !output.json;
        OneAnswer shown =
                table
                        ? OneAnswer.asData(here, output, answering)
                        : OneAnswer.of(here, output, answering);
        String before = echo ? prompt : "";
        LogprobsReport report = new LogprobsReport(loaded.scout().tokenizer());
        try (ChatStream stream = loaded.scout().stream(request)) {
            AnswerPrinter.Answer answer = shown.print(stream, before);
            if (table) {
                report.print(here.out(), answer);
            }
            shown.finish(
                    answer,
                    generator -> {
                        generator.writeStringProperty("model", loaded.scout().name());
                        generator.writeStringProperty("text", before + answer.result().text());
                        if (logprobs != null) {
                            report.write(generator, answer, promptLogprobs());
                        }
                        AnswerReport.write(generator, answer, loaded.took(), seed);
                    });
            return shown.exitCode(answer);
        }
    }
}
