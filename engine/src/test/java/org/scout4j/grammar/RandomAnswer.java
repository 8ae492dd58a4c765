package org.scout4j.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * What a model that knows nothing writes under a constraint: every token is drawn from the mask.
 * Too long an answer is completed as the engine completes it.
 *
 * @param tokens in order, with those that completed it
 * @param drawn how many were drawn
 */
public record RandomAnswer(List<Integer> tokens, int drawn, byte[] bytes) {
    /** How a token is drawn from a mask. */
    public enum Taste {
        /** Every token alike. */
        EVEN,
        /** A few tokens again and again, as random weights prefer them. */
        LOOPING,
        /** Short tokens: quotes, brackets, commas, digits. */
        SHORT,
        /** Tokens that few masks allow: those with quotes and brackets in them. */
        STRUCTURE
    }

    /**
     * Draws an answer.
     *
     * @param bytes what a token appends
     * @param most tokens drawn before the answer is completed
     * @param what names the answer in messages
     */
    public static RandomAnswer draw(
            TokenConstraint constraint,
            IntFunction<byte[]> bytes,
            int most,
            Taste taste,
            SplittableRandom random,
            String what) {
        Drawing drawing = new Drawing(constraint, bytes, what);
        long liking = random.nextLong();
        TokenSet allowed = new TokenSet(constraint.vocabulary());
        boolean ended = false;
        while (!ended && drawing.tokens.size() < most) {
            constraint.mask(allowed);
            int count = allowed.count();
            boolean mayEnd = constraint.mayEnd();
            assertThat(count > 0 || mayEnd).as("a way on, %s", drawing).isTrue();
            ended = mayEnd && (count == 0 || random.nextInt(4) == 0);
            if (!ended) {
                int token = best(allowed, count, taste, liking, bytes, random);
                if (random.nextInt(8) == 0) {
                    drawing.checkCompletionAfter(token);
                }
                drawing.take(token);
            }
        }
        int drawn = drawing.tokens.size();
        drawing.complete();
        return new RandomAnswer(drawing.tokens, drawn, drawing.text.toByteArray());
    }

    /** As text; it must be whole UTF-8. */
    public String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("no UTF-8: " + new String(bytes, StandardCharsets.UTF_8), e);
        }
    }

    private static int best(
            TokenSet allowed,
            int count,
            Taste taste,
            long liking,
            IntFunction<byte[]> bytes,
            SplittableRandom random) {
        int best = any(allowed, random.nextInt(count));
        for (int draws = taste == Taste.EVEN ? 0 : 7; draws > 0; draws--) {
            int other = any(allowed, random.nextInt(count));
            if (score(other, taste, liking, bytes) > score(best, taste, liking, bytes)) {
                best = other;
            }
        }
        return best;
    }

    private static long score(int token, Taste taste, long liking, IntFunction<byte[]> bytes) {
        return switch (taste) {
            case EVEN -> 0;
            case LOOPING -> (token + 1) * 0x9E3779B97F4A7C15L ^ liking;
            case SHORT -> -bytes.apply(token).length;
            case STRUCTURE -> structure(bytes.apply(token));
        };
    }

    private static int structure(byte[] text) {
        int found = 0;
        for (byte value : text) {
            found += "\"[]{}(),:<>=".indexOf(value) >= 0 ? 1 : 0;
        }
        return found;
    }

    /** The token of a rank among those allowed. */
    private static int any(TokenSet allowed, int rank) {
        long[] words = allowed.words();
        int left = rank;
        int word = 0;
        while (left >= Long.bitCount(words[word])) {
            left -= Long.bitCount(words[word++]);
        }
        long bits = words[word];
        while (left-- > 0) {
            bits &= bits - 1;
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    private static final class Drawing {
        private final TokenConstraint constraint;
        private final IntFunction<byte[]> bytes;
        private final String what;
        private final List<Integer> tokens = new ArrayList<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private int[] expected = new int[0];
        private boolean expects;

        Drawing(TokenConstraint constraint, IntFunction<byte[]> bytes, String what) {
            this.constraint = constraint;
            this.bytes = bytes;
            this.what = what;
        }

        void checkCompletionAfter(int token) {
            expected = constraint.completionAfter(token);
            expects = true;
        }

        void take(int token) {
            constraint.accept(token);
            text.writeBytes(bytes.apply(token));
            tokens.add(token);
            if (expects) {
                assertThat(constraint.completion())
                        .as("completion after %s, %s", token, this)
                        .isEqualTo(expected);
                expects = false;
            }
        }

        void complete() {
            TokenSet allowed = new TokenSet(constraint.vocabulary());
            for (int token : constraint.completion()) {
                constraint.mask(allowed);
                assertThat(allowed.contains(token))
                        .as("completion by %s, %s", token, this)
                        .isTrue();
                take(token);
            }
            assertThat(constraint.mayEnd()).as("complete, %s", this).isTrue();
        }

        @Override
        public String toString() {
            return what + ": " + text.toString(StandardCharsets.UTF_8) + "|";
        }
    }
}
