package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.chat.Message;

/**
 * What the user asks.
 *
 * @param images shown before the text, as models are trained
 */
record Question(String text, List<NamedImage> images) {
    Question {
        images = List.copyOf(images);
    }

    static Question of(String text) {
        return new Question(text, List.of());
    }

    Message message() {
        List<Message.Part> parts = new ArrayList<>();
        images.forEach(image -> parts.add(new Message.Part.Image(image.data())));
        parts.add(new Message.Part.Text(text));
        return new Message(Message.Role.USER, parts, List.of(), null);
    }

    /** For people: the text, and which images. */
    @Override
    public String toString() {
        if (images.isEmpty()) {
            return text;
        }
        List<String> names = images.stream().map(NamedImage::name).toList();
        return text + " (with " + String.join(", ", names) + ")";
    }
}
