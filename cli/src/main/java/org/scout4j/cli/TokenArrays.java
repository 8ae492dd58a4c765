package org.scout4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.scout4j.error.InvalidRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.json.JsonFactory;

/** Reads prompts: a JSON array of arrays of token ids, or of objects of ids and images. */
final class TokenArrays {
    private static final String FORM =
            "Write an array of arrays of ids: [[1, 2, 3], [4, 5]]; a prompt with images is"
                    + " {\"tokens\": [1, 2, 3], \"images\": [\"FILE\"]}";

    private TokenArrays() {}

    /**
     * A prompt.
     *
     * @param images names of files, in the order of their tokens
     */
    @SuppressWarnings("ArrayRecordComponent") // may be millions; prompts are not compared
    record IdPrompt(int[] tokens, List<String> images) {
        IdPrompt {
            images = List.copyOf(images);
        }
    }

    /**
     * @param name a file, or {@code -} for standard input
     * @throws InvalidRequest if it cannot be read, or is anything else
     */
    static List<IdPrompt> read(String name, Surroundings here) {
        boolean standardInput = name.equals("-");
        String source = standardInput ? "Standard input" : name;
        try (InputStream in =
                        standardInput
                                ? here.in()
                                : Files.newInputStream(here.directory().resolve(name));
                JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
            return prompts(parser, source);
        } catch (InputCoercionException e) {
            throw new InvalidRequest("tokens", source + " holds a number that is no id.", FORM);
        } catch (JacksonException e) {
            throw new InvalidRequest(
                    "tokens", source + " is not JSON: " + e.getOriginalMessage(), FORM);
        } catch (IOException e) {
            throw new InvalidRequest(
                    "tokens", source + " cannot be read: " + IoReason.of(e) + ".", FORM);
        }
    }

    private static List<IdPrompt> prompts(JsonParser parser, String source) {
        expect(parser.nextToken() == JsonToken.START_ARRAY, source, "is not an array");
        List<IdPrompt> prompts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                prompts.add(shown(parser, source, prompts.size()));
                continue;
            }
            expect(
                    parser.currentToken() == JsonToken.START_ARRAY,
                    source,
                    "holds something else than an array as prompt " + prompts.size());
            prompts.add(new IdPrompt(ids(parser, source, prompts.size()), List.of()));
        }
        expect(parser.nextToken() == null, source, "goes on after its array");
        return prompts;
    }

    /** A prompt with images. */
    private static IdPrompt shown(JsonParser parser, String source, int prompt) {
        int[] tokens = null;
        List<String> images = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = String.valueOf(parser.currentName());
            boolean again =
                    key.equals("tokens") ? tokens != null : key.equals("images") && images != null;
            expect(!again, source, "has \"" + key + "\" twice in prompt " + prompt);
            JsonToken value = parser.nextToken();
            switch (key) {
                case "tokens" -> {
                    expect(
                            value == JsonToken.START_ARRAY,
                            source,
                            "has \"tokens\" that are no array in prompt " + prompt);
                    tokens = ids(parser, source, prompt);
                }
                case "images" -> {
                    expect(
                            value == JsonToken.START_ARRAY,
                            source,
                            "has \"images\" that are no array in prompt " + prompt);
                    images = names(parser, source, prompt);
                }
                default ->
                        expect(
                                false,
                                source,
                                "has an unknown key in prompt " + prompt + ": \"" + key + "\"");
            }
        }
        if (tokens == null) {
            throw new InvalidRequest(
                    "tokens", source + " has no \"tokens\" in prompt " + prompt + ".", FORM);
        }
        return new IdPrompt(tokens, images == null ? List.of() : images);
    }

    private static List<String> names(JsonParser parser, String source, int prompt) {
        List<String> names = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    parser.currentToken() == JsonToken.VALUE_STRING,
                    source,
                    "holds something else than a file's name among the images of prompt " + prompt);
            names.add(parser.getString());
        }
        return names;
    }

    private static int[] ids(JsonParser parser, String source, int prompt) {
        int[] ids = new int[256];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT,
                    source,
                    "holds something else than an integer in prompt " + prompt);
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, count * 2);
            }
            ids[count++] = parser.getIntValue();
        }
        return Arrays.copyOf(ids, count);
    }

    private static void expect(boolean holds, String source, String otherwise) {
        if (!holds) {
            throw new InvalidRequest("tokens", source + " " + otherwise + ".", FORM);
        }
    }
}
