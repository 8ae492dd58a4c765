package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.scout4j.error.VerificationFailed;

/** {@code JAZZER_FUZZ=1} searches; otherwise the inputs kept in the resources are replayed. */
class TokenizerFuzzTest {
    private static final Path FILE = Path.of("fuzzed");

    @FuzzTest(maxDuration = "1m")
    void huggingFaceFilesAreReadOrRefused(byte[] content) {
        try {
            Tokenizer tokenizer =
                    new BytePairTokenizer(
                            HuggingFaceFile.read(FILE, new ByteArrayInputStream(content)),
                            TokenizerOptions.DEFAULT);
            tokenizer.decode(tokenizer.encode("the <|eot|> 日"));
        } catch (VerificationFailed expected) {
            // What a damaged file is to end in.
        }
    }

    @FuzzTest(maxDuration = "1m")
    void tiktokenFilesAreReadOrRefused(byte[] content) {
        try {
            TiktokenFile.read(FILE, content);
        } catch (VerificationFailed expected) {
            // What a damaged file is to end in.
        }
    }

    @FuzzTest(maxDuration = "1m")
    void textsComeBackAndHoldNoControlToken(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        int[] tokens = TokenizerFixtures.LLAMA4.encode(text);
        assertThat(Arrays.stream(tokens).max().orElse(-1)).isLessThan(200_000);
        assertThat(TokenizerFixtures.LLAMA4.decode(tokens)).isEqualTo(wellFormed(text));
    }

    @FuzzTest(maxDuration = "1m")
    void streamedPiecesAreTheDecodedWhole(FuzzedDataProvider data) {
        int[] tokens = data.consumeInts(1_000);
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = Math.floorMod(tokens[i], TokenizerFixtures.LLAMA4.vocabularySize());
        }
        StreamingDecoder decoder = TokenizerFixtures.LLAMA4.streamingDecoder();
        StringBuilder joined = new StringBuilder();
        for (int token : tokens) {
            joined.append(decoder.accept(token));
        }
        joined.append(decoder.flush());
        assertThat(joined.toString()).isEqualTo(TokenizerFixtures.LLAMA4.decode(tokens));
    }

    private static String wellFormed(String text) {
        return text.codePoints()
                .map(each ->
                        each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE
                                ? 0xFFFD
                                : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
