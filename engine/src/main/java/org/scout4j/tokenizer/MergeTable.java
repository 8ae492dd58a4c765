package org.scout4j.tokenizer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.scout4j.error.VerificationFailed;

/**
 * Which two neighbouring tokens become which third, and how soon: a hash table without boxes.
 *
 * <p>A merge is one number, its rank above the id of the merged token, so that the smaller number
 * is the merge that comes first; {@link #NONE} is larger than any.
 */
final class MergeTable {
    /** No merge. */
    static final long NONE = Long.MAX_VALUE;

    /** More than twice as many as Llama 4 has. */
    static final int MOST_MERGES = 1 << 20;

    private static final long EMPTY = -1;
    private static final int BYTES = 256;

    // Key and merge alternate, so that a probe touches one cache line.
    private long[] slots;
    private int size;

    // Every piece starts out as bytes, so half of all questions are about two of them.
    private final long[] ofBytes = new long[BYTES * BYTES];

    private final long seed = new SplittableRandom().nextLong();

    private MergeTable(int expected) {
        slots = emptySlots(Integer.highestOneBit(Math.max(expected, 16)) << 3);
    }

    /**
     * The merges that tiktoken's ranks imply: every pair of tokens that together are a token, as
     * soon as that token's rank.
     */
    static MergeTable ofRanks(Path file, Vocabulary vocabulary) {
        MergeTable merges = new MergeTable(2 * vocabulary.size());
        for (int id = 0; id < vocabulary.size(); id++) {
            int merged = id;
            vocabulary.forEachSplit(
                    id, (left, right) -> merges.put(file, left, right, merged, merged));
        }
        merges.indexBytes(vocabulary);
        return merges;
    }

    /** Collects a list of merges in the order of their priority. */
    static final class Builder {
        private final Path file;
        private final Vocabulary vocabulary;
        private final MergeTable merges;
        private int rank;

        Builder(Path file, Vocabulary vocabulary, int expected) {
            this.file = file;
            this.vocabulary = vocabulary;
            this.merges = new MergeTable(Math.min(expected, MOST_MERGES));
        }

        /** Adds the next merge as files spell it: two tokens and a space between. */
        void add(String merge) {
            int space = merge.indexOf(' ');
            byte[] left = space < 0 ? null : ByteAlphabet.decode(merge.substring(0, space));
            byte[] right = ByteAlphabet.decode(merge.substring(space + 1));
            if (left == null || right == null) {
                throw new VerificationFailed(
                        file, "merge " + rank + " is not two tokens in the byte alphabet of GPT-2");
            }
            add(left, right);
        }

        /**
         * Adds the next merge.
         *
         * @throws VerificationFailed if one of the three tokens is not in the vocabulary, or the
         *     pair was there before
         */
        void add(byte[] left, byte[] right) {
            byte[] both = Arrays.copyOf(left, Math.addExact(left.length, right.length));
            System.arraycopy(right, 0, both, left.length, right.length);
            merges.put(file, token(left), token(right), rank, token(both));
            rank++;
        }

        private int token(byte[] bytes) {
            int token = vocabulary.find(bytes, 0, bytes.length);
            if (token < 0) {
                throw new VerificationFailed(
                        file, "merge " + rank + " names a token that is not in the vocabulary");
            }
            return token;
        }

        MergeTable build() {
            merges.indexBytes(vocabulary);
            return merges;
        }
    }

    private void indexBytes(Vocabulary vocabulary) {
        for (int left = 0; left < BYTES; left++) {
            for (int right = 0; right < BYTES; right++) {
                ofBytes[left * BYTES + right] =
                        find(vocabulary.byteToken(left), vocabulary.byteToken(right));
            }
        }
    }

    private void put(Path file, int left, int right, int rank, int merged) {
        if (size == MOST_MERGES) {
            throw new VerificationFailed(file, "there are more than " + MOST_MERGES + " merges");
        }
        if (4 * size >= slots.length) {
            grow();
        }
        long key = key(left, right);
        int slot = slot(slots, key);
        if (slots[slot] == key) {
            throw new VerificationFailed(
                    file, "the merge of tokens " + left + " and " + right + " is there twice");
        }
        slots[slot] = key;
        slots[slot + 1] = ((long) rank << 32) | merged;
        size++;
    }

    private void grow() {
        long[] wider = emptySlots(slots.length * 2);
        for (int slot = 0; slot < slots.length; slot += 2) {
            if (slots[slot] != EMPTY) {
                int moved = slot(wider, slots[slot]);
                wider[moved] = slots[slot];
                wider[moved + 1] = slots[slot + 1];
            }
        }
        slots = wider;
    }

    private static long[] emptySlots(int length) {
        long[] slots = new long[length];
        for (int slot = 0; slot < length; slot += 2) {
            slots[slot] = EMPTY;
            slots[slot + 1] = NONE;
        }
        return slots;
    }

    /**
     * The merge of two neighbours, or {@link #NONE}; a neighbour of -1, a byte without a token,
     * merges with nothing.
     */
    long find(int left, int right) {
        return slots[slot(slots, key(left, right)) + 1];
    }

    /** The merge of two single bytes, or {@link #NONE}. */
    long findBytes(byte left, byte right) {
        return ofBytes[(left & 0xFF) * BYTES + (right & 0xFF)];
    }

    /** The token a merge makes. */
    static int merged(long merge) {
        return (int) merge;
    }

    /** How soon a merge comes: smaller is sooner. */
    static int rank(long merge) {
        return (int) (merge >>> 32);
    }

    /** Where this key lies, or the empty slot where it would. */
    private int slot(long[] table, long key) {
        long hash = (key ^ seed) * 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ (hash >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
        int slot = (int) (hash >>> 32) & (table.length - 2);
        while (table[slot] != key && table[slot] != EMPTY) {
            slot = (slot + 2) & (table.length - 2);
        }
        return slot;
    }

    private static long key(int left, int right) {
        return ((long) left << 32) | (right & 0xFFFF_FFFFL);
    }
}
