package org.scout4j.tokenizer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.VerificationFailed;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads Hugging Face's {@code tokenizer.json}: vocabulary, merges and added tokens of a byte-level
 * BPE model. Whatever would change the ids and is not known here is refused. Streamed, because the
 * file has tens of megabytes; the parts may come in any order.
 */
final class HuggingFaceFile {
    private static final int DEEPEST_NESTING = 64;
    private static final int LONGEST_STRING = 1 << 20;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // The names are 200 000 different tokens: a symbol table would only cost time.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST_NESTING)
                                    .maxStringLength(LONGEST_STRING)
                                    .maxNameLength(LONGEST_STRING)
                                    .build())
                    .build();

    private record AddedToken(String content, boolean special) {}

    private final Path file;
    private final Map<Integer, AddedToken> addedTokens = new LinkedHashMap<>();
    private final List<String> vocabularyTexts = new ArrayList<>();
    private final TokenBuffer vocabularyIds = new TokenBuffer(1 << 10);
    // Left and right halves by turns.
    private final ByteStrings merges = new ByteStrings();
    private @Nullable PreTokenizer preTokenizer;
    private boolean ignoreMerges;

    private HuggingFaceFile(Path file) {
        this.file = file;
    }

    static BytePairModel read(Path file) {
        TokenizerFile.check(file, TokenizerFile.MOST_JSON_BYTES);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return read(file, in);
        } catch (IOException e) {
            throw TokenizerFile.unreadable(file, e);
        }
    }

    /**
     * @param file for messages
     */
    static BytePairModel read(Path file, InputStream in) {
        HuggingFaceFile content = new HuggingFaceFile(file);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
            content.readDocument(json);
        } catch (JacksonIOException e) {
            throw TokenizerFile.unreadable(file, e);
        } catch (JacksonException e) {
            throw new VerificationFailed(file, "not valid JSON: " + e.getOriginalMessage(), e);
        }
        return content.model();
    }

    private void readDocument(JsonParser json) {
        expect(json.nextToken() == JsonToken.START_OBJECT, "a tokenizer.json is one object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "added_tokens" -> readAddedTokens(json);
                case "normalizer" ->
                        expect(
                                json.currentToken() == JsonToken.VALUE_NULL,
                                "it has a normalizer; scout4j knows vocabularies without one");
                case "pre_tokenizer" ->
                        preTokenizer =
                                HuggingFacePreTokenizers.recognise(
                                        file, JsonStructure.read(file, name, json));
                case "decoder" ->
                        HuggingFacePreTokenizers.checkDecoder(
                                file, JsonStructure.read(file, name, json));
                case "model" -> readModel(json);
                // What is left concerns padding, truncation and the tokens put around a text, and
                // is decided elsewhere.
                default -> json.skipChildren();
            }
        }
        expect(json.nextToken() == null, "text follows the end of the object");
    }

    private void readAddedTokens(JsonParser json) {
        expect(json.currentToken() == JsonToken.START_ARRAY, "added_tokens is not a list");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            readAddedToken(json);
        }
    }

    private void readAddedToken(JsonParser json) {
        expect(json.currentToken() == JsonToken.START_OBJECT, "an added token is not an object");
        int id = -1;
        String content = "";
        boolean special = false;
        boolean takesNeighbours = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "id" -> id = integer(json, "the id of an added token");
                case "content" -> content = string(json, "the content of an added token");
                case "special" -> special = value == JsonToken.VALUE_TRUE;
                case "single_word", "lstrip", "rstrip" ->
                        takesNeighbours |= value == JsonToken.VALUE_TRUE;
                default -> json.skipChildren();
            }
        }
        expect(!content.isEmpty(), "an added token has no content");
        if (takesNeighbours) {
            throw new VerificationFailed(
                    file,
                    "added token "
                            + id
                            + " has single_word, lstrip or rstrip, which scout4j does"
                            + " not know");
        }
        if (addedTokens.put(id, new AddedToken(content, special)) != null) {
            throw new VerificationFailed(file, "added token " + id + " is there twice");
        }
        expect(addedTokens.size() <= Vocabulary.MOST_TOKENS, "there are too many added tokens");
    }

    private void readModel(JsonParser json) {
        expect(json.currentToken() == JsonToken.START_OBJECT, "the model is not an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "type" ->
                        expect(
                                string(json, "the type of the model").equals("BPE"),
                                "the model is not of type BPE");
                case "vocab" -> readVocabulary(json);
                case "merges" -> readMerges(json);
                case "ignore_merges" -> ignoreMerges = value == JsonToken.VALUE_TRUE;
                case "byte_fallback" ->
                        expect(value != JsonToken.VALUE_TRUE, "the model has byte_fallback");
                case "dropout" ->
                        expect(
                                value == JsonToken.VALUE_NULL
                                        || (value.isNumeric() && json.getDoubleValue() == 0),
                                "the model has a dropout");
                case "continuing_subword_prefix", "end_of_word_suffix" ->
                        expect(
                                value == JsonToken.VALUE_NULL
                                        || string(json, "the " + name).isEmpty(),
                                "the model has a " + name);
                default -> json.skipChildren();
            }
        }
    }

    private void readVocabulary(JsonParser json) {
        expect(json.currentToken() == JsonToken.START_OBJECT, "the vocabulary is not an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            vocabularyTexts.add(json.currentName());
            json.nextToken();
            vocabularyIds.add(integer(json, "the id of a token"));
            expect(vocabularyTexts.size() <= Vocabulary.MOST_TOKENS, "there are too many tokens");
        }
    }

    private void readMerges(JsonParser json) {
        expect(json.currentToken() == JsonToken.START_ARRAY, "the merges are not a list");
        for (JsonToken token; (token = json.nextToken()) != JsonToken.END_ARRAY; ) {
            expect(merges.size() < 2 * MergeTable.MOST_MERGES, "there are too many merges");
            if (token == JsonToken.START_ARRAY) {
                json.nextToken();
                addHalf(string(json, "half a merge"));
                json.nextToken();
                addHalf(string(json, "half a merge"));
                expect(json.nextToken() == JsonToken.END_ARRAY, "a merge is not of two tokens");
            } else {
                String both = string(json, "a merge");
                int space = both.indexOf(' ');
                expect(space >= 0, "a merge is not of two tokens");
                addHalf(both.substring(0, space));
                addHalf(both.substring(space + 1));
            }
        }
    }

    private void addHalf(String half) {
        byte[] bytes = ByteAlphabet.decode(half);
        if (bytes == null) {
            throw new VerificationFailed(
                    file, "merge " + merges.size() / 2 + " is not in the byte alphabet of GPT-2");
        }
        merges.add(bytes);
    }

    private BytePairModel model() {
        PreTokenizer known = preTokenizer;
        if (known == null) {
            throw new VerificationFailed(file, "there is no pre_tokenizer");
        }
        Vocabulary vocabulary = vocabulary();
        MergeTable.Builder table = new MergeTable.Builder(file, vocabulary, merges.size() / 2);
        for (int i = 0; i < merges.size(); i += 2) {
            table.add(merges.get(i), merges.get(i + 1));
        }
        return new BytePairModel(vocabulary, table.build(), known, ignoreMerges);
    }

    private Vocabulary vocabulary() {
        Vocabulary.Builder builder = new Vocabulary.Builder(file);
        int[] ids = vocabularyIds.toArray();
        int ordinary = 0;
        for (int i = 0; i < ids.length; i++) {
            String text = vocabularyTexts.get(i);
            AddedToken added = addedTokens.get(ids[i]);
            if (added == null) {
                builder.add(ids[i], bytes(ids[i], text), Vocabulary.Kind.NORMAL);
                ordinary++;
            } else if (!added.content().equals(text)) {
                throw new VerificationFailed(
                        file, "token " + ids[i] + " differs between vocabulary and added_tokens");
            }
        }
        if (isLlama4(ordinary)) {
            Llama4SpecialTokens.addTo(builder);
            Llama4SpecialTokens.logDifferences(
                    file, id -> Optional.ofNullable(addedTokens.get(id)).map(AddedToken::content));
        } else {
            addedTokens.forEach((id, added) -> builder.add(id, added.content(), kind(added)));
        }
        return builder.build();
    }

    private byte[] bytes(int id, String text) {
        byte[] bytes = ByteAlphabet.decode(text);
        if (bytes == null) {
            throw new VerificationFailed(
                    file, "token " + id + " is not written in the byte alphabet of GPT-2");
        }
        return bytes;
    }

    /** Llama 4 by the number of ordinary tokens and by the special tokens above them. */
    private boolean isLlama4(int ordinary) {
        AddedToken first = addedTokens.get(Llama4SpecialTokens.FIRST);
        return ordinary == Llama4SpecialTokens.FIRST
                && first != null
                && first.content().equals(SpecialTokens.BEGIN_OF_TEXT)
                && addedTokens.keySet().stream().allMatch(Llama4SpecialTokens::isSpecial);
    }

    private static Vocabulary.Kind kind(AddedToken added) {
        return added.special() || Vocabulary.looksLikeControl(added.content())
                ? Vocabulary.Kind.CONTROL
                : Vocabulary.Kind.USER_DEFINED;
    }

    private int integer(JsonParser json, String what) {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new VerificationFailed(file, what + " is not a whole number");
        }
        return json.getIntValue();
    }

    private String string(JsonParser json, String what) {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new VerificationFailed(file, what + " is not a string");
        }
        return json.getString();
    }

    private void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new VerificationFailed(file, otherwise);
        }
    }
}
