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

/** Reads a JSON array of arrays of token ids. */
final class TokenArrays {
    private static final String FORM = "Write an array of arrays of ids: [[1, 2, 3], [4, 5]]";

    private TokenArrays() {}

    /**
     * @param name a file, or {@code -} for standard input
     * @throws InvalidRequest if it cannot be read, or is anything else
     */
    static List<int[]> read(String name, Surroundings here) {
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

    private static List<int[]> prompts(JsonParser parser, String source) {
        expect(parser.nextToken() == JsonToken.START_ARRAY, source, "is not an array");
        List<int[]> prompts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    parser.currentToken() == JsonToken.START_ARRAY,
                    source,
                    "holds something else than an array as prompt " + prompts.size());
            prompts.add(ids(parser, source, prompts.size()));
        }
        expect(parser.nextToken() == null, source, "goes on after its array");
        return prompts;
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
