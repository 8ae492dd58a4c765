package org.scout4j.server.workersai;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ImageData;
import org.scout4j.server.request.ChatDraft;

/** Collects a request to run the model while it is read. */
final class RunDraft {
    private final ChatDraft chat;
    private @Nullable String prompt;
    private @Nullable ImageData image;
    private @Nullable String reference;
    private boolean raw;
    private boolean functions;

    RunDraft(ChatDraft chat) {
        this.chat = chat;
        chat.answer().obfuscated(true);
    }

    ChatDraft chat() {
        return chat;
    }

    void prompt(String text) {
        prompt = text;
        chat.prompt(text);
    }

    void raw(boolean wanted) {
        raw = wanted;
    }

    void image(ImageData shown) {
        image = shown;
    }

    /** Images that the conversation shows. */
    int images() {
        return chat.images().count() + (image == null ? 0 : 1);
    }

    /** Notes that deprecated functions were sent. */
    void functions() {
        functions = true;
    }

    boolean hasFunctions() {
        return functions;
    }

    void reference(String name) {
        reference = name;
    }

    Optional<String> reference() {
        return Optional.ofNullable(reference);
    }

    /**
     * The prompt that is to be continued as it stands, if that was asked for.
     *
     * @throws org.scout4j.server.ProblemException if there is none, or it has company that only a
     *     conversation can have
     */
    Optional<String> rawPrompt() {
        if (!raw) {
            return Optional.empty();
        }
        if (prompt == null) {
            throw RunProblems.invalid(
                    "raw", "'raw' needs 'prompt': a text in the format of the model.");
        }
        if (image != null) {
            throw RunProblems.invalid("image", "'image' cannot stand beside a raw prompt.");
        }
        return Optional.of(prompt);
    }

    /** The conversation to be answered. */
    Conversation conversation() {
        Conversation conversation = chat.conversation();
        return image == null ? conversation : RunImage.shown(conversation, image);
    }
}
