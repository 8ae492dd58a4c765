package org.scout4j.checkpoint.safetensors;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.error.VerificationFailed;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * {@code model.safetensors.index.json}: which shard holds which tensor.
 *
 * @param shards plain file name of the shard, by tensor, in the order of the file
 */
record SafetensorsIndex(Path path, Map<String, String> shards) {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._-]+\\.safetensors");

    private static final JsonFactory JSON =
            JsonSection.factory(
                    StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNumberLength(64)
                            .maxNameLength(4096)
                            .maxStringLength(4096)
                            .build());

    /**
     * Parses an index.
     *
     * @throws VerificationFailed if it is damaged, or names a shard by anything but a plain file
     *     name
     */
    static SafetensorsIndex parse(Path path, byte[] json) {
        try (JsonParser parser =
                JSON.createParser(
                        ObjectReadContext.empty(),
                        JsonSection.utf8(new ByteArrayInputStream(json)))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new VerificationFailed(path, "not a JSON object");
            }
            Map<String, String> shards = Map.of();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key.equals("weight_map") && value == JsonToken.START_OBJECT) {
                    shards = weightMap(path, parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new VerificationFailed(path, "something follows the JSON object");
            }
            if (shards.isEmpty()) {
                throw new VerificationFailed(path, "weight_map is missing or empty");
            }
            return new SafetensorsIndex(path, shards);
        } catch (JacksonException e) {
            throw JsonSection.malformed(path, e);
        }
    }

    private static Map<String, String> weightMap(Path path, JsonParser parser) {
        Map<String, String> shards = new LinkedHashMap<>();
        Map<String, String> known = new HashMap<>(); // one String a shard, not one a tensor
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String tensor = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new VerificationFailed(
                        path, "weight_map." + Excerpt.of(tensor) + " is not a file name");
            }
            String shard = parser.getString();
            if (!PLAIN_NAME.matcher(shard).matches()) {
                throw new VerificationFailed(
                        path,
                        "weight_map."
                                + Excerpt.of(tensor)
                                + " is \""
                                + Excerpt.of(shard)
                                + "\", expected the plain name of a .safetensors file beside it");
            }
            shards.put(tensor, known.computeIfAbsent(shard, name -> name));
            if (!ModelLimit.TENSORS.admits(shards.size())) {
                throw new VerificationFailed(path, "more tensors than any model has");
            }
        }
        return shards;
    }
}
