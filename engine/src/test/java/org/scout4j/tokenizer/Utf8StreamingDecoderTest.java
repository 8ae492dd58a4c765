package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Utf8StreamingDecoderTest {
    /** Tokens 0 to 255 are the bytes, 256 is control, the others are pieces of characters. */
    private static final Tokenizer TOKENIZER = tokenizer();

    private static Tokenizer tokenizer() {
        Vocabulary.Builder builder = TinyVocabulary.bytes();
        builder.add(256, "<|eot|>", Vocabulary.Kind.CONTROL);
        builder.add(257, new byte[] {(byte) 0x9F, (byte) 0x98}, Vocabulary.Kind.NORMAL);
        builder.add(258, new byte[] {(byte) 0x80, 'a', (byte) 0xE6}, Vocabulary.Kind.NORMAL);
        builder.add(
                259, new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x98}, Vocabulary.Kind.NORMAL);
        return TinyVocabulary.tokenizer(builder);
    }

    @Test
    void emitsACharacterWithItsLastByte() {
        StreamingDecoder decoder = TOKENIZER.streamingDecoder();
        assertThat(decoder.accept(0xF0)).isEmpty();
        assertThat(decoder.accept(257)).isEmpty();
        assertThat(decoder.accept(258)).isEqualTo("😀a");
        assertThat(decoder.accept('b')).isEqualTo("\uFFFDb");
        assertThat(decoder.flush()).isEmpty();
    }

    @Test
    void endsAnUnfinishedCharacterBeforeASpecialToken() {
        StreamingDecoder hiding = TOKENIZER.streamingDecoder(false);
        assertThat(hiding.accept(259)).isEmpty();
        assertThat(hiding.accept(256)).isEqualTo("\uFFFD");
        assertThat(hiding.accept(0x80)).isEqualTo("\uFFFD");

        StreamingDecoder showing = TOKENIZER.streamingDecoder(true);
        assertThat(showing.accept(259)).isEmpty();
        assertThat(showing.accept(256)).isEqualTo("\uFFFD<|eot|>");
        assertThat(showing.accept(259)).isEmpty();
        assertThat(showing.flush()).isEqualTo("\uFFFD");
        assertThat(showing.flush()).isEmpty();
        assertThat(showing.accept('x')).isEqualTo("x");
    }

    @Test
    void joinedPiecesAreTheDecodedWhole() {
        SplittableRandom random = new SplittableRandom(31);
        for (int round = 0; round < 5_000; round++) {
            int[] tokens = randomTokens(random);
            StreamingDecoder decoder = TOKENIZER.streamingDecoder();
            StringBuilder joined = new StringBuilder();
            boolean wellFormed = true;
            for (int token : tokens) {
                String piece = decoder.accept(token);
                wellFormed &= isWellFormed(piece);
                joined.append(piece);
            }
            joined.append(decoder.flush());
            assertThat(wellFormed).as("round %d", round).isTrue();
            assertThat(joined.toString()).as("round %d", round).isEqualTo(TOKENIZER.decode(tokens));
        }
    }

    // Real characters cut anywhere, with stray bytes and tokens between.
    private static int[] randomTokens(SplittableRandom random) {
        byte[] bytes =
                TokenizerFixtures.randomText(random, random.nextInt(1, 10))
                        .getBytes(StandardCharsets.UTF_8);
        TokenBuffer tokens = new TokenBuffer(bytes.length);
        for (byte each : bytes) {
            switch (random.nextInt(12)) {
                case 0 -> tokens.add(random.nextInt(260));
                case 1 -> {}
                default -> tokens.add(each & 0xFF);
            }
        }
        return tokens.toArray();
    }

    private static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(
                        each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE);
    }
}
