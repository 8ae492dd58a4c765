package org.scout4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Llama4Format;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** {@code scout4j tokens}: what a text becomes for the model. */
@Command(
        name = "tokens",
        abbreviateSynopsis = true,
        description = {
            "Shows the tokens of a text: their number, ids and texts. With --image, how the tokens of",
            "each image add up; standard input is then read for -i - only.",
            "",
            "With --jsonl each line of standard input is an object and gives one line of output:",
            "  {\"text\": …, \"allowed_special\": \"none\" | \"all\" | [names], \"bos\": false, \"eos\": false}",
            "      gives {\"ids\": […]}",
            "  {\"messages\": …, \"tools\": …, \"tool_choice\": …, \"add_generation_prompt\": true}",
            "      with --chat gives {\"ids\": […], \"text\": …}",
            "Other keys are ignored. A line that cannot be used gives {\"error\": …}; the exit code is"
                    + " then 2.",
        })
final class TokensCommand implements Subcommand {
    private final Surroundings here;

    @Parameters(arity = "0..*", paramLabel = "TEXT", description = "The text.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--jsonl", description = "Read lines of JSON from standard input.")
    private boolean lines;

    @Option(names = "--chat", description = "The lines are conversations (with --jsonl).")
    private boolean chat;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "Render as scout4j, meta or hf do for Llama 4 (with --chat). Default: as chat"
                            + " does for this model.")
    private Llama4Format.@Nullable Profile profile;

    @Mixin private final ImageFlags images = new ImageFlags();
    @Mixin private final VisionPartFlag visionPart = new VisionPartFlag();
    @Mixin private final ModelOption model = new ModelOption();
    @Mixin private final OutputFlags output = new OutputFlags();

    TokensCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        checkFlags();
        if (images.given()) {
            explain(images.read(here));
            return ExitCodes.OK;
        }
        if (!lines) {
            show(PromptText.of(words, here));
            return ExitCodes.OK;
        }
        try (TokenizerOnly source = TokenizerOnly.open(model.find(here).path())) {
            LineAnswer answer =
                    chat
                            ? new ConversationLines(source.chatFormat(profile))
                            : new TextLines(source);
            return new JsonLines(here).answerAll(answer);
        }
    }

    private void checkFlags() {
        if (lines && !words.isEmpty()) {
            throw new InvalidRequest(
                    "jsonl", "--jsonl reads standard input; a TEXT was given too.", "Give one.");
        }
        if (lines && images.given()) {
            throw new InvalidRequest(
                    "jsonl", "--jsonl and --image exclude each other.", "Give one.");
        }
        images.requireImages();
        if (chat && !lines) {
            throw new InvalidRequest("chat", "--chat reads lines.", "Add --jsonl.");
        }
        if (profile != null && !chat) {
            throw new InvalidRequest(
                    "profile", "--profile is about conversations.", "Add --chat --jsonl.");
        }
    }

    private void show(String text) {
        try (TokenizerOnly source = TokenizerOnly.open(model.find(here).path())) {
            Tokenizer tokenizer = source.tokenizer();
            int[] ids = tokenizer.encode(text);
            if (output.json) {
                here.out()
                        .println(
                                JsonText.document(generator -> {
                                    generator.writeNumberProperty("count", ids.length);
                                    writeTokens(generator, ids, tokenizer);
                                }));
                return;
            }
            here.out().println(ids.length + (ids.length == 1 ? " token" : " tokens"));
            list(ids, tokenizer);
        }
    }

    private void list(int[] ids, Tokenizer tokenizer) {
        for (int id : ids) {
            String number = String.valueOf(id);
            here.out()
                    .println(
                            " ".repeat(Math.max(0, 7 - number.length()))
                                    + number
                                    + "  "
                                    + TokenText.quoted(tokenizer.bytes(id)));
        }
    }

    /** Images first, as they stand in a prompt, then the text if there is one. */
    private void explain(List<NamedImage> shown) {
        Path path = model.find(here).path();
        try (TokenizerOnly source = TokenizerOnly.withVision(path, visionPart.file(here))) {
            VisionShape vision = source.vision();
            Tokenizer tokenizer = source.tokenizer();
            List<ImageTokens> costs = shown.stream().map(image -> image.tokens(vision)).toList();
            int[] ids = tokenizer.encode(String.join(" ", words));
            int ofImages = costs.stream().mapToInt(cost -> cost.layout().tokens()).sum();
            if (output.json) {
                here.out().println(json(costs, ids, ofImages + ids.length, tokenizer));
                return;
            }
            costs.forEach(cost -> cost.explanation().forEach(here.out()::println));
            list(ids, tokenizer);
            if (costs.size() > 1 || ids.length > 0) {
                here.out()
                        .println(
                                (ofImages + ids.length)
                                        + " tokens: "
                                        + ofImages
                                        + " of images, "
                                        + ids.length
                                        + " of text");
            }
        }
    }

    private static String json(
            List<ImageTokens> images, int[] ids, int count, Tokenizer tokenizer) {
        return JsonText.document(generator -> {
            generator.writeNumberProperty("count", count);
            generator.writeArrayPropertyStart("images");
            images.forEach(image -> image.write(generator));
            generator.writeEndArray();
            writeTokens(generator, ids, tokenizer);
        });
    }

    private static void writeTokens(JsonGenerator generator, int[] ids, Tokenizer tokenizer) {
        generator.writeArrayPropertyStart("tokens");
        for (int id : ids) {
            generator.writeStartObject();
            generator.writeNumberProperty("id", id);
            generator.writeStringProperty("text", tokenizer.decode(id));
            generator.writeArrayPropertyStart("bytes");
            for (byte b : tokenizer.bytes(id)) {
                generator.writeNumber(Byte.toUnsignedInt(b));
            }
            generator.writeEndArray();
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }
}
