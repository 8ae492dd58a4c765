package org.scout4j.cli;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;

/** {@code {"text", "allowed_special"?, "bos"?, "eos"?}} → {@code {"ids"}}. */
final class TextLines implements LineAnswer {
    private final TokenizerOnly source;

    TextLines(TokenizerOnly source) {
        this.source = source;
    }

    @Override
    public Properties answer(JsonNode line) {
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
