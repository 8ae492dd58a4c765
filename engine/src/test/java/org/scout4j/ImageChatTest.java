package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.data.Offset.offset;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Message;
import org.scout4j.engine.Dispatch;
import org.scout4j.error.Cancelled;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.InvalidRequest;
import org.scout4j.vision.ImageLimits;

/** Conversations with images, from the face, on the embedded model. */
@Timeout(120)
class ImageChatTest {
    private static final Path NANO = Path.of("../models/scout-nano");
    private static final Path TEXT_ONLY = Path.of("src/test/resources/golden/model/scout-tiny");

    /** Little memory: what is not given back is missed soon. */
    private static final ImageLimits LIMITS =
            new ImageLimits(3, 1 << 20, 1_000_000, 2000, 4, 2 << 20);

    private static Scout scout;
    private static byte[] golden;

    @BeforeAll
    static void load() throws IOException {
        scout =
                Scout.load(
                        NANO,
                        LoadOptions.builder().context(512).slots(3).imageLimits(LIMITS).build());
        golden = Files.readAllBytes(NANO.resolve("golden-image.png"));
    }

    @AfterAll
    static void close() {
        scout.close();
    }

    /** Spec: models/scout-nano/README.md, "Reference values", case "image". */
    @Test
    void theEmbeddedModelSeesWhatItsReferenceSees() {
        SafetensorsFixture expected = SafetensorsFixture.open(NANO.resolve("expected.safetensors"));
        int[] prompt = expected.ints("image.input_ids");
        int[] topIds = expected.ints("image.logits.top_ids");
        float[] top = expected.floats("image.logits.top");
        float[] last = expected.floats("image.logits.last");
        int kept = top.length / prompt.length;
        try (PromptScorer scorer = PromptScorer.open(NANO, "vector", 2)) {
            scorer.score(
                    prompt,
                    List.of(golden),
                    (position, row) -> {
                        for (int i = position * kept; i < (position + 1) * kept; i++) {
                            assertThat(row[topIds[i]])
                                    .as("position %d id %d", position, topIds[i])
                                    .isCloseTo(top[i], offset(2e-3f));
                        }
                        if (position == prompt.length - 1) {
                            assertThat(row).containsExactly(last, offset(2e-3f));
                        }
                    });
        }
        Conversation asked = Conversation.of(List.of(showing("What color is the square?", golden)));
        assertThat(scout.promptTokens(asked)).isEqualTo(prompt);
        int[] greedy = expected.ints("image.greedy.ids");
        ChatResult answer = scout.chat(request(showing("What color is the square?", golden)));
        assertThat(scout.tokenizer().encode(answer.text()))
                .isEqualTo(Arrays.copyOf(greedy, answer.usage().completionTokens() - 1));
    }

    @Test
    void usageCountsTheTokensOfImages() {
        byte[] wide = png(224, 100, Color.RED); // two tiles and the whole

        ChatResult answer = scout.chat(request(showing("What is this?", golden, wide)));

        int one = 16 + 3;
        int two = 3 * 16 + 2 + 3;
        assertThat(answer.usage().imageTokens()).isEqualTo(one + two);
        assertThat(scout.imageCost(ImageData.of(wide))).isEqualTo(new ImageCost(1, 2, 3, two));
        ImageData low = new ImageData(wide, ImageData.Detail.LOW);
        assertThat(scout.imageCost(low)).isEqualTo(new ImageCost(1, 1, 1, one));
    }

    @Test
    void anImageOfAnEarlierTurnComesFromTheCacheAndAnotherOneDoesNot() {
        Message first = showing("What do you see here, in this picture of mine?", golden);
        ChatResult answer = scout.chat(request(first));
        Message next = Message.user("And how many?");
        Message said = Message.assistant(answer.text());

        assertThat(scout.chat(request(first, said, next)).usage().cachedTokens())
                .isGreaterThanOrEqualTo(32);
        Message other = showing("What do you see here, in this picture of mine?", png(112, 112));
        assertThat(scout.chat(request(other, said, next)).usage().cachedTokens()).isZero();
        List<ChatStream> foreign =
                scout.streams(request(first), 1, Dispatch.ordinary().withTenant("other"));
        ChatResult theirs = foreign.getFirst().result();
        assertThat(theirs.usage().cachedTokens()).isZero();
        assertThat(theirs.text()).isEqualTo(answer.text());
    }

    /** However requests end, the memory of their images comes back. */
    @Test
    void memoryOfImagesComesBack() {
        byte[] large = png(448, 448, Color.GREEN);
        for (int round = 0; round < 12; round++) {
            scout.chat(request(showing("What is this?", large)));
            scout.streams(request(showing("What is this?", large)), 3, Dispatch.ordinary())
                    .forEach(ChatStream::result);
            ChatStream left = scout.stream(request(showing("What is this?", large)));
            left.close();
            assertThatExceptionOfType(Cancelled.class).isThrownBy(left::result);
            assertThatExceptionOfType(ContextOverflow.class)
                    .isThrownBy(
                            () -> scout.stream(request(showing("a ".repeat(600), large))).close());
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(
                            () -> scout.stream(request(showing("?", large, new byte[9]))).close());
            scout.imageCost(ImageData.of(large));
            scout.promptText(Conversation.of(List.of(showing("?", large))));
        }
    }

    @Test
    void whatIsWrongWithAnImageIsSaidWithItsPlace() {
        Message broken = showing("What is this?", golden, new byte[] {1, 2, 3});

        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> scout.stream(request(Message.user("Hello"), broken)))
                .satisfies(e -> {
                    assertThat(e.param()).contains("messages[1].content[1].image_url.url");
                    assertThat(e.code()).contains("invalid_image");
                });
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(
                        () -> scout.stream(request(showing("?", golden, golden, golden, golden))))
                .withMessageContaining("4 images")
                .withMessageContaining("3");
        Message fromSystem =
                new Message(Message.Role.SYSTEM, showing("?", golden).parts(), List.of(), null);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> scout.stream(request(fromSystem, Message.user("?"))))
                .satisfies(e -> assertThat(e.param()).contains("messages[0].content"));
    }

    /** The embedded model's patch token is 13 (its README, "Format"). */
    @Test
    void nobodyTypesAPatchOrGetsOne() {
        int patch = 13;
        int[] typed =
                scout.promptTokens(new CompletionRequest.Text("a<|patch|>b<|image|>", true, false));
        assertThat(typed).doesNotContain(patch).contains(12);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() ->
                        scout.promptTokens(
                                new CompletionRequest.Tokens(new int[] {5, patch}, false)))
                .withMessageContaining("13");
        ChatRequest wanting =
                ChatRequest.builder()
                        .messages(List.of(showing("What is this?", golden)))
                        .options(o -> o.sampling(s -> s.temperature(0).logitBias(patch, 100)))
                        .maxTokens(8)
                        .build();
        assertThat(scout.chat(wanting).text()).isNotBlank().doesNotContain("patch");
    }

    @Test
    void aModelOfTextRefusesImages() {
        try (Scout text = Scout.load(TEXT_ONLY, LoadOptions.builder().context(64).build())) {
            assertThat(text.readsImages()).isFalse();
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> text.stream(request(showing("?", golden))))
                    .withMessageContaining("reads text only");
        }
        assertThat(scout.readsImages()).isTrue();
    }

    private static ChatRequest request(Message... messages) {
        return ChatRequest.builder()
                .messages(List.of(messages))
                .temperature(0)
                .maxTokens(24)
                .build();
    }

    private static Message showing(String text, byte[]... images) {
        List<Message.Part> parts = new ArrayList<>();
        for (byte[] image : images) {
            parts.add(new Message.Part.Image(ImageData.of(image)));
        }
        parts.add(new Message.Part.Text(text));
        return new Message(Message.Role.USER, parts, List.of(), null);
    }

    private static byte[] png(int width, int height) {
        return png(width, height, Color.BLUE);
    }

    private static byte[] png(int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(color);
        graphics.fillOval(width / 4, height / 4, width / 2, height / 2);
        graphics.dispose();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }
}
