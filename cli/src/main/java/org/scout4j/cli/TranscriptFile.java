package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;
import tools.jackson.core.JsonGenerator;

/** A conversation as a file: JSON when its name ends so, else Markdown. */
final class TranscriptFile {
    private TranscriptFile() {}

    /**
     * @param replace whether an existing file may be written over
     */
    static void write(Path file, Dialogue dialogue, String model, boolean replace) {
        boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
        String text = json ? json(dialogue, model) : markdown(dialogue, model);
        if (!replace && Files.exists(file)) {
            throw new InvalidRequest("file", file + " exists already.", "Choose another name.");
        }
        try {
            Files.writeString(
                    file,
                    text,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new InvalidRequest("file", file + " cannot be written: " + IoReason.of(e) + ".");
        }
    }

    private static String json(Dialogue dialogue, String model) {
        return JsonText.document(generator -> {
            generator.writeStringProperty("model", model);
            generator.writeArrayPropertyStart("messages");
            for (Message message : dialogue.messages()) {
                generator.writeStartObject();
                generator.writeStringProperty("role", role(message));
                content(generator, message);
                ToolCallText.write(generator, message.toolCalls());
                if (message.toolCallId() != null) {
                    generator.writeStringProperty("tool_call_id", message.toolCallId());
                }
                generator.writeEndObject();
            }
            generator.writeEndArray();
        })
                + "\n";
    }

    private static void content(JsonGenerator generator, Message message) {
        if (!message.hasImages()) {
            generator.writeStringProperty("content", message.text());
            return;
        }
        generator.writeArrayPropertyStart("content");
        for (Message.Part part : message.parts()) {
            generator.writeStartObject();
            switch (part) {
                case Message.Part.Text(String text) -> {
                    generator.writeStringProperty("type", "text");
                    generator.writeStringProperty("text", text);
                }
                case Message.Part.Image(ImageData image) -> {
                    generator.writeStringProperty("type", "image_url");
                    generator.writeObjectPropertyStart("image_url");
                    generator.writeStringProperty("url", DataUrl.of(image.bytes()));
                    generator.writeStringProperty(
                            "detail", image.detail().name().toLowerCase(Locale.ROOT));
                    generator.writeEndObject();
                }
            }
            generator.writeEndObject();
        }
        generator.writeEndArray();
    }

    /** The names of images stand for them. */
    private static String markdown(Dialogue dialogue, String model) {
        StringBuilder text = new StringBuilder("# Conversation with " + model + "\n");
        String system = dialogue.system();
        if (system != null) {
            markdown(text, Message.system(system), List.of());
        }
        for (Dialogue.Turn turn : dialogue.turns()) {
            markdown(text, turn.question().message(), turn.question().images());
            turn.reply().forEach(message -> markdown(text, message, List.of()));
        }
        return text.toString();
    }

    private static void markdown(StringBuilder text, Message message, List<NamedImage> images) {
        text.append("\n## ").append(role(message)).append("\n\n");
        for (NamedImage image : images) {
            text.append("[image: ").append(image.name()).append("]\n\n");
        }
        text.append(message.text());
        text.append(ToolCallText.after(message.text(), message.toolCalls()));
    }

    private static String role(Message message) {
        return message.role().name().toLowerCase(Locale.ROOT);
    }
}
