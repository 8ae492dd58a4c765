package org.scout4j.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Requests changed at random are read or refused, never anything else (spec "Reliability" P-2). */
class RequestDecodingTest {
    private static final long SEED = 20_261_122;
    private static final int CASES = 3_000;
    private static final String[] ODD = {
        "null",
        "true",
        "-0",
        "-0.0",
        "1e400",
        "-1e400",
        "1e-400",
        "9223372036854775808",
        "1e9",
        "0.1e31",
        "99999999999999999999",
        "\"\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "[]",
        "[[[[]]]]",
        "{}",
        "[null]",
        "[1,\"a\"]",
        "{\"\":null}",
        "\"auto\"",
        "-1",
        "2147483648",
        "[1e400]",
        "\"\\udc00x\"",
        "{\"type\":\"text\"}",
        "[{\"role\":\"user\"}]",
        "{\"1e400\":1}",
        "0.5"
    };

    private final RequestDecoding decoding = new RequestDecoding();

    private static List<JsonNode> fixtures() {
        List<JsonNode> bodies = new ArrayList<>();
        for (JsonNode row : FixtureTest.resource("requests.json")) {
            if (row.path("body").isObject()) {
                bodies.add(row.get("body"));
            }
        }
        if (bodies.isEmpty()) {
            throw new AssertionError("no fixtures");
        }
        return bodies;
    }

    @Test
    void changedRequestsAreReadOrRefused() {
        List<JsonNode> fixtures = fixtures();
        for (int i = 0; i < CASES; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            JsonNode body = fixtures.get(random.nextInt(fixtures.size())).deepCopy();
            for (int change = random.nextInt(4); change >= 0; change--) {
                body = changed(body, fixtures, random);
            }
            byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(3) == 0 && bytes.length > 0) {
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            try {
                decoding.decode(bytes);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed " + (SEED + i) + ": " + new String(bytes, StandardCharsets.UTF_8), e);
            }
        }
    }

    /** The same with one value, somewhere inside, replaced, doubled, moved or taken away. */
    private static JsonNode changed(
            JsonNode node, List<JsonNode> fixtures, SplittableRandom random) {
        boolean inside = node.isContainer() && !node.isEmpty() && random.nextInt(4) > 0;
        if (node instanceof ObjectNode object && inside) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(6)) {
                case 0 -> object.remove(name);
                case 1 -> {
                    JsonNode other = fixtures.get(random.nextInt(fixtures.size()));
                    other.properties()
                            .forEach(entry -> object.set(entry.getKey(), entry.getValue()));
                }
                default -> object.set(name, changed(object.get(name), fixtures, random));
            }
            return object;
        }
        if (node instanceof ArrayNode array && inside) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(5)) {
                case 0 -> array.remove(at);
                case 1 -> array.add(array.get(at).deepCopy());
                default -> array.set(at, changed(array.get(at), fixtures, random));
            }
            return array;
        }
        return odd(random);
    }

    private static JsonNode odd(SplittableRandom random) {
        String text = ODD[random.nextInt(ODD.length)];
        JsonNode parsed = new JsonBodyValue(text).parsed();
        return parsed == null ? JsonNodeFactory.instance.nullNode() : parsed;
    }

    /** A literal, parsed as bodies are: numbers keep their precision. */
    private record JsonBodyValue(String text) {
        private JsonNode parsed() {
            try {
                return new JsonBody(1 << 10)
                        .read(
                                new ByteArrayInputStream(
                                        ("{\"v\":" + text + "}").getBytes(StandardCharsets.UTF_8)))
                        .get("v");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
