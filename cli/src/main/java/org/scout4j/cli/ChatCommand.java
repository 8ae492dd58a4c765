package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.scout4j.AnswerOptions;
import org.scout4j.ChatRequest;
import org.scout4j.ChatStream;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scout4j chat}: one question and its answer, or a conversation on the terminal. */
@Command(
        name = "chat",
        abbreviateSynopsis = true,
        description = {
            "Answers a question, or talks when none is given.",
            "",
            "Text piped in is put behind PROMPT, or is the prompt. The answer goes to standard"
                    + " output, everything else to standard error.",
            "",
            "Images are shown to the model before the text: scout4j chat -i label.png \"What does it"
                    + " say?\"",
        })
final class ChatCommand implements Subcommand {
    private final Surroundings here;

    @Parameters(arity = "0..*", paramLabel = "PROMPT", description = "The question.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-s", "--system"},
            paramLabel = "TEXT",
            description = "What the model is told before the conversation.")
    private @Nullable String system;

    @Mixin private final ModelOption model = new ModelOption();
    @Mixin private final ImageFlags images = new ImageFlags();
    @Mixin private final SamplingFlags sampling = new SamplingFlags();
    @Mixin private final FormFlags form = new FormFlags();
    @Mixin private final ToolFlags tools = new ToolFlags();
    @Mixin private final LoadFlags loading = new LoadFlags();
    @Mixin private final AnswerFlags answering = new AnswerFlags();
    @Mixin private final OutputFlags output = new OutputFlags();

    ChatCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        long seed = sampling.chooseSeed(ThreadLocalRandom.current());
        AnswerOptions.Builder options = sampling.options(seed);
        AnswerForm wanted = AnswerForm.of(form, tools, here);
        if (words.isEmpty() && here.terminals().in()) {
            return talk(wanted);
        }
        images.requireImages();
        Question question = new Question(prompt(), images.read(here));
        ChatRequest request =
                wanted.request(new Dialogue(system).asking(question, List.of()), options);
        try (ModelLoading loaded = ModelLoading.load(model, loading, here)) {
            return answer(loaded, request, seed);
        } catch (InvalidRequest refusal) {
            throw NamedImage.named(refusal, question.images());
        }
    }

    private String prompt() {
        return images.takeStandardInput() ? PromptText.typed(words) : PromptText.of(words, here);
    }

    private int answer(ModelLoading loaded, ChatRequest request, long seed) {
        OneAnswer shown = OneAnswer.of(here, output, answering);
        try (ChatStream stream = loaded.scout().stream(request)) {
            AnswerPrinter.Answer answer = shown.print(stream);
            shown.finish(
                    answer,
                    generator -> {
                        generator.writeStringProperty("model", loaded.scout().name());
                        generator.writeStringProperty("text", answer.result().text());
                        ToolCallText.write(generator, answer.result().toolCalls());
                        AnswerReport.write(generator, answer, loaded.took(), seed);
                    });
            return shown.exitCode(answer);
        }
    }

    private int talk(AnswerForm wanted) {
        if (output.json) {
            throw new InvalidRequest(
                    "json",
                    "--json needs a prompt: a conversation on the terminal is not JSON.",
                    "Put the question behind the command, or pipe it in.");
        }
        List<NamedImage> shown = images.read(here);
        try (ModelLoading loaded = ModelLoading.load(model, loading, here)) {
            AttachedImages attached = new AttachedImages(loaded.scout(), images.detail(), here);
            shown.forEach(attached::add);
            return InteractiveChat.onTerminal(
                    loaded.scout(), sampling, wanted, attached, system, output, here);
        }
    }
}
