package org.scout4j.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import org.scout4j.vision.Canvas;
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
            if (!hasImages()) {
                return ConversationReader.read(request);
            }
            return Conversation.of(
                    ConversationReader.messages(
                            request.get("messages"),
                            (url, detail, param) -> new ImageData(url.getBytes(UTF_8), detail)));
        }

        /** What Scout makes of the images, whose URLs name nothing but a size. */
        List<ImageLayout> layouts() {
            return conversation().images().stream().map(Row::layout).toList();
        }

        private static ImageLayout layout(ImageData image) {
            String[] size = new String(image.bytes(), UTF_8).split("[:x]", -1);
            Canvas canvas =
                    Canvas.of(Integer.parseInt(size[1]), Integer.parseInt(size[2]), 336, 16);
            return new ImageLayout(canvas.rows(), canvas.columns(), 144);
        }

        int[] ids() {
            if (node.has("ids")) {
                return node.get("ids").valueStream().mapToInt(JsonNode::intValue).toArray();
            }
            return node.get("ids_rle")
                    .valueStream()
                    .flatMapToInt(run ->
                            IntStream.range(0, run.get(1).intValue())
                                    .map(i -> run.get(0).intValue()))
                    .toArray();
        }

        String renderedText() {
            if (node.has("rendered_text")) {
                return node.get("rendered_text").stringValue();
            }
            String patches = "<|patch|>*144";
            String text = node.get("rendered_text_rle").stringValue();
            return text.replace(patches, "<|patch|>".repeat(144));
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
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
