package org.scout4j.tokenizer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.scout4j.error.VerificationFailed;

/**
 * The tokens of a model: bytes by id, and id by bytes for those that ordinary text can become.
 * Immutable. All bytes lie in one array, so 200 000 tokens take a few megabytes.
 */
final class Vocabulary {
    /** What a token is for. */
    enum Kind {
        /** A piece of ordinary text. */
        NORMAL,
        /** Text that is always one token, found before the text is split. */
        USER_DEFINED,
        /** A control token; text never becomes one unless the caller says so. */
        CONTROL,
        /** A place in the tables that no text stands for. */
        UNUSED
    }

    static final int MOST_TOKENS = 1 << 20;
    static final int MOST_BYTES = 1 << 28;

    /**
     * Whether a token that a file calls user-defined is a control token by its spelling, {@code
     * <|…|>}: such tokens open and close turns, so text must not become one.
     */
    static boolean looksLikeControl(String text) {
        return text.length() > 4 && text.startsWith("<|") && text.endsWith("|>");
    }

    private final byte[] bytes;
    private final int[] offsets;
    private final Kind[] kinds;
    private final int longest;

    /**
     * Open addressing over the normal tokens: the upper half of the hash beside id + 1, 0 where
     * empty. The multiplier is drawn anew for each vocabulary, so a file cannot be made whose
     * tokens all collide.
     */
    private final long[] index;

    private final long multiplier = new SplittableRandom().nextLong() | 1;
    private final int[] byteTokens = new int[256];

    private Vocabulary(Path file, byte[] bytes, int[] offsets, Kind[] kinds) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.kinds = kinds;
        index = new long[Integer.highestOneBit(Math.max(kinds.length, 1)) << 2];
        int longestSoFar = 0;
        for (int id = 0; id < kinds.length; id++) {
            if (kind(id) == Kind.NORMAL) {
                register(file, id);
                longestSoFar = Math.max(longestSoFar, length(id));
            }
        }
        longest = longestSoFar;
        for (int value = 0; value < 256; value++) {
            byteTokens[value] = find(new byte[] {(byte) value}, 0, 1);
        }
    }

    private void register(Path file, int id) {
        long hash = mix(polynomial(bytes, offsets[id], offsets[id + 1]));
        int slot = (int) hash & (index.length - 1);
        while (index[slot] != 0) {
            int other = (int) index[slot] - 1;
            if (Arrays.equals(
                    bytes,
                    offsets[id],
                    offsets[id + 1],
                    bytes,
                    offsets[other],
                    offsets[other + 1])) {
                throw new VerificationFailed(
                        file, "tokens " + other + " and " + id + " are the same bytes");
            }
            slot = (slot + 1) & (index.length - 1);
        }
        index[slot] = (hash & ~0xFFFF_FFFFL) | (id + 1);
    }

    int size() {
        return kinds.length;
    }

    Kind kind(int id) {
        return kinds[id];
    }

    /** Whether there is a token of this kind. */
    boolean has(Kind kind) {
        return Arrays.asList(kinds).contains(kind);
    }

    int length(int id) {
        return offsets[id + 1] - offsets[id];
    }

    /** A copy of a token's bytes. */
    byte[] bytes(int id) {
        return Arrays.copyOfRange(bytes, offsets[id], offsets[id + 1]);
    }

    /** Copies a token's bytes into an array. */
    void copy(int id, byte[] target, int at) {
        System.arraycopy(bytes, offsets[id], target, at, length(id));
    }

    /** A token's bytes read as UTF-8: the name of a control token. */
    String text(int id) {
        return new String(bytes, offsets[id], length(id), StandardCharsets.UTF_8);
    }

    /** The normal token of a single byte (0 to 255), or -1. */
    int byteToken(int value) {
        return byteTokens[value];
    }

    /** The normal token of exactly these bytes, or -1. */
    int find(byte[] text, int from, int to) {
        return to - from > longest ? -1 : find(polynomial(text, from, to), text, from, to);
    }

    private int find(long polynomial, byte[] text, int from, int to) {
        long hash = mix(polynomial);
        int slot = (int) hash & (index.length - 1);
        for (long entry; (entry = index[slot]) != 0; slot = (slot + 1) & (index.length - 1)) {
            if ((entry ^ hash) >>> 32 == 0) {
                int id = (int) entry - 1;
                if (Arrays.equals(bytes, offsets[id], offsets[id + 1], text, from, to)) {
                    return id;
                }
            }
        }
        return -1;
    }

    /** Takes the two halves of a token. */
    interface Halves {
        void accept(int left, int right);
    }

    /** All ways to put a token together from two normal tokens. */
    void forEachSplit(int id, Halves halves) {
        int start = offsets[id];
        int end = offsets[id + 1];
        // The hash is a polynomial, so those of all tails come from right to left in one sweep.
        long[] tails = new long[end - start];
        long tail = 0;
        long power = 1;
        for (int at = end - 1; at > start; at--) {
            tail += term(bytes[at]) * power;
            power *= multiplier;
            tails[at - start] = tail;
        }
        long head = 0;
        for (int at = start + 1; at < end; at++) {
            head = head * multiplier + term(bytes[at - 1]);
            int left = find(head, bytes, start, at);
            if (left >= 0) {
                int right = find(tails[at - start], bytes, at, end);
                if (right >= 0) {
                    halves.accept(left, right);
                }
            }
        }
    }

    private long polynomial(byte[] text, int from, int to) {
        long hash = 0;
        for (int at = from; at < to; at++) {
            hash = hash * multiplier + term(text[at]);
        }
        return hash;
    }

    // Never 0, so that leading zero bytes count.
    private static long term(byte value) {
        return (value & 0xFF) + 1L;
    }

    private static long mix(long polynomial) {
        long hash = (polynomial ^ (polynomial >>> 32)) * 0x9E37_79B9_7F4A_7C15L;
        return hash ^ (hash >>> 29);
    }

    /** Collects tokens in any order of their ids. */
    static final class Builder {
        private final Path file;
        private final ByteStrings strings = new ByteStrings();
        private Kind[] kinds = new Kind[1 << 8];
        private int[] entries = new int[1 << 8];
        private int highest = -1;

        Builder(Path file) {
            this.file = file;
        }

        /** Adds one token. */
        void add(int id, byte[] text, Kind kind) {
            if (id < 0 || id >= MOST_TOKENS) {
                throw new VerificationFailed(
                        file, "token id " + id + " is not between 0 and " + (MOST_TOKENS - 1));
            }
            if (text.length == 0 && kind != Kind.UNUSED) {
                throw new VerificationFailed(file, "token " + id + " is empty");
            }
            if (text.length > MOST_BYTES - strings.totalLength()) {
                throw new VerificationFailed(
                        file, "the tokens are longer than " + MOST_BYTES + " bytes together");
            }
            if (id >= entries.length) {
                int capacity = Math.max(id + 1, entries.length * 2);
                entries = Arrays.copyOf(entries, capacity);
                kinds = Arrays.copyOf(kinds, capacity);
            }
            if (entries[id] != 0) {
                throw new VerificationFailed(file, "token " + id + " is there twice");
            }
            strings.add(text);
            entries[id] = strings.size();
            kinds[id] = kind;
            highest = Math.max(highest, id);
        }

        /** Adds a token that is known by its name. */
        void add(int id, String name, Kind kind) {
            add(id, name.getBytes(StandardCharsets.UTF_8), kind);
        }

        /**
         * @throws VerificationFailed if an id is missing, two tokens are the same, or printable
         *     ASCII cannot be written
         */
        Vocabulary build() {
            int size = highest + 1;
            byte[] bytes = new byte[strings.totalLength()];
            int[] offsets = new int[size + 1];
            for (int id = 0; id < size; id++) {
                int entry = entries[id] - 1;
                if (entry < 0) {
                    throw new VerificationFailed(
                            file, "token " + id + " of 0 to " + highest + " is missing");
                }
                strings.copy(entry, bytes, offsets[id]);
                offsets[id + 1] = offsets[id] + strings.length(entry);
            }
            Vocabulary vocabulary =
                    new Vocabulary(file, bytes, offsets, Arrays.copyOf(kinds, size));
            checkBytes(vocabulary);
            checkNames(vocabulary);
            return vocabulary;
        }

        private void checkBytes(Vocabulary vocabulary) {
            for (int value = ' '; value <= '~'; value++) {
                if (vocabulary.byteToken(value) < 0) {
                    throw new VerificationFailed(
                            file,
                            "there is no token for the byte 0x%02X: not a byte-level vocabulary"
                                    .formatted(value));
                }
            }
        }

        private void checkNames(Vocabulary vocabulary) {
            Map<String, Integer> ids = new HashMap<>();
            for (int id = 0; id < vocabulary.size(); id++) {
                if (vocabulary.kind(id) != Kind.NORMAL) {
                    Integer other = ids.putIfAbsent(vocabulary.text(id), id);
                    if (other != null) {
                        throw new VerificationFailed(
                                file, "tokens " + other + " and " + id + " have the same name");
                    }
                }
            }
        }
    }

    /** The control and unused tokens. */
    SpecialTokens special() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < size(); id++) {
            switch (kind(id)) {
                case CONTROL, UNUSED -> ids.put(text(id), id);
                case NORMAL, USER_DEFINED -> {}
            }
        }
        return new SpecialTokens(ids);
    }
}
