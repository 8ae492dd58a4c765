package org.scout4j.server.workersai;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.DataUrl;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.request.JsonValue;
import tools.jackson.databind.JsonNode;

/** The field {@code image} that models with vision have beside their messages. */
final class RunImage {
    private static final int LARGEST_BYTE = 255;

    private RunImage() {}

    /**
     * The image: a list of bytes, base64 or a data URL.
     *
     * @param most most bytes
     */
    static ImageData read(JsonValue value, int most) {
        JsonNode node = value.node();
        if (node.isArray()) {
            if (node.size() > most) {
                throw value.invalid("has " + node.size() + " bytes, the most is " + most);
            }
            byte[] bytes = new byte[node.size()];
            for (int i = 0; i < bytes.length; i++) {
                JsonNode number = node.get(i);
                if (!number.isIntegralNumber()
                        || !number.canConvertToInt()
                        || number.intValue() < 0
                        || number.intValue() > LARGEST_BYTE) {
                    throw malformed(value);
                }
                bytes[i] = (byte) number.intValue();
            }
            return data(value, bytes);
        }
        if (!node.isString()) {
            throw malformed(value);
        }
        return data(value, decoded(value, node.stringValue(), most));
    }

    private static ImageData data(JsonValue value, byte[] bytes) {
        if (bytes.length == 0) {
            throw malformed(value);
        }
        return ImageData.of(bytes);
    }

    private static byte[] decoded(JsonValue value, String text, int most) {
        if (DataUrl.is(text) || begins(text, "http://") || begins(text, "https://")) {
            return DataUrl.image(text, value.param(), most);
        }
        return DataUrl.base64(text, value.param(), most);
    }

    private static boolean begins(String text, String beginning) {
        return text.regionMatches(true, 0, beginning, 0, beginning.length());
    }

    private static ProblemException malformed(JsonValue value) {
        return new ProblemException(
                Problems.invalid(
                        value.param(),
                        InvalidRequest.INVALID_IMAGE,
                        "'"
                                + value.param()
                                + "' must be an image file as a list of bytes (0 to 255), as base64"
                                + " or as a data URL."));
    }

    /** The conversation with an image before the text of its last user message. */
    static Conversation shown(Conversation conversation, ImageData image) {
        List<Message> messages = new ArrayList<>(conversation.messages());
        for (int i = messages.size() - 1; i >= 0; i--) {
            Message message = messages.get(i);
            if (message.role() == Message.Role.USER) {
                List<Message.Part> parts = new ArrayList<>();
                parts.add(new Message.Part.Image(image));
                parts.addAll(message.parts());
                messages.set(i, new Message(message.role(), parts, List.of(), null));
                return new Conversation(
                        messages,
                        conversation.tools(),
                        conversation.toolChoice(),
                        conversation.addGenerationPrompt(),
                        conversation.continueFinalMessage());
            }
        }
        throw RunProblems.invalid("image", "'image' needs a message of the user to belong to.");
    }
}
