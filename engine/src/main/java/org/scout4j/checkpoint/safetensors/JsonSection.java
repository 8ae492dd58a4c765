package org.scout4j.checkpoint.safetensors;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.error.VerificationFailed;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An object in a JSON file that comes with a model, read by type; every complaint names the key and
 * what was found. A value of {@code null} is as good as none unless said otherwise.
 */
final class JsonSection {
    private static final int DEEPEST = 64;
    private static final int MOST_TOKENS = 2_000_000;

    /** Limits that keep a hostile file from exhausting memory or stack. */
    static final StreamReadConstraints CONSTRAINTS =
            StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxTokenCount(MOST_TOKENS)
                    .maxNumberLength(64)
                    .maxNameLength(4096)
                    .maxStringLength(16 << 20)
                    .build();

    private static final JsonMapper MAPPER =
            JsonMapper.builder(factory(CONSTRAINTS))
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path file;
    private final String path;
    private final JsonNode node;

    private JsonSection(Path file, String path, JsonNode node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    /** A parser that refuses duplicate keys and interns nothing of what strangers wrote. */
    static JsonFactory factory(StreamReadConstraints constraints) {
        return JsonFactory.builder()
                .streamReadConstraints(constraints)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .build();
    }

    /**
     * Parses a whole file.
     *
     * @throws VerificationFailed if it is not one JSON object within the limits
     */
    static JsonSection parse(Path file, byte[] json) {
        try {
            JsonNode root = MAPPER.readTree(utf8(new ByteArrayInputStream(json)));
            if (!(root instanceof ObjectNode)) {
                throw new VerificationFailed(file, "not a JSON object");
            }
            return new JsonSection(file, "", root);
        } catch (JacksonException e) {
            throw malformed(file, e);
        }
    }

    /** Decodes UTF-8 and, unlike a parser of bytes, reports what is none. */
    static Reader utf8(InputStream in) {
        return new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    }

    static VerificationFailed malformed(Path file, JacksonException cause) {
        return new VerificationFailed(
                file,
                cause.getCause() instanceof CharacterCodingException
                        ? "damaged JSON: not valid UTF-8"
                        : "damaged JSON: " + Excerpt.of(cause.getOriginalMessage()),
                cause);
    }

    Path file() {
        return file;
    }

    /** Whether there is a value other than {@code null}. */
    boolean has(String key) {
        return node.hasNonNull(key);
    }

    /** Whether the key is there, if only with {@code null}. */
    boolean mentions(String key) {
        return node.has(key);
    }

    Optional<JsonSection> section(String key) {
        return value(key)
                .map(value -> {
                    if (!value.isObject()) {
                        throw unexpected(key, value, "an object");
                    }
                    return new JsonSection(file, path + key + ".", value);
                });
    }

    /** The objects among the values of this one, in order. */
    List<JsonSection> sections() {
        List<JsonSection> sections = new ArrayList<>();
        for (String key : node.propertyNames()) {
            if (node.path(key).isObject()) {
                section(key).ifPresent(sections::add);
            }
        }
        return sections;
    }

    boolean isList(String key) {
        return node.path(key).isArray();
    }

    Optional<String> text(String key) {
        return value(key)
                .map(value -> {
                    if (!value.isString()) {
                        throw unexpected(key, value, "a string");
                    }
                    return value.stringValue();
                });
    }

    boolean flag(String key, boolean otherwise) {
        return value(key)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw unexpected(key, value, "true or false");
                    }
                    return value.booleanValue();
                })
                .orElse(otherwise);
    }

    /** A switch that some files write as a number: anything but 0 is on. */
    boolean lenientFlag(String key, boolean otherwise) {
        Optional<JsonNode> number = value(key).filter(JsonNode::isNumber);
        return number.map(value -> asDouble(value) != 0).orElseGet(() -> flag(key, otherwise));
    }

    /** A whole number that the limit admits. */
    Optional<Long> whole(String key, ModelLimit limit) {
        return value(key).map(value -> whole(key, value, limit));
    }

    int whole(String key, ModelLimit limit, int otherwise) {
        return Math.toIntExact(whole(key, limit).orElse((long) otherwise));
    }

    /** A finite number between two others, inclusive. */
    double number(String key, double least, double most, double otherwise) {
        Optional<JsonNode> value = value(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        double number = asDouble(value.get());
        if (!(number >= least && number <= most)) {
            throw unexpected(key, value.get(), "a number from " + least + " to " + most);
        }
        return number;
    }

    /** One whole number or a list of them; empty if the key is absent. */
    List<Long> wholes(String key, ModelLimit limit, int longest) {
        Optional<JsonNode> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            return List.of(whole(key, value.get(), limit));
        }
        return elements(key, longest).stream().map(each -> whole(key, each, limit)).toList();
    }

    /** The elements of an array; none if the key is absent. */
    List<JsonNode> elements(String key, int longest) {
        Optional<JsonNode> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray() || value.get().size() > longest) {
            throw unexpected(key, value.get(), "a list of at most " + longest);
        }
        return List.copyOf(value.get().values());
    }

    private Optional<JsonNode> value(String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    /** NaN for what is no number, infinity for what is too large. */
    private static double asDouble(JsonNode value) {
        return value.isNumber() ? value.numberValue().doubleValue() : Double.NaN;
    }

    // 8192.0 is how some tools write 8192.
    private long whole(String key, JsonNode value, ModelLimit limit) {
        double number = asDouble(value);
        if (number != Math.rint(number)
                || Math.abs(number) > 1L << 53
                || !limit.admits((long) number)) {
            throw unexpected(key, value, limit.description());
        }
        return (long) number;
    }

    /** A complaint about the value of a key. */
    VerificationFailed unexpected(String key, JsonNode found, String expected) {
        return failure(key, "is " + Excerpt.of(found.toString()) + ", expected " + expected);
    }

    VerificationFailed failure(String key, String detail) {
        return new VerificationFailed(file, path + key + " " + detail);
    }
}
