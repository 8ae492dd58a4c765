package org.scout4j.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.VerificationFailed;

/**
 * Reads {@code tokenizer.model}: one token a line, {@code base64(bytes) SP rank}, where the rank is
 * the id. Such a file names neither its special tokens nor its split; both are known for Llama 4
 * alone, which is told by its number of tokens.
 */
final class TiktokenFile {
    private static final int MOST_RANK_DIGITS = 9;

    private TiktokenFile() {}

    static BytePairModel read(Path file) {
        TokenizerFile.check(file, TokenizerFile.MOST_TIKTOKEN_BYTES);
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw TokenizerFile.unreadable(file, e);
        }
        return read(file, content);
    }

    /**
     * @param file for messages
     */
    static BytePairModel read(Path file, byte[] content) {
        Vocabulary.Builder tokens = new Vocabulary.Builder(file);
        int count = 0;
        int line = 1;
        for (int start = 0, end; start < content.length; start = end + 1, line++) {
            end = endOfLine(content, start);
            if (addLine(file, content, start, end, line, tokens)) {
                count++;
            }
        }
        if (count != Llama4SpecialTokens.FIRST) {
            throw new VerificationFailed(
                    file,
                    "%,d tokens; a tokenizer.model is read for Llama 4 only, which has %,d (for"
                                    .formatted(count, Llama4SpecialTokens.FIRST)
                            + " other models use tokenizer.json)");
        }
        Llama4SpecialTokens.addTo(tokens);
        Vocabulary vocabulary = tokens.build();
        return new BytePairModel(
                vocabulary, MergeTable.ofRanks(file, vocabulary), new Llama4PreTokenizer(), true);
    }

    private static int endOfLine(byte[] content, int start) {
        int at = start;
        while (at < content.length && content[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Whether there was a token: empty lines are passed over. */
    private static boolean addLine(
            Path file, byte[] content, int start, int lineEnd, int line, Vocabulary.Builder to) {
        int end = lineEnd > start && content[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (start == end) {
            return false;
        }
        int space = start;
        while (space < end && content[space] != ' ') {
            space++;
        }
        int rank = number(content, space + 1, end);
        if (rank < 0) {
            throw malformed(file, line, null);
        }
        byte[] token;
        try {
            token = Base64.getDecoder().decode(Arrays.copyOfRange(content, start, space));
        } catch (IllegalArgumentException e) {
            throw malformed(file, line, e);
        }
        to.add(rank, token, Vocabulary.Kind.NORMAL);
        return true;
    }

    /** A decimal number, or -1. */
    private static int number(byte[] content, int from, int to) {
        if (from >= to || to - from > MOST_RANK_DIGITS) {
            return -1;
        }
        int number = 0;
        for (int at = from; at < to; at++) {
            int digit = content[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static VerificationFailed malformed(
            Path file, int line, @Nullable IllegalArgumentException cause) {
        return new VerificationFailed(
                file, "line " + line + " is not a token in base64, a space and a rank", cause);
    }
}
