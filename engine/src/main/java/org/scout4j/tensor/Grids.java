package org.scout4j.tensor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/**
 * The codebooks of {@link GridBlocks}, read from {@code codebooks.txt} (origin and form: README.md
 * beside it) when one is first needed, never written afterwards. Element {@code i} of an entry is
 * its byte {@code i}, the lowest being 0, with sign.
 */
final class Grids {
    static final long[] IQ2_XXS; // 256 entries of 8
    static final long[] IQ2_XS; // 512 entries of 8
    static final long[] IQ2_S; // 1024 entries of 8
    static final long[] IQ3_XXS; // 256 entries of 4
    static final long[] IQ3_S; // 512 entries of 4
    static final long[] IQ1; // 2048 entries of 8

    static {
        StringTokenizer words = words();
        IQ2_XXS = next(words, "iq2xxs", 256, 8, 8, 25, 43);
        IQ2_XS = next(words, "iq2xs", 512, 8, 8, 25, 43);
        IQ2_S = next(words, "iq2s", 1024, 8, 8, 25, 43);
        IQ3_XXS = next(words, "iq3xxs", 256, 4, 4, 12, 20, 28, 36, 44, 52, 62);
        IQ3_S = next(words, "iq3s", 512, 4, 1, 3, 5, 7, 9, 11, 13, 15);
        IQ1 = next(words, "iq1s", 2048, 8, -1, 0, 1);
        if (words.hasMoreTokens()) {
            throw broken(words.nextToken() + " after the last grid");
        }
    }

    private Grids() {}

    private static StringTokenizer words() {
        try (InputStream in = Grids.class.getResourceAsStream("codebooks.txt")) {
            if (in == null) {
                throw broken("missing");
            }
            return new StringTokenizer(
                    new String(in.readAllBytes(), US_ASCII)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .collect(Collectors.joining("\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long[] next(
            StringTokenizer words, String name, int entries, int length, int... values) {
        if (!nextWord(words).equals(name)) {
            throw broken("grid " + name + " expected");
        }
        long[] grid = new long[entries];
        for (int entry = 0; entry < entries; entry++) {
            String digits = nextWord(words);
            if (digits.length() != length) {
                throw broken("entry " + entry + " of grid " + name + " is " + digits);
            }
            for (int i = 0; i < length; i++) {
                int digit = Character.digit(digits.charAt(i), values.length);
                if (digit < 0) {
                    throw broken("entry " + entry + " of grid " + name + " is " + digits);
                }
                grid[entry] |= (values[digit] & 0xFFL) << (8 * i);
            }
        }
        return grid;
    }

    private static String nextWord(StringTokenizer words) {
        if (!words.hasMoreTokens()) {
            throw broken("too short");
        }
        return words.nextToken();
    }

    private static IllegalStateException broken(String how) {
        return new IllegalStateException("scout4j's own codebooks.txt is broken: " + how);
    }
}
