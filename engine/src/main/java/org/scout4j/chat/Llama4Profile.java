package org.scout4j.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.scout4j.chat.template.JsonReader;
import org.scout4j.chat.template.Value;

/** Where the published renderings of Llama 4 conversations differ (spec "Chat" §3). */
sealed interface Llama4Profile permits ScoutProfile, MetaProfile, HuggingFaceProfile {

    /**
     * Writes every turn; after the last one the generation prompt is left to the caller.
     *
     * @param tools what the prompt offers; empty for none
     */
    void write(Conversation conversation, List<Tool> tools, TurnWriter turns);

    /** Whether texts that follow each other within a turn are encoded as one. */
    boolean joinsText();

    /** The control tokens that this profile writes beside those of every turn. */
    List<String> ownControls();

    /** The definitions of tools as values. */
    static List<Value> definitions(List<Tool> tools) {
        return tools.stream().map(tool -> JsonReader.of(tool.definition(), "tools")).toList();
    }

    /** A text that lies beside the classes. */
    static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(Llama4Profile.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
