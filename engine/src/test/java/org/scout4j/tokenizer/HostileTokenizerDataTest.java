package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.tokenizer.TokenizerFixtures.golden;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.VerificationFailed;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Damaged, lying and oversized data is refused, soon, and in so many words. */
@Timeout(20)
class HostileTokenizerDataTest {
    private static final Path FILE = Path.of("hostile");

    @TempDir static Path directory;

    // tokenizer.model

    @ParameterizedTest
    @ValueSource(
            strings = {
                "YQ==",
                "YQ== ",
                "YQ== x",
                "YQ== -1",
                "YQ== 1 2",
                "YQ== 99999999999",
                "YQ==  7",
                "Y!== 0",
                "Y 0",
                " 0",
                "YQ== 1048576",
                "YQ== 999999999",
                "YQ== 0\nYg== 0",
                "{\"model\": 1}",
                "\n\u0007<unk>\u0015\u0000\u0000\u0000\u0000 sentencepiece",
                "\u0000"
            })
    void refusesBadTiktokenLines(String content) {
        refusesTiktoken(content.getBytes(StandardCharsets.UTF_8));
    }

    private static void refusesTiktoken(byte[] content) {
        assertThatThrownBy(() -> TiktokenFile.read(FILE, content))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageStartingWith("hostile: ");
    }

    @Test
    void refusesOtherTiktokenVocabularies() {
        assertThatThrownBy(() -> TiktokenFile.read(FILE, new byte[0]))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("0 tokens");
        assertThatThrownBy(() ->
                        TiktokenFile.read(
                                FILE, "YQ== 0\r\n\nYg== 1\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("2 tokens")
                .hasMessageContaining("200,000");
    }

    @TestFactory
    Stream<DynamicTest> refusesTiktokenFilesThatLie() throws IOException {
        List<String> lines = Files.readAllLines(golden("tokenizer/tokenizer.model"));
        Map<String, Consumer<List<String>>> lies = new LinkedHashMap<>();
        lies.put("a token less", list -> list.removeLast());
        lies.put("a token more", list -> list.add("YWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ== 200000"));
        lies.put("a rank twice", list -> list.set(500, list.get(500).replace(" 500", " 501")));
        lies.put("a hole", list -> list.set(500, list.get(500).replace(" 500", " 500000")));
        lies.put("a rank of the specials", list -> list.set(7, list.get(7) + "0000"));
        lies.put("a token twice", list -> list.set(300, list.get(301).replace(" 301", " 300")));
        lies.put("a missing byte", list -> list.set(45, "/////w== 45"));
        lies.put("an empty token", list -> list.set(9, " 9"));
        lies.put("quadratic merges", HostileTokenizerDataTest::everyPairMerges);
        return lies.entrySet().stream()
                .map(lie ->
                        DynamicTest.dynamicTest(
                                lie.getKey(),
                                () -> {
                                    List<String> changed = new ArrayList<>(lines);
                                    lie.getValue().accept(changed);
                                    refusesTiktoken(
                                            String.join("\n", changed)
                                                    .getBytes(StandardCharsets.UTF_8));
                                }));
    }

    // Every two of these tokens together are a third: more merges than any real file has.
    private static void everyPairMerges(List<String> lines) {
        int longest = 1_500;
        int first = lines.size() - longest;
        for (int i = 0; i < longest; i++) {
            byte[] run = new byte[i + 2];
            Arrays.fill(run, (byte) 1);
            lines.set(first + i, Base64.getEncoder().encodeToString(run) + " " + (first + i));
        }
    }

    @Test
    void refusesHugeFilesUnread() throws IOException {
        Path huge = directory.resolve("tokenizer.model");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        assertThatThrownBy(() -> Tokenizers.load(new TokenizerData.Tiktoken(huge)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("1,073,741,824 bytes");
        assertThatThrownBy(() -> Tokenizers.load(new TokenizerData.HuggingFace(huge)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("1,073,741,824 bytes");
        assertThatThrownBy(() -> Tokenizers.open(huge)).isInstanceOf(VerificationFailed.class);
        assertThatThrownBy(() -> Tokenizers.load(new TokenizerData.Tiktoken(directory)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageContaining("not a plain file");
    }

    @Test
    void refusesMutatedTiktokenFiles() throws IOException {
        // So few lines that no mutation makes a whole vocabulary.
        byte[] good =
                Arrays.copyOf(Files.readAllBytes(golden("tokenizer/tokenizer.model")), 20_000);
        SplittableRandom random = new SplittableRandom(41);
        for (int round = 0; round < 200; round++) {
            refusesTiktoken(mutated(good, random));
        }
    }

    private static byte[] mutated(byte[] good, SplittableRandom random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 1));
                case 3 -> bytes[at] = (byte) "{}[]\",:0\\ \n-".charAt(random.nextInt(12));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }

    // tokenizer.json

    private static ObjectNode tiny() {
        try {
            return (ObjectNode)
                    TokenizerFixtures.JSON.readTree(
                            Files.readString(golden("model/scout-tiny/tokenizer.json")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BytePairModel read(String json) {
        return HuggingFaceFile.read(
                FILE, new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsTheUnchangedFile() {
        assertThat(read(tiny().toString()).vocabulary().size()).isEqualTo(320);
    }

    @Test
    void readsThePartsInAnyOrder() {
        ObjectNode tiny = tiny();
        ObjectNode model = (ObjectNode) tiny.get("model");
        ObjectNode turned = TokenizerFixtures.JSON.createObjectNode();
        List<String> names = new ArrayList<>(tiny.propertyNames());
        Collections.reverse(names);
        names.forEach(name -> turned.set(name, tiny.get(name)));
        ObjectNode turnedModel = TokenizerFixtures.JSON.createObjectNode();
        turnedModel.set("merges", model.get("merges"));
        turnedModel.set("vocab", model.get("vocab"));
        turned.set("model", turnedModel);
        Tokenizer tokenizer =
                new BytePairTokenizer(read(turned.toString()), TokenizerOptions.DEFAULT);
        Tokenizer expected = new BytePairTokenizer(read(tiny.toString()), TokenizerOptions.DEFAULT);
        assertThat(tokenizer.encode("the three there"))
                .isEqualTo(expected.encode("the three there"));
    }

    @TestFactory
    Stream<DynamicTest> refusesHuggingFaceFilesThatLie() {
        Map<String, Consumer<ObjectNode>> lies = new LinkedHashMap<>();
        lies.put("no model", json -> json.remove("model"));
        lies.put("model is a list", json -> json.putArray("model"));
        lies.put("no pre-tokenizer", json -> json.remove("pre_tokenizer"));
        lies.put("a normalizer", json -> json.putObject("normalizer").put("type", "NFC"));
        lies.put("another decoder", json -> json.putObject("decoder").put("type", "WordPiece"));
        lies.put("another model", json -> model(json).put("type", "Unigram"));
        lies.put("model type a number", json -> model(json).put("type", 1));
        lies.put("dropout", json -> model(json).put("dropout", 0.1));
        lies.put("dropout text", json -> model(json).put("dropout", "0"));
        lies.put("byte fallback", json -> model(json).put("byte_fallback", true));
        lies.put("a prefix", json -> model(json).put("continuing_subword_prefix", "##"));
        lies.put("a suffix", json -> model(json).put("end_of_word_suffix", "</w>"));
        lies.put("a suffix list", json -> model(json).putArray("end_of_word_suffix"));
        lies.put("no vocabulary", json -> model(json).remove("vocab"));
        lies.put("vocabulary a list", json -> model(json).putArray("vocab"));
        lies.put("an id twice", json -> vocabulary(json).put("zzz", 5));
        lies.put("a hole", json -> vocabulary(json).put("zzz", 321));
        lies.put("a negative id", json -> vocabulary(json).put("zzz", -1));
        lies.put("a huge id", json -> vocabulary(json).put("zzz", 2_000_000_000));
        lies.put("an immense id", json -> vocabulary(json).put("zzz", 1L << 40));
        lies.put("a broken id", json -> vocabulary(json).put("zzz", 320.5));
        lies.put("an id in letters", json -> vocabulary(json).put("zzz", "320"));
        lies.put("an id of nothing", json -> vocabulary(json).putNull("zzz"));
        lies.put("foreign letters", json -> vocabulary(json).put("日", 320));
        lies.put("an empty token", json -> vocabulary(json).put("", 320));
        lies.put("a byte gone", json -> vocabulary(json).remove("a"));
        lies.put("merges a map", json -> model(json).putObject("merges"));
        lies.put("merge of one", json -> merges(json).addArray().add("a"));
        lies.put("merge of three", json -> merges(json).addArray().add("a").add("b").add("c"));
        lies.put("merge of numbers", json -> merges(json).addArray().add(1).add(2));
        lies.put("merge a number", json -> merges(json).add(1));
        lies.put("merge without space", json -> merges(json).add("ab"));
        lies.put("merge of two spaces", json -> merges(json).add("a b c"));
        lies.put("merge of unknown", json -> merges(json).addArray().add("zz").add("z"));
        lies.put("merge into unknown", json -> merges(json).addArray().add("~").add("~"));
        lies.put("merge in foreign letters", json -> merges(json).addArray().add("日").add("a"));
        lies.put("merge twice", json -> merges(json).add(merges(json).get(0)));
        lies.put("merge into a special", HostileTokenizerDataTest::mergeIntoSpecial);
        lies.put("added tokens a map", json -> json.putObject("added_tokens"));
        lies.put("an added number", json -> added(json).add(7));
        lies.put("an added nothing", json -> added(json).addObject());
        lies.put("added without id", json -> added(json).addObject().put("content", "<x>"));
        lies.put("added without text", json -> added(json).addObject().put("id", 320));
        lies.put("added far away", json -> addedToken(json, 5000, "<x>"));
        lies.put("added below zero", json -> addedToken(json, -5, "<x>"));
        lies.put("added twice", json -> addedToken(json, 301, "<x>"));
        lies.put("added over another", json -> addedToken(json, 17, "<x>"));
        lies.put("a name twice", json -> addedToken(json, 320, "<|eot|>"));
        lies.put("a literal twice", HostileTokenizerDataTest::sameLiteralTwice);
        lies.put("takes spaces", json -> addedToken(json, 320, "<x>").put("rstrip", true));
        lies.put("deep", json -> json.set("x", deep(100)));
        lies.put("a wide pre-tokenizer", HostileTokenizerDataTest::widePreTokenizer);
        return lies.entrySet().stream()
                .map(lie ->
                        DynamicTest.dynamicTest(
                                lie.getKey(),
                                () -> {
                                    ObjectNode json = tiny();
                                    lie.getValue().accept(json);
                                    refusesJson(json.toString());
                                }));
    }

    private static void refusesJson(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(VerificationFailed.class)
                .hasMessageStartingWith("hostile: ");
    }

    private static ObjectNode model(ObjectNode json) {
        return (ObjectNode) json.get("model");
    }

    private static ObjectNode vocabulary(ObjectNode json) {
        return (ObjectNode) json.get("model").get("vocab");
    }

    private static ArrayNode merges(ObjectNode json) {
        return (ArrayNode) json.get("model").get("merges");
    }

    private static ArrayNode added(ObjectNode json) {
        return (ArrayNode) json.get("added_tokens");
    }

    private static ObjectNode addedToken(ObjectNode json, int id, String content) {
        return added(json).addObject().put("id", id).put("content", content).put("special", true);
    }

    // A way for text to become a control token, if merges could make one.
    private static void mergeIntoSpecial(ObjectNode json) {
        addedToken(json, 320, "~~");
        vocabulary(json).put("~~", 320);
        merges(json).addArray().add("~").add("~");
    }

    private static void sameLiteralTwice(ObjectNode json) {
        addedToken(json, 320, "<x>").put("special", false);
        addedToken(json, 321, "<x>").put("special", false);
    }

    private static ArrayNode deep(int levels) {
        ArrayNode outer = TokenizerFixtures.JSON.createArrayNode();
        ArrayNode inner = outer;
        for (int i = 1; i < levels; i++) {
            inner = inner.addArray();
        }
        return outer;
    }

    private static void widePreTokenizer(ObjectNode json) {
        ArrayNode steps =
                json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        for (int i = 0; i < 20_000; i++) {
            steps.addObject();
        }
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsNotOneObject() {
        String tiny = tiny().toString();
        Map<String, UnaryOperator<String>> changes = new LinkedHashMap<>();
        changes.put("nothing", json -> "");
        changes.put("a list", json -> "[" + json + "]");
        changes.put("a number", json -> "1");
        changes.put("more behind", json -> json + "{}");
        changes.put("half", json -> json.substring(0, json.length() / 2));
        changes.put("all but the end", json -> json.substring(0, json.length() - 1));
        changes.put("a part twice", json -> json.replaceFirst("\\{", "{\"version\":1,"));
        changes.put(
                "a token twice", json -> json.replaceFirst("\"vocab\":\\{", "\"vocab\":{\"a\":0,"));
        changes.put(
                "100 000 levels",
                json -> json.replaceFirst("\\{", "{\"x\":" + "[".repeat(100_000)));
        changes.put(
                "a long number", json -> json.replaceFirst("\\{", "{\"x\":" + "9".repeat(5_000)));
        changes.put(
                "a long string",
                json ->
                        json.replaceFirst(
                                "\"vocab\":\\{",
                                "\"vocab\":{\"" + "y".repeat(3_000_000) + "\":0,"));
        return changes.entrySet().stream()
                .map(change ->
                        DynamicTest.dynamicTest(
                                change.getKey(), () -> refusesJson(change.getValue().apply(tiny))));
    }

    @Test
    void mutatedJsonIsReadOrRefused() {
        byte[] good = tiny().toString().getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(42);
        int refused = 0;
        for (int round = 0; round < 1_500; round++) {
            byte[] bytes = mutated(good, random);
            try {
                Tokenizer tokenizer =
                        new BytePairTokenizer(
                                HuggingFaceFile.read(FILE, new ByteArrayInputStream(bytes)),
                                TokenizerOptions.DEFAULT);
                assertThat(tokenizer.decode(tokenizer.encode("the <|eot|> 日")))
                        .as("round %d", round)
                        .isNotEmpty();
            } catch (VerificationFailed expected) {
                refused++;
            }
        }
        assertThat(refused).isBetween(500, 1_499);
    }

    // GGUF

    /** Single bytes and one merge; the test changes what it is about. */
    private static final class Gguf {
        private String model = "gpt2";
        private final List<String> tokens = new ArrayList<>();
        private final List<Integer> types = new ArrayList<>();
        private final List<String> merges = new ArrayList<>(List.of("a b"));

        private Gguf() {
            for (char letter : TokenizerFixtures.byteAlphabet()) {
                add(String.valueOf(letter), 1);
            }
            add("ab", 1);
            add("<|eot|>", 3);
        }

        private void add(String token, int type) {
            tokens.add(token);
            types.add(type);
        }

        private Tokenizer load() {
            return Tokenizers.load(
                    new TokenizerData.Gguf(
                            FILE,
                            model,
                            Optional.of("gpt-2"),
                            tokens,
                            types,
                            merges,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
    }

    @Test
    void readsTheUnchangedGguf() {
        Tokenizer tokenizer = new Gguf().load();
        assertThat(tokenizer.encode("ab<|eot|>")).hasSize(8).startsWith(256);
        assertThat(tokenizer.special().require("<|eot|>")).isEqualTo(257);
    }

    @Test
    void controlTokensAreKnownByTheirSpellingWhereTheTypeIsWrong() {
        Gguf userDefined = new Gguf();
        userDefined.types.set(257, 4);
        assertThat(userDefined.load().encode("<|eot|>")).doesNotContain(257);
        assertThat(userDefined.load().special().contains(257)).isTrue();
        Gguf untyped = new Gguf();
        untyped.types.clear();
        assertThat(untyped.load().special().names()).containsExactly("<|eot|>");
        assertThat(untyped.load().encode("ab")).containsExactly(256);
    }

    @TestFactory
    Stream<DynamicTest> refusesGgufDataThatLies() {
        Map<String, Consumer<Gguf>> lies = new LinkedHashMap<>();
        lies.put("another model", gguf -> gguf.model = "llama");
        lies.put(
                "no tokens",
                gguf -> {
                    gguf.tokens.clear();
                    gguf.types.clear();
                    gguf.merges.clear();
                });
        lies.put("a type less", gguf -> gguf.types.removeLast());
        lies.put("a byte token", gguf -> gguf.add("<0x0A>", 6));
        lies.put("an unknown type", gguf -> gguf.add("x", -3));
        lies.put("foreign letters", gguf -> gguf.add("日", 1));
        lies.put("an empty token", gguf -> gguf.add("", 1));
        lies.put("an empty control token", gguf -> gguf.add("", 3));
        lies.put("a token twice", gguf -> gguf.add("ab", 1));
        lies.put("a control token twice", gguf -> gguf.add("<|eot|>", 3));
        lies.put("a missing byte", gguf -> gguf.tokens.set('x', "xx"));
        lies.put("a merge without space", gguf -> gguf.merges.add("ab"));
        lies.put("an empty merge", gguf -> gguf.merges.add(""));
        lies.put("a merge of three", gguf -> gguf.merges.add("a b c"));
        lies.put("a merge of nothing", gguf -> gguf.merges.add(" a"));
        lies.put("a merge of unknown", gguf -> gguf.merges.add("zz a"));
        lies.put("a merge into unknown", gguf -> gguf.merges.add("b a"));
        lies.put("a merge into control", gguf -> gguf.merges.add("<| eot|>"));
        lies.put("a merge twice", gguf -> gguf.merges.add("a b"));
        lies.put(
                "too many tokens",
                gguf -> {
                    gguf.types.clear();
                    gguf.tokens.addAll(Collections.nCopies(1 << 20, "y"));
                });
        return lies.entrySet().stream()
                .map(lie ->
                        DynamicTest.dynamicTest(
                                lie.getKey(),
                                () -> {
                                    Gguf gguf = new Gguf();
                                    lie.getValue().accept(gguf);
                                    assertThatThrownBy(gguf::load)
                                            .isInstanceOf(VerificationFailed.class)
                                            .hasMessageStartingWith("hostile: ");
                                }));
    }
}
