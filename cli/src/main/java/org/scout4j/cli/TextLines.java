package org.scout4j.cli;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code {"text", "allowed_special"?, "bos"?, "eos"?}} → {@code {"ids"}}. */
final class TextLines implements LineAnswer {
    private final JsonMapper mapper =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final TokenizerOnly source;

    TextLines(TokenizerOnly source) {
        this.source = source;
    }

    @Override
    public Properties answer(String json) {
        JsonNode line = parse(json);
        JsonNode text = line.path("text");
        if (!text.isString()) {
            throw new InvalidRequest("text", "text must be a string.");
        }
        Tokenizer tokenizer = source.tokenizer();
        Set<String> allowed = allowed(line.path("allowed_special"), tokenizer);
        int[] ids =
                allowed.isEmpty()
                        ? tokenizer.encode(text.stringValue())
                        : tokenizer.encodeWithSpecials(text.stringValue(), allowed);
        IntStream begin = edge(line, "bos", source.beginOfText());
        IntStream end = edge(line, "eos", source.endOfText());
        int[] all = IntStream.concat(IntStream.concat(begin, IntStream.of(ids)), end).toArray();
        return generator -> {
            generator.writeName("ids");
            generator.writeArray(all, 0, all.length);
        };
    }

    private JsonNode parse(String json) {
        JsonNode line;
        try {
            line = mapper.readTree(json);
        } catch (JacksonException e) {
            throw new InvalidRequest(null, "The line is not JSON: " + e.getOriginalMessage());
        }
        if (!line.isObject()) {
            throw new InvalidRequest(null, "The line is not a JSON object.");
        }
        return line;
    }

    private static Set<String> allowed(JsonNode value, Tokenizer tokenizer) {
        if (value.isMissingNode() || value.isNull() || value.stringValue("").equals("none")) {
            return Set.of();
        }
        if (value.stringValue("").equals("all")) {
            return tokenizer.special().names();
        }
        if (!value.isArray()) {
            throw new InvalidRequest(
                    "allowed_special",
                    "allowed_special must be \"none\", \"all\" or an array of names.");
        }
        Set<String> names = new HashSet<>();
        for (JsonNode name : value) {
            if (tokenizer.special().id(name.stringValue("")).isEmpty()) {
                throw new InvalidRequest(
                        "allowed_special", "This vocabulary has no special token " + name + ".");
            }
            names.add(name.stringValue());
        }
        return names;
    }

    private static IntStream edge(JsonNode line, String key, OptionalInt token) {
        JsonNode wanted = line.path(key);
        if (wanted.isMissingNode() || wanted.isNull()) {
            return IntStream.empty();
        }
        if (!wanted.isBoolean()) {
            throw new InvalidRequest(key, key + " must be true or false.");
        }
        if (!wanted.booleanValue()) {
            return IntStream.empty();
        }
        return IntStream.of(
                token.orElseThrow(() ->
                        new InvalidRequest(key, "This vocabulary has no " + key + " token.")));
    }
}
