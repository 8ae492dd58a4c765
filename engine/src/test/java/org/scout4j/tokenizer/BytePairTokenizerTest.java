package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.tokenizer.TokenizerFixtures.LLAMA4;
import static org.scout4j.tokenizer.TokenizerFixtures.LLAMA4_WITHOUT_CAP;

import java.io.ByteArrayOutputStream;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BytePairTokenizerTest {

    @Test
    void decodingGivesTheTextBack() {
        SplittableRandom random = new SplittableRandom(21);
        for (int round = 0; round < 1_500; round++) {
            String text = TokenizerFixtures.randomText(random, random.nextInt(1, 60));
            int[] tokens = LLAMA4.encode(text);
            assertThat(LLAMA4.decode(tokens)).as("round %d", round).isEqualTo(text);
            assertThat(new String(bytes(tokens), StandardCharsets.UTF_8))
                    .as("round %d", round)
                    .isEqualTo(text);
        }
    }

    private static byte[] bytes(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            bytes.writeBytes(LLAMA4.bytes(token));
        }
        return bytes.toByteArray();
    }

    @Test
    void noTextBecomesAControlToken() {
        SplittableRandom random = new SplittableRandom(22);
        List<String> names = new ArrayList<>(LLAMA4.special().names());
        for (String name : names) {
            assertThat(largest(LLAMA4.encode(name))).as(name).isLessThan(200_000);
        }
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                text.append(names.get(random.nextInt(names.size())));
                text.append(TokenizerFixtures.randomText(random, random.nextInt(4)));
            }
            assertThat(largest(LLAMA4.encode(text)))
                    .as("round %d: %s", round, text)
                    .isLessThan(200_000);
        }
    }

    private static int largest(int[] tokens) {
        return Arrays.stream(tokens).max().orElse(-1);
    }

    @Test
    void lettingASpecialStandIsEncodingAroundIt() {
        SplittableRandom random = new SplittableRandom(23);
        List<String> names = new ArrayList<>(LLAMA4.special().names());
        for (int round = 0; round < 500; round++) {
            Set<String> allowed = new HashSet<>();
            StringBuilder text = new StringBuilder();
            List<Integer> expected = new ArrayList<>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                // Nothing that could become part of a name.
                String plain =
                        TokenizerFixtures.randomText(random, random.nextInt(6))
                                .replace("<", "")
                                .replace("|", "");
                text.append(plain);
                Arrays.stream(LLAMA4.encode(plain)).forEach(expected::add);
                String name = names.get(random.nextInt(names.size()));
                text.append(name);
                expected.add(LLAMA4.special().require(name));
                allowed.add(name);
            }
            assertThat(LLAMA4.encodeWithSpecials(text, allowed))
                    .as("round %d: %s", round, text)
                    .containsExactly(expected.toArray(Integer[]::new));
        }
    }

    @Test
    void theLongestAllowedLiteralStands() {
        Vocabulary.Builder builder = TinyVocabulary.bytes();
        builder.add(256, "<a>", Vocabulary.Kind.CONTROL);
        builder.add(257, "<a><b>", Vocabulary.Kind.CONTROL);
        builder.add(258, "<a><b>c", Vocabulary.Kind.CONTROL);
        builder.add(259, "never", Vocabulary.Kind.UNUSED);
        builder.add(260, "\n\n\n", Vocabulary.Kind.USER_DEFINED);
        Tokenizer tokenizer = TinyVocabulary.tokenizer(builder);

        assertThat(tokenizer.encodeWithSpecials("<a><b>c", Set.of("<a>", "<a><b>", "<a><b>c")))
                .containsExactly(258);
        assertThat(tokenizer.encodeWithSpecials("<a><b>c", Set.of("<a>", "<a><b>")))
                .containsExactly(257, 'c');
        assertThat(tokenizer.encodeWithSpecials("<a><b>c", Set.of("<a>", "<a><b>c", "<x>")))
                .containsExactly(258);
        assertThat(tokenizer.encodeWithSpecials("<a><b>d", Set.of("<a>", "<a><b>c")))
                .containsExactly(256, '<', 'b', '>', 'd');
        assertThat(tokenizer.encodeWithSpecials("<a><b", Set.of("<a><b>")))
                .containsExactly('<', 'a', '>', '<', 'b');
        assertThat(tokenizer.encodeWithSpecials("never", tokenizer.special().names()))
                .containsExactly('n', 'e', 'v', 'e', 'r');
        // User-defined tokens are ordinary text: they stand always and are shown.
        assertThat(tokenizer.encode("a\n\n\nb<a>")).containsExactly('a', 260, 'b', '<', 'a', '>');
        assertThat(tokenizer.decode('a', 260, 256, 259, 'b')).isEqualTo("a\n\n\nb");
    }

    @Test
    void bytesWithoutATokenAreLeftOut() {
        Vocabulary.Builder builder = new Vocabulary.Builder(TinyVocabulary.FILE);
        for (int value = 0; value < 255; value++) {
            int written = value < 1 ? 255 : value;
            builder.add(value, new byte[] {(byte) written}, Vocabulary.Kind.NORMAL);
        }
        Tokenizer tokenizer = TinyVocabulary.tokenizer(builder);
        assertThat(tokenizer.encode("a\u0000b\u0000")).containsExactly('a', 'b');
    }

    @Test
    void idsOutsideTheVocabularyAreRefused() {
        for (int id : new int[] {-1, 202_048, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> LLAMA4.bytes(id)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> LLAMA4.decode(5, id))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> LLAMA4.streamingDecoder().accept(id))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void bytesAreACopy() {
        byte[] bytes = LLAMA4.bytes(954);
        Arrays.fill(bytes, (byte) 0);
        assertThat(LLAMA4.bytes(954)).isEqualTo("The".getBytes(StandardCharsets.UTF_8));
        assertThat(LLAMA4.bytes(200_008)).isEqualTo("<|eot|>".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anyCharSequenceWillDo() {
        String text = "The ferry leaves at 6:45 😀";
        assertThat(LLAMA4.encode(CharBuffer.wrap(text))).isEqualTo(LLAMA4.encode(text));
    }

    @Test
    void severalThreadsMayShareOne() {
        SplittableRandom random = new SplittableRandom(24);
        List<String> texts =
                IntStream.range(0, 500)
                        .mapToObj(i -> TokenizerFixtures.randomText(random, 30))
                        .toList();
        List<int[]> expected = texts.stream().map(LLAMA4::encode).toList();
        List<int[]> parallel = texts.parallelStream().map(LLAMA4::encode).toList();
        for (int i = 0; i < texts.size(); i++) {
            assertThat(parallel.get(i)).isEqualTo(expected.get(i));
        }
    }

    @Test
    void segmentsAreCutAsMetaCuts() {
        // 400 000 code points, in runs below the limit: one cut, in the middle of a word.
        String words = "word ".repeat(80_000);
        String text = words.substring(0, 399_998) + "antidisestablishment";
        int[] cut = LLAMA4.encode(text);
        IntStream before = Arrays.stream(LLAMA4_WITHOUT_CAP.encode(text.substring(0, 400_000)));
        IntStream after = Arrays.stream(LLAMA4_WITHOUT_CAP.encode(text.substring(400_000)));
        assertThat(cut).isEqualTo(IntStream.concat(before, after).toArray());
        assertThat(cut).isNotEqualTo(LLAMA4_WITHOUT_CAP.encode(text));
    }

    @Test
    void aSpecialAcrossACutIsText() {
        String text = "a".repeat(24_998) + "<|eot|>";
        Set<String> all = LLAMA4.special().names();
        assertThat(LLAMA4.encodeWithSpecials(text, all)).doesNotContain(200_008);
        assertThat(LLAMA4_WITHOUT_CAP.encodeWithSpecials(text, all)).endsWith(200_008);
    }

    @Test
    void hostileTextsTakeLinearTime() {
        // Each would take minutes if a scanner looked at the same characters again and again.
        List<String> patterns =
                List.of(
                        "<|",
                        "<|vision_reserved_special_token_",
                        " ",
                        "\n ",
                        "日A",
                        "A",
                        "'",
                        "''s",
                        "\u0301A",
                        "/\n",
                        "1 ",
                        "\t!");
        Set<String> all = LLAMA4.special().names();
        long start = System.nanoTime();
        for (String pattern : patterns) {
            String text = pattern.repeat(100_000 / pattern.length());
            assertThat(LLAMA4_WITHOUT_CAP.decode(LLAMA4_WITHOUT_CAP.encodeWithSpecials(text, all)))
                    .isEqualTo(text);
        }
        assertThat((System.nanoTime() - start) / 1_000_000_000.0).isLessThan(20);
    }
}
