package org.scout4j.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import org.scout4j.ChatResult;
import org.scout4j.ResponseFormat;
import org.scout4j.Scout;
import org.scout4j.chat.Tool;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.error.InvalidRequest;

/** The lines of an interactive chat that begin with a slash. */
final class SlashCommands {
    private static final String OFF = "off";

    private static final List<String> HELP =
            List.of(
                    "/system TEXT          what the model is told before the conversation; empty: nothing",
                    "/set NAME VALUE       change a parameter; /show params lists them",
                    "/show params|model    what is set, what is loaded",
                    "/image FILE|off       show the model an image with the next question",
                    "/schema FILE|off      hold answers to a JSON Schema",
                    "/tools FILE|off       functions the model may call; you give their results",
                    "/regen                answer the last question again",
                    "/undo                 take the last question and its answer back",
                    "/clear                forget the conversation",
                    "/save FILE            write the conversation as Markdown, or JSON (FILE.json)",
                    "/stats                numbers of the last answer",
                    "/tokens TEXT          count the tokens of a text",
                    "/bye                  quit (so does Ctrl-D)",
                    "\"\"\" … \"\"\"             a question of several lines; Alt-Enter starts a new line too",
                    "Ctrl-C                stop the answer");

    private static final List<String> NAMES =
            List.of(
                    "/help",
                    "/system ",
                    "/set ",
                    "/show params",
                    "/show model",
                    "/image ",
                    "/schema ",
                    "/tools ",
                    "/regen",
                    "/undo",
                    "/clear",
                    "/save ",
                    "/stats",
                    "/tokens ",
                    "/bye");

    /** Those whose argument is a file. */
    private static final Set<String> OF_FILES = Set.of("/image ", "/schema ", "/tools ", "/save ");

    private final Scout scout;
    private final Dialogue dialogue;
    private final AttachedImages images;
    private final Surroundings here;
    private final Set<Path> saved = new HashSet<>();
    private SamplingFlags sampling;
    private AnswerForm form;
    private @Nullable ChatResult last;

    SlashCommands(
            Scout scout,
            Dialogue dialogue,
            AttachedImages images,
            SamplingFlags sampling,
            AnswerForm form,
            Surroundings here) {
        this.scout = scout;
        this.dialogue = dialogue;
        this.images = images;
        this.sampling = sampling;
        this.form = form;
        this.here = here;
    }

    /** What the chat does next. */
    sealed interface Outcome {
        Outcome DONE = new Done();

        record Done() implements Outcome {}

        record Quit() implements Outcome {}

        record Ask(Question question) implements Outcome {}
    }

    /** The parameters as they are set now. */
    SamplingFlags sampling() {
        return sampling;
    }

    /** What answers may be now. */
    AnswerForm form() {
        return form;
    }

    /** Remembers an answer's numbers for {@code /stats}. */
    void answered(ChatResult result) {
        last = result;
    }

    /** Offers commands for the Tab key, and behind some of them files. */
    void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String begun = line.line();
        for (String name : NAMES) {
            if (name.startsWith(begun)) {
                candidates.add(candidate(name.strip(), name.strip(), name.endsWith(" ")));
            }
        }
        for (String command : OF_FILES) {
            if (begun.startsWith(command)) {
                String typed = begun.substring(command.length());
                for (String file : new TypedPath(typed, here).completions()) {
                    candidates.add(candidate(command + file, file, !file.endsWith("/")));
                }
            }
        }
    }

    private static Candidate candidate(String line, String shown, boolean whole) {
        return new Candidate(line, shown, null, null, null, null, whole);
    }

    /**
     * @throws org.scout4j.error.ScoutException if the line makes no sense, with what would
     */
    Outcome obey(String line) {
        int blank = line.indexOf(' ');
        String name = blank < 0 ? line : line.substring(0, blank);
        String rest = blank < 0 ? "" : line.substring(blank + 1).strip();
        switch (name) {
            case "/help", "/?" -> HELP.forEach(this::say);
            case "/system" -> setSystem(rest);
            case "/set" -> set(rest);
            case "/show" -> show(rest);
            case "/image" -> image(rest);
            case "/schema" -> schema(rest);
            case "/tools" -> tools(rest);
            case "/regen" -> {
                return regenerate();
            }
            case "/undo" -> undo();
            case "/clear" -> {
                dialogue.clear();
                images.clear();
                say("The conversation is empty.");
            }
            case "/save" -> save(rest);
            case "/stats" -> stats();
            case "/tokens" -> tokens(rest);
            case "/bye", "/exit", "/quit" -> {
                return new Outcome.Quit();
            }
            default ->
                    throw new InvalidRequest(
                            "command",
                            "There is no command " + name + ".",
                            "/help lists them; begin a question with a blank and no slash.");
        }
        return Outcome.DONE;
    }

    private void setSystem(String text) {
        dialogue.setSystem(text);
        say(text.isEmpty() ? "No system text." : "The system text is set.");
    }

    private void image(String file) {
        requireFile("image", "label.png", file);
        if (file.equals(OFF)) {
            images.clear();
            say("No images.");
        } else {
            images.add(file);
        }
    }

    private void schema(String file) {
        requireFile("schema", "schema.json", file);
        if (file.equals(OFF)) {
            form = form.withFormat(ResponseFormat.TEXT);
            say("Answers are free text.");
        } else {
            form = form.withFormat(FormFlags.schema(file, here));
            say("Answers are held to " + file + "; /schema off lets them go.");
        }
    }

    private void tools(String file) {
        requireFile("tools", "tools.json", file);
        form = form.withTools(file.equals(OFF) ? List.of() : ToolFlags.tools(file, here));
        say(
                form.tools().isEmpty()
                        ? "No tools."
                        : "The model may call "
                                + String.join(", ", form.tools().stream().map(Tool::name).toList())
                                + "; /tools off takes them away.");
    }

    private static void requireFile(String command, String example, String file) {
        if (file.isEmpty()) {
            throw new InvalidRequest(
                    command,
                    "/" + command + " takes a file name, or off.",
                    "For example: /" + command + " " + example);
        }
    }

    private void set(String rest) {
        int blank = rest.indexOf(' ');
        if (blank < 0) {
            throw new InvalidRequest(
                    "set", "/set takes a name and a value.", "For example: /set temperature 0.7");
        }
        String name = rest.substring(0, blank);
        String value = rest.substring(blank + 1).strip();
        SamplingFlags changed = sampling.copy();
        changed.set(name, value);
        sampling = changed;
        say(name + " is " + value + " now.");
    }

    private void show(String what) {
        switch (what) {
            case "params" -> sampling.describe().forEach(this::say);
            case "model" -> showModel();
            default ->
                    throw new InvalidRequest(
                            "show", "/show takes params or model.", "For example: /show params");
        }
    }

    private void showModel() {
        ModelShape shape = scout.shape();
        say("model    " + scout.name());
        say("layers   " + shape.layers().size() + ", " + shape.hidden() + " wide");
        say("context  " + scout.plan().context() + " tokens");
        say("backend  " + scout.backendName());
        String system = dialogue.system();
        say("system   " + (system == null ? "none" : system));
    }

    private Outcome regenerate() {
        Dialogue.Turn turn = dialogue.undo();
        if (turn == null) {
            throw new InvalidRequest("regen", "There is no question yet.");
        }
        if (sampling.temperature == 0) {
            say("At temperature 0 an answer repeats; /set temperature 0.7 brings others.");
        }
        return new Outcome.Ask(turn.question());
    }

    private void undo() {
        Dialogue.Turn turn = dialogue.undo();
        say(turn == null ? "There is nothing to take back." : "Taken back: " + turn.question());
    }

    private void save(String name) {
        if (name.isEmpty()) {
            throw new InvalidRequest(
                    "save", "/save takes a file name.", "For example: /save talk.md");
        }
        Path file = here.directory().resolve(name);
        TranscriptFile.write(file, dialogue, scout.name(), saved.contains(file));
        saved.add(file);
        say("Saved " + dialogue.turns().size() + " turns to " + file + ".");
    }

    private void stats() {
        if (last == null) {
            say("There is no answer yet.");
            return;
        }
        say(AnswerReport.line(last));
        say("context " + last.usage().totalTokens() + " of " + scout.plan().context() + " tokens");
    }

    private void tokens(String text) {
        int[] ids = scout.tokenizer().encode(text);
        StringBuilder line =
                new StringBuilder(ids.length + (ids.length == 1 ? " token:" : " tokens:"));
        for (int id : ids) {
            line.append(' ').append(TokenText.quoted(scout.tokenizer().bytes(id)));
        }
        say(line.toString());
    }

    private void say(String text) {
        here.err().println(text);
        here.err().flush();
    }
}
