package org.scout4j.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Byte-level byte-pair encoding (spec "Tokenizer" §2): the text is cut into segments, those at
 * literal tokens, those into pieces, and the bytes of each piece are merged. Immutable: every call
 * has its own scratch, so any number of threads may share one.
 */
public final class BytePairTokenizer implements Tokenizer {
    private final BytePairModel model;
    private final Vocabulary vocabulary;
    private final SpecialTokens special;
    private final LiteralMatcher literals;
    private final boolean hasUserDefinedTokens;
    private final boolean capsSegments;

    BytePairTokenizer(BytePairModel model, TokenizerOptions options) {
        this.model = model;
        vocabulary = model.vocabulary();
        special = vocabulary.special();
        literals = new LiteralMatcher(vocabulary);
        hasUserDefinedTokens = vocabulary.has(Vocabulary.Kind.USER_DEFINED);
        capsSegments = options.segmentCap() && model.preTokenizer().capsSegments();
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public int[] encode(CharSequence text) {
        return encodeWithSpecials(text, Set.of());
    }

    @Override
    public int[] encodeWithSpecials(CharSequence text, Set<String> allowed) {
        int[] codePoints = codePoints(text);
        TokenBuffer out = new TokenBuffer(codePoints.length / 3);
        PieceEncoder encoder = new PieceEncoder(model);
        boolean searchLiterals = hasUserDefinedTokens || !allowed.isEmpty();
        for (int from = 0, to; from < codePoints.length; from = to) {
            to = capsSegments ? SegmentCap.segmentEnd(codePoints, from) : codePoints.length;
            if (searchLiterals) {
                encodeAroundLiterals(codePoints, from, to, allowed, encoder, out);
            } else {
                encodePieces(codePoints, from, to, encoder, out);
            }
        }
        return out.toArray();
    }

    private void encodeAroundLiterals(
            int[] text,
            int from,
            int to,
            Set<String> allowed,
            PieceEncoder encoder,
            TokenBuffer out) {
        IntPredicate stands =
                token ->
                        vocabulary.kind(token) == Vocabulary.Kind.USER_DEFINED
                                || allowed.contains(vocabulary.text(token));
        int plain = from;
        for (int at = from; at < to; ) {
            LiteralMatcher.Match match = literals.longest(text, at, to, stands);
            if (match.token() < 0) {
                at++;
                continue;
            }
            encodePieces(text, plain, at, encoder, out);
            out.add(match.token());
            at += match.length();
            plain = at;
        }
        encodePieces(text, plain, to, encoder, out);
    }

    private void encodePieces(int[] text, int from, int to, PieceEncoder encoder, TokenBuffer out) {
        for (int start = from, end; start < to; start = end) {
            end = model.preTokenizer().pieceEnd(text, start, to);
            encoder.encode(text, start, end, out);
        }
    }

    /** The code points of a text, each lone surrogate replaced by U+FFFD. */
    private static int[] codePoints(CharSequence text) {
        int length = text.length();
        int[] codePoints = new int[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            char unit = text.charAt(i);
            int codePoint = unit;
            if (Character.isSurrogate(unit)) {
                if (Character.isHighSurrogate(unit)
                        && i + 1 < length
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    codePoint = Character.toCodePoint(unit, text.charAt(++i));
                } else {
                    codePoint = 0xFFFD;
                }
            }
            codePoints[count++] = codePoint;
        }
        return count == length ? codePoints : Arrays.copyOf(codePoints, count);
    }

    @Override
    public byte[] bytes(int token) {
        return vocabulary.bytes(checked(token));
    }

    @Override
    public String decode(int... tokens) {
        long length = 0;
        for (int token : tokens) {
            length += vocabulary.length(checked(token));
        }
        byte[] bytes = new byte[Math.toIntExact(length)];
        StringBuilder text = new StringBuilder();
        int end = 0;
        for (int token : tokens) {
            if (special.contains(token)) {
                // A character does not continue behind a special token.
                text.append(new String(bytes, 0, end, StandardCharsets.UTF_8));
                end = 0;
            } else {
                vocabulary.copy(token, bytes, end);
                end += vocabulary.length(token);
            }
        }
        return text.append(new String(bytes, 0, end, StandardCharsets.UTF_8)).toString();
    }

    @Override
    public SpecialTokens special() {
        return special;
    }

    private int checked(int token) {
        if (token < 0 || token >= vocabulary.size()) {
            throw new IllegalArgumentException(
                    "token " + token + " is not in the vocabulary of " + vocabulary.size());
        }
        return token;
    }
}
