package org.scout4j.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The golden conversations (spec "Chat" §6) and the vocabulary they were made with. */
final class ChatFixtures {
    /** Llama 4's published vocabulary. */
    static final Tokenizer LLAMA4 = Tokenizers.open(golden("tokenizer/tokenizer.model"));

    static final List<Row> ROWS =
            StreamSupport.stream(
                            JsonMapper.shared()
                                    .readTree(resource("/golden/chat/conversations.json"))
                                    .spliterator(),
                            false)
                    .map(Row::new)
                    .toList();

    private ChatFixtures() {}

    /** One row of {@code conversations.json}. */
    record Row(JsonNode node) {
        String id() {
            return node.get("id").stringValue();
        }

        boolean hasProfile(String profile) {
            return node.get("profiles")
                    .valueStream()
                    .anyMatch(p -> p.stringValue().equals(profile));
        }

        /** Rows with images belong to the image format, not to text. */
        boolean hasImages() {
            return node.get("messages").toString().contains("image_url");
        }

        Conversation conversation() {
            ObjectNode request = JsonMapper.shared().createObjectNode();
            for (String field : List.of("messages", "tools", "tool_choice")) {
                if (node.has(field)) {
                    request.set(field, node.get(field));
                }
            }
            return ConversationReader.read(request);
        }

        int[] ids() {
            return node.get("ids").valueStream().mapToInt(JsonNode::intValue).toArray();
        }

        String renderedText() {
            return node.get("rendered_text").stringValue();
        }

        @Override
        public String toString() {
            return id();
        }
    }

    static Path golden(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(ChatFixtures.class.getResource("/golden/" + name), name)
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(ChatFixtures.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
