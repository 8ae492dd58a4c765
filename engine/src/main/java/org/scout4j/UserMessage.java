package org.scout4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;

/**
 * Collects what a user says and shows, in order. Models are trained on images that stand before the
 * question.
 *
 * {@snippet :
 * ChatRequest ask = ChatRequest.builder()
 *         .user(u -> u.image(Path.of("label.png")).text("What does the label say?"))
 *         .build();
 * }
 */
public final class UserMessage {
    private final List<Message.Part> parts = new ArrayList<>();

    private UserMessage() {}

    /**
     * The message that {@code content} makes: for {@link Session}, and where messages are kept.
     *
     * @throws InvalidRequest if it is empty, or a file cannot be read
     */
    public static Message of(Consumer<UserMessage> content) {
        UserMessage collected = new UserMessage();
        content.accept(collected);
        if (collected.parts.isEmpty()) {
            throw new InvalidRequest(
                    "messages", "A user message is empty.", "Give it a text or an image.");
        }
        return new Message(Message.Role.USER, collected.parts, List.of(), null);
    }

    public UserMessage text(String text) {
        parts.add(new Message.Part.Text(text));
        return this;
    }

    /**
     * Shows an image in as many tiles as the model takes. The file is read now.
     *
     * @param file PNG, JPEG, WebP, GIF or BMP, at most 20 MiB
     * @throws InvalidRequest if it is missing, not readable, a directory or too large
     */
    public UserMessage image(Path file) {
        return image(file, ImageData.Detail.HIGH);
    }

    /** The same, looked at as closely as is said. */
    public UserMessage image(Path file, ImageData.Detail detail) {
        return image(ImageData.ofFile(file, detail));
    }

    /** Shows an encoded image in as many tiles as the model takes. */
    public UserMessage image(byte[] file) {
        return image(ImageData.of(file));
    }

    /** The same, looked at as closely as is said. */
    public UserMessage image(byte[] file, ImageData.Detail detail) {
        return image(new ImageData(file, detail));
    }

    private UserMessage image(ImageData image) {
        parts.add(new Message.Part.Image(image));
        return this;
    }
}
