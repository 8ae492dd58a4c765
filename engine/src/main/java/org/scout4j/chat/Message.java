package org.scout4j.chat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param parts the content in order; empty for an assistant message that only calls tools
 * @param toolCalls calls that an assistant message made
 * @param toolCallId the call that a tool message answers, or null
 */
public record Message(
        Role role, List<Part> parts, List<ToolCall> toolCalls, @Nullable String toolCallId) {
    public Message {
        parts = List.copyOf(parts);
        toolCalls = List.copyOf(toolCalls);
    }

    public static Message system(String text) {
        return new Message(Role.SYSTEM, List.of(new Part.Text(text)), List.of(), null);
    }

    public static Message user(String text) {
        return new Message(Role.USER, List.of(new Part.Text(text)), List.of(), null);
    }

    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Part.Text(text)), List.of(), null);
    }

    /** Who speaks. {@code developer} is SYSTEM, {@code function} and {@code ipython} are TOOL. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL
    }

    /** A piece of content. */
    public sealed interface Part {
        /** Ordinary text; never read as control tokens. */
        record Text(String text) implements Part {}

        /** An image. */
        record Image(ImageData image) implements Part {}
    }

    /**
     * A call that the assistant made.
     *
     * @param arguments JSON text as the client or model gave it, not necessarily valid
     */
    public record ToolCall(String id, String name, String arguments) {}

    /** The parts, neighbouring texts joined with nothing between. */
    public List<Part> runs() {
        List<Part> runs = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Text(String text)
                    && !runs.isEmpty()
                    && runs.getLast() instanceof Part.Text(String before)) {
                runs.set(runs.size() - 1, new Part.Text(before + text));
            } else {
                runs.add(part);
            }
        }
        return runs;
    }

    /** Whether a part is an image. */
    public boolean hasImages() {
        return parts.stream().anyMatch(Part.Image.class::isInstance);
    }

    /** The text parts, joined with nothing between. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String piece) -> text.append(piece);
                case Part.Image _ -> {}
            }
        }
        return text.toString();
    }
}
