package org.scout4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import org.scout4j.AnswerOptions;
import org.scout4j.ChatResult;
import org.scout4j.ChatStream;
import org.scout4j.FinishReason;
import org.scout4j.Scout;
import org.scout4j.chat.Message;
import org.scout4j.error.EngineClosed;
import org.scout4j.error.PlatformUnfit;
import org.scout4j.error.ScoutException;

/**
 * A conversation on the terminal. Ctrl-C stops the answer that runs; at the prompt, twice quits.
 * The prompt and all talk go to standard error, answers to standard output.
 */
final class InteractiveChat {
    /** JLine at times reports one Ctrl-C twice, the second at once. */
    private static final Duration LEAST_BETWEEN_KEYS = Duration.ofMillis(50);

    private final Scout scout;
    private final Terminal terminal;
    private final LineReader reader;
    private final SlashCommands commands;
    private final Dialogue dialogue;
    private final AttachedImages images;
    private final Surroundings here;
    private final Palette palette;

    InteractiveChat(
            Scout scout,
            Terminal terminal,
            SamplingFlags sampling,
            AnswerForm form,
            AttachedImages images,
            @Nullable String system,
            OutputFlags output,
            Surroundings here) {
        this.scout = scout;
        this.terminal = terminal;
        this.dialogue = new Dialogue(system);
        this.images = images;
        this.here = here;
        this.palette = Palette.of(output.color, here.terminals().err(), here);
        this.commands = new SlashCommands(scout, dialogue, images, sampling, form, here);
        this.reader = reader(terminal, commands, here);
    }

    /** Talks on the process's own terminal until its user has enough. */
    static int onTerminal(
            Scout scout,
            SamplingFlags sampling,
            AnswerForm form,
            AttachedImages images,
            @Nullable String system,
            OutputFlags output,
            Surroundings here) {
        try (Terminal terminal =
                TerminalBuilder.builder()
                        .system(true)
                        .systemOutput(TerminalBuilder.SystemOutput.SysErrOrSysOut)
                        .encoding(StandardCharsets.UTF_8)
                        .build()) {
            return new InteractiveChat(
                            scout, terminal, sampling, form, images, system, output, here)
                    .run();
        } catch (IOException e) {
            throw new PlatformUnfit(
                    "The terminal cannot be used: " + e.getMessage() + ".",
                    "Give the question on the command line: scout4j chat \"…\"");
        }
    }

    private static LineReader reader(Terminal terminal, SlashCommands commands, Surroundings here) {
        LineReaderBuilder builder =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName("scout4j")
                        .parser(new ChatLineParser())
                        .completer(commands::complete)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .variable(LineReader.SECONDARY_PROMPT_PATTERN, "… ");
        historyFile(here).ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        LineReader reader = builder.build();
        reader.getWidgets()
                .put(
                        "insert-newline",
                        () -> {
                            reader.getBuffer().write('\n');
                            return true;
                        });
        // Alt-Enter sends escape, then what Enter sends.
        Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN))
                .bind(new Reference("insert-newline"), "\033\r", "\033\n");
        return reader;
    }

    /** Readable by its owner only: questions are private. Without a place for it, no history. */
    private static Optional<Path> historyFile(Surroundings here) {
        Optional<Path> states =
                here.variable("XDG_STATE_HOME")
                        .map(Path::of)
                        .or(() ->
                                here.variable("HOME")
                                        .map(home -> Path.of(home, ".local", "state")));
        if (states.isEmpty()) {
            return Optional.empty();
        }
        Path file = states.get().resolve("scout4j").resolve("history");
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.createFile(file);
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString("rw-------"));
                }
            }
            return Optional.of(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads and answers until the user quits.
     *
     * @return the exit code
     */
    int run() {
        say(
                palette.faint(
                        scout.name()
                                + " · "
                                + scout.plan().context()
                                + " tokens · "
                                + scout.backendName()
                                + " · /help lists commands, Ctrl-D quits"));
        while (true) {
            String line = nextLine();
            try {
                if (line == null || !take(line)) {
                    return ExitCodes.OK;
                }
            } catch (EngineClosed e) {
                throw e;
            } catch (ScoutException e) {
                Failure.of(e).print(here.err(), false, palette);
            }
        }
    }

    /** What the user types; null after Ctrl-D, or Ctrl-C twice at an empty prompt. */
    private @Nullable String nextLine() {
        boolean warned = false;
        while (true) {
            long asked = System.nanoTime();
            try {
                return ChatLineParser.text(reader.readLine(palette.strong("> ")));
            } catch (EndOfFileException e) {
                return null;
            } catch (UserInterruptException e) {
                Thread.interrupted(); // JLine may leave the mark for its next call
                boolean sameKey = System.nanoTime() - asked < LEAST_BETWEEN_KEYS.toNanos();
                if (sameKey || !e.getPartialLine().isBlank()) {
                    continue;
                }
                if (warned) {
                    return null;
                }
                warned = true;
                say("Ctrl-C once more quits; so does Ctrl-D or /bye.");
            }
        }
    }

    /** Answers a line, or obeys it; false when it asks to quit. */
    private boolean take(String line) {
        if (line.isEmpty()) {
            return true;
        }
        if (!line.startsWith("/")) {
            if (answer(new Question(line, images.all()))) {
                images.clear();
            }
            return true;
        }
        return switch (commands.obey(line)) {
            case SlashCommands.Outcome.Done done -> true;
            case SlashCommands.Outcome.Quit quit -> false;
            case SlashCommands.Outcome.Ask(Question question) -> {
                answer(question);
                yield true;
            }
        };
    }

    /**
     * Asks, and goes on with the results of calls; what came becomes part of the conversation, also
     * when it was stopped. Without the result of a call the question is forgotten.
     *
     * @return whether question and answer are part of the conversation now
     */
    private boolean answer(Question question) {
        List<Message> reply = new ArrayList<>();
        AnswerForm form = commands.form();
        while (true) {
            AnswerPrinter.Answer answer = answer(dialogue.asking(question, reply), form);
            ChatResult result = answer.result();
            commands.answered(result);
            if (result.finishReason() != FinishReason.TOOL_CALLS) {
                reply.add(Message.assistant(result.text())); // a call that was cut is none
                dialogue.add(question, reply);
                remark(answer);
                return true;
            }
            reply.add(result.message());
            List<Message> results = results(result.toolCalls());
            if (results.isEmpty()) {
                say(palette.faint("cancelled; the question is forgotten"));
                return false;
            }
            reply.addAll(results);
            form = form.afterCalls();
        }
    }

    private AnswerPrinter.Answer answer(List<Message> messages, AnswerForm form) {
        AnswerOptions.Builder options =
                commands.sampling()
                        .options(commands.sampling().chooseSeed(ThreadLocalRandom.current()));
        Interruption stopping = new Interruption();
        Terminal.SignalHandler before =
                terminal.handle(Terminal.Signal.INT, signal -> stopping.raise());
        try (ChatStream stream = scout.stream(form.request(messages, options))) {
            AnswerPrinter printer = new AnswerPrinter(here.out(), new StatusLine(here), true);
            AnswerPrinter.Answer answer = printer.print(stream, stopping);
            ChatResult result = answer.result();
            here.out().print(ToolCallText.after(result.text(), result.toolCalls()) + "\n");
            here.out().flush();
            return answer;
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    /** What the user says that the calls result in; empty to cancel. */
    private List<Message> results(List<Message.ToolCall> calls) {
        List<Message> results = new ArrayList<>();
        for (Message.ToolCall call : calls) {
            String text;
            try {
                text =
                        ChatLineParser.text(
                                reader.readLine(palette.strong("result of " + call.name() + "> ")));
            } catch (EndOfFileException | UserInterruptException e) {
                Thread.interrupted(); // JLine may leave the mark for its next call
                return List.of();
            }
            if (text.isBlank()) {
                return List.of();
            }
            results.add(
                    new Message(
                            Message.Role.TOOL,
                            List.of(new Message.Part.Text(text)),
                            List.of(),
                            call.id()));
        }
        return results;
    }

    private void remark(AnswerPrinter.Answer answer) {
        if (answer.stopped()) {
            say(palette.faint("stopped; /regen asks again, /undo takes the question back"));
        } else if (answer.result().finishReason() == FinishReason.LENGTH) {
            say(palette.faint("cut by its length; /set max_tokens N allows more"));
        }
    }

    private void say(String text) {
        here.err().println(text);
        here.err().flush();
    }
}
