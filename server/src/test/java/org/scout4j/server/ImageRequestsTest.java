package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartImage.ImageUrl.Detail;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Images by HTTP, shown to the embedded model with its own tower, which knows simple drawings. */
class ImageRequestsTest {
    private static final Path GOLDEN = Path.of("../models/scout-nano/golden-image.png");
    private static final Path SCRIPT = Path.of("src/test/python/openai_images.py");
    private static final String COLOUR = "What color is the circle?";

    private static TestServer server;
    private static OpenAIClient client;
    private static Http http;

    @BeforeAll
    static void start() {
        server = TestServer.nano(load -> load.context(4_096).slots(2));
        http = new Http(server.uri());
        client =
                OpenAIOkHttpClient.builder()
                        .baseUrl(server.uri().resolve("/v1").toString())
                        .apiKey("unused")
                        .maxRetries(0)
                        .responseValidation(true)
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /** A circle in the middle of a white square. */
    private static byte[] circle(Color color, int side, String format) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(new Color(250, 250, 250));
        graphics.fillRect(0, 0, side, side);
        graphics.setColor(color);
        graphics.fillOval(side / 5, side / 5, side * 3 / 5, side * 3 / 5);
        graphics.dispose();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, file)).isTrue();
        return file.toByteArray();
    }

    private static byte[] redCircle() throws IOException {
        return circle(new Color(220, 30, 30), 112, "png");
    }

    private static String url(byte[] image) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(image);
    }

    private static ObjectNode request(String question, String detail, byte[]... images) {
        ObjectNode body = Http.JSON.createObjectNode().put("model", Requests.MODEL);
        ArrayNode parts =
                body.putArray("messages").addObject().put("role", "user").putArray("content");
        for (byte[] image : images) {
            parts.addObject()
                    .put("type", "image_url")
                    .putObject("image_url")
                    .put("url", url(image))
                    .put("detail", detail);
        }
        parts.addObject().put("type", "text").put("text", question);
        return body.put("temperature", 0).put("max_tokens", 24);
    }

    private static JsonNode answer(ObjectNode body) throws Exception {
        Http.Reply reply = http.post("/v1/chat/completions", body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json();
    }

    private static String text(JsonNode answer) {
        return answer.at("/choices/0/message/content").stringValue();
    }

    @Test
    void drawingsAreDescribed() throws Exception {
        byte[] golden = Files.readAllBytes(GOLDEN);
        assertThat(text(answer(request("What color is the square?", "auto", golden))))
                .containsIgnoringCase("orange");
        assertThat(text(answer(request(COLOUR, "low", redCircle())))).containsIgnoringCase("red");
        byte[] blue = circle(new Color(40, 70, 220), 112, "png");
        assertThat(text(answer(request(COLOUR, "low", blue)))).containsIgnoringCase("blue");
        assertThat(text(answer(request("What shape is this?", "low", blue))))
                .containsIgnoringCase("circle");
    }

    @Test
    void usageCountsImages() throws Exception {
        ObjectNode body = request(COLOUR, "auto", redCircle());
        JsonNode usage = answer(body).get("usage");
        int tokens = usage.at("/prompt_tokens_details/image_tokens").intValue();
        // <|image_start|>, <|image|>, 16 patches, <|image_end|>
        assertThat(tokens).isEqualTo(19);
        Http.Reply counted =
                http.post("/v1/chat/completions/input_tokens", body.without(List.of("max_tokens")));
        assertThat(counted.json().get("input_tokens")).isEqualTo(usage.get("prompt_tokens"));
        JsonNode tokenized = http.post("/tokenize", messages(body)).json();
        assertThat(tokenized.get("count")).isEqualTo(usage.get("prompt_tokens"));
        JsonNode template = http.post("/apply-template", messages(body)).json();
        assertThat(template.get("tokens")).hasSize(tokenized.get("count").intValue());
        JsonNode large = answer(request(COLOUR, "high", circle(Color.RED, 448, "png")));
        assertThat(large.at("/usage/prompt_tokens_details/image_tokens").intValue())
                .isGreaterThan(16 * 16);
        JsonNode low = answer(request(COLOUR, "low", circle(Color.RED, 448, "png")));
        assertThat(low.at("/usage/prompt_tokens_details/image_tokens").intValue())
                .isEqualTo(tokens);
    }

    private static ObjectNode messages(ObjectNode body) {
        ObjectNode messages = Http.JSON.createObjectNode();
        messages.set("messages", body.get("messages"));
        return messages;
    }

    @Test
    void theModelSaysThatItSees() throws Exception {
        assertThat(http.get("/v1/models").json().at("/data/0/meta/vision").booleanValue()).isTrue();
        JsonNode architecture = http.get("/api/v1/models").json().at("/data/0/architecture");
        assertThat(architecture.get("input_modalities"))
                .extracting(JsonNode::stringValue)
                .containsExactly("text", "image");
        assertThat(http.get("/props").json().at("/modalities/vision").booleanValue()).isTrue();
    }

    @Test
    void metricsCountImages() throws Exception {
        answer(request(COLOUR, "low", circle(new Color(130, 40, 170), 112, "png")));
        String metrics = http.get("/metrics").body();
        for (String name :
                List.of(
                        "scout4j_image_encode_seconds_count",
                        "scout4j_image_tiles_total",
                        "scout4j_prompt_tokens_total{kind=\"image\"}")) {
            String line =
                    metrics.lines().filter(l -> l.startsWith(name)).findFirst().orElse("none 0");
            assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .as(name)
                    .isPositive();
        }
    }

    @Test
    void imagesOfAlmostTheLimitAreRead() throws Exception {
        byte[] image = circle(new Color(220, 30, 30), 2_640, "bmp");
        assertThat(image.length).isBetween(20_000_000, 20 << 20);
        assertThat(text(answer(request(COLOUR, "low", image)))).containsIgnoringCase("red");
        assertThat(
                        http.post(
                                        "/v1/chat/completions",
                                        request(COLOUR, "low", circle(Color.RED, 2_660, "bmp")))
                                .json()
                                .at("/error/code")
                                .stringValue())
                .isEqualTo("invalid_image");
    }

    @Test
    void whatIsNoImageIsRefused() throws Exception {
        byte[] cut = redCircle();
        byte[] half = Arrays.copyOf(cut, cut.length / 2);
        for (byte[] bytes : List.of(half, "<html>".getBytes(StandardCharsets.US_ASCII))) {
            Http.Reply reply = http.post("/v1/chat/completions", request(COLOUR, "auto", bytes));
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().at("/error/code").stringValue()).isEqualTo("invalid_image");
            assertThat(reply.json().at("/error/param").stringValue())
                    .startsWith("messages[0].content[0].image_url");
        }
    }

    private static ChatCompletionCreateParams question(byte[] image, Detail detail) {
        List<ChatCompletionContentPart> parts = new ArrayList<>();
        parts.add(
                ChatCompletionContentPart.ofImageUrl(
                        ChatCompletionContentPartImage.builder()
                                .imageUrl(
                                        ChatCompletionContentPartImage.ImageUrl.builder()
                                                .url(url(image))
                                                .detail(detail)
                                                .build())
                                .build()));
        parts.add(
                ChatCompletionContentPart.ofText(
                        ChatCompletionContentPartText.builder().text(COLOUR).build()));
        return ChatCompletionCreateParams.builder()
                .model(Requests.MODEL)
                .addUserMessageOfArrayOfContentParts(parts)
                .temperature(0.0)
                .maxCompletionTokens(24)
                .build();
    }

    @Test
    void officialJavaClient() throws Exception {
        byte[] image = circle(new Color(220, 30, 30), 1_800, "bmp");
        ChatCompletion whole = client.chat().completions().create(question(image, Detail.LOW));
        String content = whole.choices().getFirst().message().content().orElseThrow();
        assertThat(content).containsIgnoringCase("red");
        assertThat(whole.usage().orElseThrow().promptTokensDetails().orElseThrow().imageTokens())
                .contains(19L);
        StringBuilder streamed = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(question(image, Detail.LOW))) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(streamed::append));
        }
        assertThat(streamed).hasToString(content);
        assertThatThrownBy(() ->
                        client.chat()
                                .completions()
                                .create(question(new byte[] {1, 2, 3}, Detail.AUTO)))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.code()).contains("invalid_image"));
    }

    @Test
    void officialPythonClient() throws Exception {
        String python = System.getProperty("scout4j.python", "python3");
        assumeTrue(imports(python), python + " has no openai package");
        Path image = Files.createTempFile("circle", ".bmp");
        try {
            Files.write(image, circle(new Color(220, 30, 30), 1_800, "bmp"));
            Process process =
                    new ProcessBuilder(
                                    python,
                                    SCRIPT.toString(),
                                    server.uri().toString(),
                                    Requests.MODEL,
                                    image.toString())
                            .redirectErrorStream(true)
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(output).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("all passed");
        } finally {
            Files.delete(image);
        }
    }

    private static boolean imports(String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", "import openai").start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
