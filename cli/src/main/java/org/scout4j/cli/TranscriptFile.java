package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;

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
                generator.writeStringProperty("content", message.text());
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

    private static String markdown(Dialogue dialogue, String model) {
        StringBuilder text = new StringBuilder("# Conversation with " + model + "\n");
        for (Message message : dialogue.messages()) {
            text.append("\n## ").append(role(message)).append("\n\n");
            text.append(message.text());
            text.append(ToolCallText.after(message.text(), message.toolCalls()));
        }
        return text.toString();
    }

    private static String role(Message message) {
        return message.role().name().toLowerCase(Locale.ROOT);
    }
}
