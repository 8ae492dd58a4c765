package org.scout4j.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a request's body as one JSON object within the limits of spec "Reliability" L-1 and L-6.
 * Names that occur twice are refused, numbers keep their precision.
 */
final class JsonBody {
    private static final int DEPTH = 64;
    private static final int NUMBER_CHARACTERS = 32;
    private static final int NAME_CHARACTERS = 256;
    private static final int PIECE = 8 << 10;
    private static final long TOKENS = 1_000_000; // a tree takes some 50 bytes for each

    private final long limit;
    private final JsonMapper mapper;

    JsonBody(long limit) {
        this.limit = limit;
        StreamReadConstraints constraints =
                StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH)
                        .maxNumberLength(NUMBER_CHARACTERS)
                        .maxNameLength(NAME_CHARACTERS)
                        .maxTokenCount(TOKENS)
                        .maxStringLength(Integer.MAX_VALUE) // the body's limit is the limit
                        .build();
        this.mapper =
                JsonMapper.builder(
                                JsonFactory.builder()
                                        .streamReadConstraints(constraints)
                                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                        .build())
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .build();
    }

    /** Longest body, in bytes. */
    long limit() {
        return limit;
    }

    /**
     * Reads the object.
     *
     * @throws ProblemException if the body is too large, no UTF-8, no JSON or no object
     * @throws IOException if it cannot be read
     */
    ObjectNode read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
        if (bytes.length > limit) {
            throw new ProblemException(Problems.tooLarge(limit));
        }
        if (bytes.length == 0) {
            throw refused("empty_body", "The body is empty; a JSON object is expected.");
        }
        requireUtf8(bytes);
        if (parse(bytes) instanceof ObjectNode object) {
            return object;
        }
        throw refused("invalid_json", "The body is not a JSON object.");
    }

    /** In pieces: bodies with images are long, and their characters would take twice as much. */
    private static void requireUtf8(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer all = ByteBuffer.wrap(bytes);
        CharBuffer piece = CharBuffer.allocate(PIECE);
        CoderResult result;
        do {
            result = decoder.decode(all, piece.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw refused("invalid_json", "The body is not UTF-8.");
        }
    }

    private JsonNode parse(byte[] bytes) {
        try {
            return mapper.readTree(
                    new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
        } catch (StreamConstraintsException e) {
            throw refused(
                    "invalid_json",
                    "The body goes beyond what is read: depth %d, %d characters a number, %d a"
                                    .formatted(DEPTH, NUMBER_CHARACTERS, NAME_CHARACTERS)
                            + " name, %d values in all.".formatted(TOKENS));
        } catch (JacksonException e) {
            String where =
                    e.getLocation() == null
                            ? ""
                            : " at line %d, column %d"
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr());
            throw refused("invalid_json", "The body is not valid JSON" + where + ".");
        }
    }

    private static ProblemException refused(String code, String message) {
        return new ProblemException(Problems.invalid(null, code, message));
    }
}
