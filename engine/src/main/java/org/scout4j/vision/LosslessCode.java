package org.scout4j.vision;

/** A prefix code of lossless WebP: canonical, of at most 15 bits a symbol. */
final class LosslessCode {
    private static final int LONGEST = 15;
    private static final int TABLE_BITS = 8;
    private static final int TABLE_MASK = (1 << TABLE_BITS) - 1;
    private static final int LENGTH_BITS = 4;
    private static final int[] LENGTH_ORDER = {
        17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };
    private static final int REPEAT = 16;
    private static final int ZEROS = 17;

    /** By length, then by number. */
    private final char[] symbols;

    /** Codes of each length. */
    private final char[] counts;

    /** {@code symbol << LENGTH_BITS | length} by the next bits; length 0: a longer code. */
    private final char[] table;

    /**
     * @param lengths bits of each symbol's code, 0 for symbols that do not occur
     */
    private LosslessCode(int[] lengths) throws ImageRefused {
        int[] count = new int[LONGEST + 1];
        for (int length : lengths) {
            count[length]++;
        }
        int used = lengths.length - count[0];
        count[0] = 0;
        int[] next = new int[LONGEST + 1];
        int open = 1;
        for (int length = 1; length <= LONGEST; length++) {
            next[length] = next[length - 1] + count[length - 1];
            open = 2 * open - count[length];
        }
        // the code of a lone symbol has no bits
        if (used == 0 || used > 1 && open != 0) {
            throw Refusal.damaged("WebP");
        }
        symbols = new char[used];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = (char) symbol;
            }
        }
        counts = new char[LONGEST + 1];
        for (int length = 1; length <= LONGEST; length++) {
            counts[length] = (char) count[length];
        }
        table = used == 1 ? new char[0] : table();
    }

    private char[] table() {
        char[] filled = new char[1 << TABLE_BITS];
        int code = 0;
        int symbol = 0;
        for (int length = 1; length <= TABLE_BITS; length++) {
            for (int i = 0; i < counts[length]; i++, code++, symbol++) {
                int first = Integer.reverse(code) >>> Integer.SIZE - length;
                for (int at = first; at <= TABLE_MASK; at += 1 << length) {
                    filled[at] = (char) (symbols[symbol] << LENGTH_BITS | length);
                }
            }
            code <<= 1;
        }
        return filled;
    }

    /** Memory that it takes, in bytes. */
    int bytes() {
        return 160 + 2 * (symbols.length + table.length);
    }

    /** Reads a symbol. */
    int read(LosslessBits bits) throws ImageRefused {
        if (symbols.length == 1) {
            return symbols[0];
        }
        long ahead = bits.peek();
        int entry = table[(int) ahead & TABLE_MASK];
        if (entry != 0) {
            bits.skip(entry & (1 << LENGTH_BITS) - 1);
            return entry >> LENGTH_BITS;
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code = code << 1 | (int) (ahead >> length - 1) & 1;
            first <<= 1;
            if (code - first < counts[length]) {
                bits.skip(length);
                return symbols[index + code - first];
            }
            first += counts[length];
            index += counts[length];
        }
        throw Refusal.damaged("WebP");
    }

    /** Reads a code for so many symbols. */
    static LosslessCode of(LosslessBits bits, int alphabet) throws ImageRefused {
        int[] lengths = new int[alphabet];
        if (bits.flag()) {
            boolean two = bits.flag();
            mark(lengths, bits.read(bits.flag() ? 8 : 1));
            if (two) {
                mark(lengths, bits.read(8));
            }
        } else {
            readLengths(bits, lengths);
        }
        return new LosslessCode(lengths);
    }

    private static void mark(int[] lengths, int symbol) throws ImageRefused {
        if (symbol >= lengths.length) {
            throw Refusal.damaged("WebP");
        }
        lengths[symbol] = 1;
    }

    private static void readLengths(LosslessBits bits, int[] lengths) throws ImageRefused {
        int[] own = new int[LENGTH_ORDER.length];
        int given = bits.read(4) + 4;
        for (int i = 0; i < given; i++) {
            own[LENGTH_ORDER[i]] = bits.read(3);
        }
        LosslessCode code = new LosslessCode(own);
        int left = bits.flag() ? 2 + bits.read(2 + 2 * bits.read(3)) : lengths.length;
        if (left > lengths.length) {
            throw Refusal.damaged("WebP");
        }
        int last = 8;
        int symbol = 0;
        for (; left > 0 && symbol < lengths.length; left--) {
            int length = code.read(bits);
            if (length < REPEAT) {
                lengths[symbol++] = length;
                last = length == 0 ? last : length;
                continue;
            }
            int times =
                    switch (length) {
                        case REPEAT -> 3 + bits.read(2);
                        case ZEROS -> 3 + bits.read(3);
                        default -> 11 + bits.read(7);
                    };
            if (times > lengths.length - symbol) {
                throw Refusal.damaged("WebP");
            }
            for (int i = 0; i < times; i++) {
                lengths[symbol++] = length == REPEAT ? last : 0;
            }
        }
    }
}
