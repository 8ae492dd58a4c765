package org.scout4j.chat;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.error.InvalidRequest;

/**
 * What a chat format renders.
 *
 * @param addGenerationPrompt end with the header of a new assistant turn
 * @param continueFinalMessage leave the last (assistant) message open, so that generation goes on
 *     in it; excludes {@code addGenerationPrompt}
 */
public record Conversation(
        List<Message> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        boolean addGenerationPrompt,
        boolean continueFinalMessage) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** Messages without tools, with a generation prompt. */
    public static Conversation of(List<Message> messages) {
        return new Conversation(messages, List.of(), ToolChoice.AUTO, true, false);
    }

    /** The tools that the answer may call: none if the choice says so, one if it names it. */
    public List<Tool> callableTools() {
        return Tools.offered(this, false);
    }

    /**
     * @throws InvalidRequest if the choice asks for a call that no tool allows, or the last message
     *     is to be continued and cannot be
     */
    public void requirePossible() {
        Tools.requirePossible(toolChoice, tools);
        requireContinuable();
    }

    /**
     * @throws InvalidRequest if the last message is to be continued and cannot be
     */
    void requireContinuable() {
        if (!continueFinalMessage) {
            return;
        }
        if (addGenerationPrompt) {
            throw new InvalidRequest(
                    "continue_final_message",
                    "'continue_final_message' and 'add_generation_prompt' exclude each other.");
        }
        if (messages.isEmpty() || messages.getLast().role() != Message.Role.ASSISTANT) {
            throw new InvalidRequest(
                    "continue_final_message",
                    "'continue_final_message' needs an assistant message at the end.");
        }
    }

    /** The images of all messages, in order. */
    public List<ImageData> images() {
        List<ImageData> images = new ArrayList<>();
        for (Message message : messages) {
            for (Message.Part part : message.parts()) {
                if (part instanceof Message.Part.Image(ImageData image)) {
                    images.add(image);
                }
            }
        }
        return images;
    }

    /**
     * @throws InvalidRequest if anybody but the user shows an image
     * @throws IllegalArgumentException unless there is a layout for each image
     */
    void requireImages(List<ImageLayout> layouts) {
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (message.role() != Message.Role.USER && message.hasImages()) {
                throw new InvalidRequest(
                        "messages[" + i + "].content",
                        InvalidRequest.UNSUPPORTED,
                        "'messages["
                                + i
                                + "].content' has an image, and only users can show images.",
                        "Put the image into a user message.");
            }
        }
        int images = images().size();
        if (images != layouts.size()) {
            throw new IllegalArgumentException(images + " images, " + layouts.size() + " layouts");
        }
    }
}
