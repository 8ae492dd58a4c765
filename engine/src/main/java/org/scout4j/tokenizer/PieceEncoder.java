package org.scout4j.tokenizer;

/**
 * Byte-pair encoding of single pieces (spec "Tokenizer" §2.5): neighbours merge, the pair of lowest
 * rank first and the leftmost among equals, until no neighbours are in the table. Holds the arrays
 * of one call of encode; not thread-safe.
 */
final class PieceEncoder {
    /** Pieces up to this many bytes are merged by looking through all pairs each time. */
    static final int SHORT_PIECE = 96;

    private final BytePairModel model;
    private final int shortPiece;

    private byte[] bytes = new byte[256];
    private int[] tokens = new int[SHORT_PIECE];
    private long[] merges = new long[SHORT_PIECE];

    PieceEncoder(BytePairModel model) {
        this(model, SHORT_PIECE);
    }

    /**
     * @param shortPiece longest piece, in bytes, that does without the queue
     */
    PieceEncoder(BytePairModel model, int shortPiece) {
        this.model = model;
        this.shortPiece = shortPiece;
    }

    /** Appends the tokens of one piece, the code points from {@code from} to {@code to}. */
    void encode(int[] text, int from, int to, TokenBuffer out) {
        int length = toUtf8(text, from, to);
        if (model.wholePiecesFirst() || length == 1) {
            int whole = model.vocabulary().find(bytes, 0, length);
            if (whole >= 0) {
                out.add(whole);
                return;
            }
        }
        if (tokens.length < length) {
            tokens = new int[length];
            merges = new long[length];
        }
        for (int i = 0; i < length; i++) {
            tokens[i] = model.vocabulary().byteToken(bytes[i] & 0xFF);
        }
        for (int i = 0; i + 1 < length; i++) {
            merges[i] = model.merges().findBytes(bytes[i], bytes[i + 1]);
        }
        if (length <= shortPiece) {
            mergeByScanning(length, out);
        } else {
            mergeByQueue(length, out);
        }
    }

    /** Quadratic in the length, and the fastest for the few bytes of a word. */
    private void mergeByScanning(int length, TokenBuffer out) {
        int last = length - 1;
        for (int at; (at = firstMerge(last)) >= 0; ) {
            tokens[at] = MergeTable.merged(merges[at]);
            System.arraycopy(tokens, at + 2, tokens, at + 1, last - at - 1);
            System.arraycopy(merges, at + 1, merges, at, last - at - 1);
            last--;
            if (at > 0) {
                merges[at - 1] = model.merges().find(tokens[at - 1], tokens[at]);
            }
            if (at < last) {
                merges[at] = model.merges().find(tokens[at], tokens[at + 1]);
            }
        }
        for (int i = 0; i <= last; i++) {
            emit(tokens[i], out);
        }
    }

    /** Where the next merge of the pairs 0 to {@code pairs - 1} is, or -1. */
    private int firstMerge(int pairs) {
        int at = -1;
        long first = MergeTable.NONE;
        for (int i = 0; i < pairs; i++) {
            if (merges[i] < first) {
                first = merges[i];
                at = i;
            }
        }
        return at;
    }

    /**
     * For long pieces: the tokens are a linked list, the possible merges lie in a queue by rank and
     * place. A merge that a neighbour's has made impossible stays in the queue and is passed over
     * when it comes out, known by a rank that is no longer that of its place.
     */
    private void mergeByQueue(int length, TokenBuffer out) {
        int[] next = new int[length];
        int[] previous = new int[length];
        merges[length - 1] = MergeTable.NONE;
        MergeQueue queue = new MergeQueue(length);
        for (int i = 0; i < length; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            enqueue(i, queue);
        }
        while (!queue.isEmpty()) {
            long entry = queue.removeFirst();
            int at = (int) entry;
            if (MergeTable.rank(merges[at]) != (int) (entry >>> 32)) {
                continue;
            }
            int gone = next[at];
            int after = next[gone];
            tokens[at] = MergeTable.merged(merges[at]);
            merges[gone] = MergeTable.NONE;
            next[at] = after;
            merges[at] = MergeTable.NONE;
            if (after < length) {
                previous[after] = at;
                merges[at] = model.merges().find(tokens[at], tokens[after]);
                enqueue(at, queue);
            }
            int before = previous[at];
            if (before >= 0) {
                merges[before] = model.merges().find(tokens[before], tokens[at]);
                enqueue(before, queue);
            }
        }
        for (int i = 0; i < length; i = next[i]) {
            emit(tokens[i], out);
        }
    }

    private void enqueue(int at, MergeQueue queue) {
        if (merges[at] != MergeTable.NONE) {
            queue.add(((long) MergeTable.rank(merges[at]) << 32) | at);
        }
    }

    // A few vocabularies have no token for some rare bytes; the reference leaves those out.
    private static void emit(int token, TokenBuffer out) {
        if (token >= 0) {
            out.add(token);
        }
    }

    /** Writes code points to {@link #bytes} and returns how many bytes they take. */
    private int toUtf8(int[] text, int from, int to) {
        if (bytes.length / 4 < to - from) {
            bytes = new byte[Math.multiplyExact(to - from, 4)];
        }
        int at = 0;
        for (int i = from; i < to; i++) {
            int codePoint = text[i];
            if (codePoint < 0x80) {
                bytes[at++] = (byte) codePoint;
            } else if (codePoint < 0x800) {
                bytes[at++] = (byte) (0xC0 | (codePoint >> 6));
                bytes[at++] = trail(codePoint);
            } else if (codePoint < 0x10000) {
                bytes[at++] = (byte) (0xE0 | (codePoint >> 12));
                bytes[at++] = trail(codePoint >> 6);
                bytes[at++] = trail(codePoint);
            } else {
                bytes[at++] = (byte) (0xF0 | (codePoint >> 18));
                bytes[at++] = trail(codePoint >> 12);
                bytes[at++] = trail(codePoint >> 6);
                bytes[at++] = trail(codePoint);
            }
        }
        return at;
    }

    private static byte trail(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
