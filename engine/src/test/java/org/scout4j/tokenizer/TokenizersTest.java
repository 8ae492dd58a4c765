package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.tokenizer.TokenizerFixtures.LLAMA4;
import static org.scout4j.tokenizer.TokenizerFixtures.golden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One vocabulary out of each kind of file, and files that are not for us. */
class TokenizersTest {
    private static final int PUBLIC_CONVERTER_KNOWS = 201_134;
    private static final List<String> TOKENS = TokenizerFixtures.llama4Tokens();
    private static final List<String> MERGES = TokenizerFixtures.llama4Merges(TOKENS);
    private static final Map<Integer, String> SPECIALS = TokenizerFixtures.llama4Specials();

    @TempDir static Path directory;

    @BeforeAll
    static void theMergesAreThoseOfTheContract() {
        assertThat(MERGES).hasSize(439_802);
    }

    @Test
    void ggufGivesTheIdsOfTheRanks() {
        Tokenizer gguf = Tokenizers.load(llama4Gguf(Optional.of(200_000)));
        assertThat(
                        TokenizerVectorsTest.differences(
                                TokenizerFixtures.rows("tokenizer/vectors.jsonl"), gguf, "ids"))
                .isEmpty();
        assertThat(gguf.special().byId()).isEqualTo(SPECIALS);
        assertThat(gguf.vocabularySize()).isEqualTo(202_048);
    }

    /** As the public converter writes it: two misspelt names, fillers, and wrong types. */
    private static TokenizerData.Gguf llama4Gguf(Optional<Integer> bos) {
        List<String> tokens = new ArrayList<>(TOKENS);
        List<Integer> types = new ArrayList<>(Collections.nCopies(200_000, 1));
        for (int id = 200_000; id < 202_048; id++) {
            boolean known = id < PUBLIC_CONVERTER_KNOWS;
            tokens.add(known ? convertedName(id) : "[PAD" + id + "]");
            types.add(known ? (id == 200_008 ? 4 : 3) : 5);
        }
        return new TokenizerData.Gguf(
                Path.of("llama4.gguf"),
                "gpt2",
                Optional.of("llama4"),
                tokens,
                types,
                MERGES,
                bos,
                Optional.of(200_008),
                Optional.empty(),
                Optional.of(true));
    }

    private static String convertedName(int id) {
        return switch (id) {
            case 200_016 -> "<|text_post_train_reserved_special_token_6|>";
            case 200_018 -> "<|finetune_right_pad_id|>";
            default -> SPECIALS.getOrDefault(id, "");
        };
    }

    @Test
    void huggingFaceGivesTheIdsOfTheRanks() throws IOException {
        Path file = directory.resolve("llama4.json");
        writeLlama4(file);
        Tokenizer tokenizer = Tokenizers.open(file);
        assertThat(
                        TokenizerVectorsTest.differences(
                                TokenizerFixtures.rows("tokenizer/vectors.jsonl"),
                                tokenizer,
                                "ids"))
                .isEmpty();
        assertThat(tokenizer.special().byId()).isEqualTo(SPECIALS);
        assertThat(tokenizer.vocabularySize()).isEqualTo(202_048);
        Files.delete(file);
    }

    /** The layout of the published file: 1 134 special tokens of 2 048, one of them misspelt. */
    private static void writeLlama4(Path file) throws IOException {
        try (JsonGenerator json =
                TokenizerFixtures.JSON.createGenerator(Files.newOutputStream(file))) {
            json.writeStartObject();
            json.writeStringProperty("version", "1.0");
            json.writeNullProperty("truncation");
            json.writeArrayPropertyStart("added_tokens");
            for (int id = 200_000; id < PUBLIC_CONVERTER_KNOWS; id++) {
                json.writeStartObject();
                json.writeNumberProperty("id", id);
                json.writeStringProperty("content", convertedName(id));
                json.writeBooleanProperty("single_word", false);
                json.writeBooleanProperty("lstrip", false);
                json.writeBooleanProperty("special", true);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNullProperty("normalizer");
            json.writeName("pre_tokenizer");
            json.writeRawValue(split(Llama4PreTokenizer.EXPRESSION));
            json.writeName("post_processor");
            json.writeRawValue("{\"type\":\"TemplateProcessing\",\"single\":[{\"x\":[1]}]}");
            json.writeName("decoder");
            json.writeRawValue("{\"type\":\"ByteLevel\",\"add_prefix_space\":true}");
            json.writeObjectPropertyStart("model");
            json.writeStringProperty("type", "BPE");
            json.writeNullProperty("dropout");
            json.writeBooleanProperty("ignore_merges", false);
            json.writeObjectPropertyStart("vocab");
            for (int id = 0; id < TOKENS.size(); id++) {
                json.writeNumberProperty(TOKENS.get(id), id);
            }
            json.writeEndObject();
            json.writeArrayPropertyStart("merges");
            for (String merge : MERGES) {
                json.writeStartArray();
                json.writeString(merge.substring(0, merge.indexOf(' ')));
                json.writeString(merge.substring(merge.indexOf(' ') + 1));
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    @Test
    void readsMergesThatAreStrings() throws IOException {
        ObjectNode json =
                (ObjectNode)
                        TokenizerFixtures.JSON.readTree(
                                Files.readString(golden("model/scout-tiny/tokenizer.json")));
        ArrayNode strings = TokenizerFixtures.JSON.createArrayNode();
        json.get("model")
                .get("merges")
                .forEach(pair ->
                        strings.add(pair.get(0).stringValue() + " " + pair.get(1).stringValue()));
        ((ObjectNode) json.get("model")).set("merges", strings);
        Path file = directory.resolve("strings.json");
        Files.writeString(file, json.toString());
        String text = "The three there: ready";
        assertThat(Tokenizers.open(file).encode(text))
                .isEqualTo(Tokenizers.open(golden("model/scout-tiny")).encode(text));
    }

    private static String split(String expression) {
        return """
        {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": %s}, "behavior": "Isolated", "invert": false},
          {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
           "use_regex": false}]}
        """
                .formatted(TokenizerFixtures.JSON.writeValueAsString(expression));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-dense-tiny",
                "maverick-tiny",
                "scout-bf16-sharded",
                "scout-mm-tiny",
                "scout-tiny"
            })
    void readsTheGoldenCheckpoints(String name) {
        Tokenizer tokenizer = Tokenizers.open(golden("model/" + name));
        SpecialTokens special = tokenizer.special();
        assertThat(special.names()).hasSize(19);
        // Special tokens follow the ordinary ones, in the order of Llama 4.
        int first = tokenizer.vocabularySize() - 19;
        assertThat(special.require(SpecialTokens.BEGIN_OF_TEXT)).isEqualTo(first);
        assertThat(special.require(SpecialTokens.END_OF_TEXT)).isEqualTo(first + 1);

        String text = "The three there: été 日本 42!\n\n  <|eot|> x";
        int[] tokens = tokenizer.encode(text);
        assertThat(Arrays.stream(tokens).max().orElseThrow()).isLessThan(first);
        assertThat(tokenizer.decode(tokens)).isEqualTo(text);
        // "Ġ t", "Ġt h" and "r e" are the first merges.
        assertThat(tokens.length).isLessThan(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(tokenizer.encodeWithSpecials("a<|eot|>", special.names()))
                .endsWith(special.require(SpecialTokens.END_OF_TURN));
    }

    @Test
    void readsTheEmbeddedModel() {
        Tokenizer nano = Tokenizers.load(TokenizerFixtures.SCOUT_NANO);
        assertThat(nano.vocabularySize()).isEqualTo(49_152);
        // models/scout-nano/README.md, "Format"
        assertThat(nano.encode("\n\n")).containsExactly(1116);
        assertThat(nano.special().require(SpecialTokens.BEGIN_OF_TEXT)).isEqualTo(0);
        assertThat(nano.special().require(SpecialTokens.END_OF_TURN)).isEqualTo(2);
        assertThat(nano.special().byId()).hasSize(17);
        String text = "What is the capital of Denmark? <|eot|> 1234 'ello   x";
        assertThat(nano.decode(nano.encode(text))).isEqualTo(text);
    }

    @Test
    void opensByContent() throws IOException {
        assertThat(Tokenizers.open(golden("tokenizer")).encode("The"))
                .isEqualTo(LLAMA4.encode("The"));
        Path renamed = directory.resolve("tokenizer.model");
        Files.copy(golden("model/scout-tiny/tokenizer.json"), renamed);
        assertThat(Tokenizers.open(renamed).vocabularySize()).isEqualTo(320);

        Path gguf = directory.resolve("x.gguf");
        Files.writeString(gguf, "GGUF\u0003");
        assertThatThrownBy(() -> Tokenizers.open(gguf))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("open it as a model");
    }

    @Test
    void saysWhenThereIsNothing() {
        Path nowhere = directory.resolve("nowhere");
        assertThatThrownBy(() -> Tokenizers.open(nowhere)).isInstanceOf(ModelNotFound.class);
        assertThatThrownBy(() -> Tokenizers.load(new TokenizerData.HuggingFace(nowhere)))
                .isInstanceOf(ModelNotFound.class);
        assertThatThrownBy(() -> Tokenizers.load(new TokenizerData.Tiktoken(nowhere)))
                .isInstanceOf(ModelNotFound.class);
        assertThatThrownBy(() -> Tokenizers.load(new TokenizerData.None(nowhere)))
                .isInstanceOf(ModelNotFound.class);
        assertThatThrownBy(() -> Tokenizers.open(golden("quant")))
                .isInstanceOf(ModelNotFound.class);
    }

    @Test
    void recognisesTheSplitsOfHuggingFace() {
        assertThat(pieces(split(Llama3PreTokenizer.EXPRESSION), "a 1234'S É"))
                .containsExactly("a", " ", "123", "4", "'S", " É");
        String byteLevel = "{\"type\":\"ByteLevel\",\"add_prefix_space\":false}";
        assertThat(pieces(byteLevel, "a 1234'S x")).containsExactly("a", " 1234", "'", "S", " x");
        assertThat(
                        pieces(
                                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\",\"individual_digits\":true},"
                                        + byteLevel
                                        + "]}",
                                "a 12"))
                .containsExactly("a", " ", "1", "2");
    }

    private static List<String> pieces(String description, String text) {
        PreTokenizer preTokenizer =
                HuggingFacePreTokenizers.recognise(
                        TinyVocabulary.FILE, TokenizerFixtures.JSON.readTree(description));
        int[] codePoints = text.codePoints().toArray();
        List<String> pieces = new ArrayList<>();
        for (int from = 0, to; from < codePoints.length; from = to) {
            to = preTokenizer.pieceEnd(codePoints, from, codePoints.length);
            pieces.add(new String(codePoints, from, to - from));
        }
        return pieces;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"type\":\"Whitespace\"}",
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":true}",
                "{\"type\":\"ByteLevel\"}",
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":false}",
                "{\"type\":\"Sequence\",\"pretokenizers\":[]}",
                "{\"type\":\"Sequence\"}",
                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\"},{\"type\":\"ByteLevel\",\"add_prefix_space\":false}]}",
                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\s+\"},\"behavior\":\"Isolated\"},{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":false}]}",
                "[1]"
            })
    void refusesSplitsItDoesNotKnow(String description) {
        assertThatThrownBy(() ->
                        HuggingFacePreTokenizers.recognise(
                                TinyVocabulary.FILE, TokenizerFixtures.JSON.readTree(description)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("pre_tokenizer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "gpt-4o", "default", ""})
    void refusesGgufSplitsItDoesNotKnow(String name) {
        TokenizerData.Gguf nano = TokenizerFixtures.SCOUT_NANO;
        assertThatThrownBy(() -> Tokenizers.load(withPreTokenizer(nano, Optional.of(name))))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("tokenizer.ggml.pre");
        assertThatThrownBy(() -> Tokenizers.load(withPreTokenizer(nano, Optional.empty())))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("there is no tokenizer.ggml.pre");
    }

    private static TokenizerData.Gguf withPreTokenizer(
            TokenizerData.Gguf data, Optional<String> preTokenizer) {
        return new TokenizerData.Gguf(
                data.file(),
                data.model(),
                preTokenizer,
                data.tokens(),
                data.tokenTypes(),
                data.merges(),
                data.bosToken(),
                data.eosToken(),
                data.endOfTurnToken(),
                data.addBos());
    }
}
