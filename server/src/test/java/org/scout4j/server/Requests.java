package org.scout4j.server;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Random requests that any order of arrival must answer alike: all of them are seeded. */
final class Requests {
    static final String MODEL = ServedModel.SCOUT_NAMES.getFirst();

    private static final String[] PREFIXES = {
        "You are a patient librarian who answers in one sentence and never invents a source. ",
        "Summarise the following report for a reader who has only a minute. The report begins. ",
        ""
    };

    private Requests() {}

    /** A request body for {@link #path}, with everything that draws or shows numbers. */
    static ObjectNode random(SplittableRandom random) {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", MODEL);
        String text =
                PREFIXES[random.nextInt(PREFIXES.length)] + words(random, 1 + random.nextInt(40));
        if (random.nextBoolean()) {
            body.putArray("messages").addObject().put("role", "user").put("content", text);
            body.put("logprobs", true).put("top_logprobs", random.nextInt(4));
        } else {
            body.put("prompt", text).put("logprobs", random.nextInt(4));
            body.put("echo", random.nextInt(4) == 0);
        }
        body.put(
                "max_tokens",
                1 + (random.nextInt(3) == 0 ? random.nextInt(120) : random.nextInt(16)));
        body.put("seed", random.nextInt(1 << 20));
        body.put("temperature", random.nextInt(4) == 0 ? 0 : random.nextInt(21) / 10.0);
        body.put("top_p", 0.5 + random.nextInt(6) / 10.0);
        body.put("presence_penalty", random.nextInt(-2, 3));
        body.put("repetition_penalty", 1 + random.nextInt(5) / 10.0);
        if (random.nextInt(5) == 0) {
            body.put("n", 2 + random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            body.put("stop", "e");
        }
        return body;
    }

    /** As {@link #random}, a chat more often, which shows one image or two, from few. */
    static ObjectNode withImages(SplittableRandom random) {
        ObjectNode body = random(random);
        if (body.has("prompt") && random.nextInt(4) > 0) {
            body.remove(List.of("prompt", "echo", "logprobs"));
            body.putArray("messages").addObject().put("role", "user");
            body.put("logprobs", true);
        }
        if (body.has("messages")) {
            ArrayNode parts = Http.JSON.createArrayNode();
            for (int i = 0; i <= random.nextInt(2); i++) {
                parts.add(imagePart(random));
            }
            parts.addObject().put("type", "text").put("text", words(random, 1 + random.nextInt(8)));
            ((ObjectNode) body.at("/messages/0")).set("content", parts);
            body.put("max_tokens", 60 + random.nextInt(80));
        }
        return body;
    }

    private static ObjectNode imagePart(SplittableRandom random) {
        int seed = random.nextInt(4);
        BufferedImage image = new BufferedImage(60 + 40 * seed, 90, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, 0x30507 * (x / 9 + 1) * (y / 9 + seed + 1));
            }
        }
        String detail = random.nextBoolean() ? "low" : "high";
        return imagePart(HostileImages.written(image, "png"), detail);
    }

    /** A part of a message. */
    static ObjectNode imagePart(byte[] file, String detail) {
        ObjectNode part = Http.JSON.createObjectNode().put("type", "image_url");
        part.putObject("image_url")
                .put("url", "data:image/png;base64," + Base64.getEncoder().encodeToString(file))
                .put("detail", detail);
        return part;
    }

    /** Where a request goes. */
    static String path(ObjectNode body) {
        return body.has("messages") ? "/v1/chat/completions" : "/v1/completions";
    }

    private static String words(SplittableRandom random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int letters = 1 + random.nextInt(7);
            for (int j = 0; j < letters; j++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append(random.nextInt(8) == 0 ? " – é " : " ");
        }
        return text.toString();
    }
}
