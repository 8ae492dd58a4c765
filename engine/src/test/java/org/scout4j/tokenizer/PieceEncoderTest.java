package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PieceEncoderTest {
    private static final BytePairModel MODEL = TokenizerFixtures.LLAMA4_MODEL;

    @Test
    void bothWaysOfMergingFindWhatTheDefinitionFinds() {
        Map<String, Integer> ranks = ranks();
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 1_000; round++) {
            String piece = piece(random);
            int[] expected = byDefinition(piece, ranks);
            assertThat(encode(piece, Integer.MAX_VALUE))
                    .as("scanning, round %d: %s", round, piece)
                    .isEqualTo(expected);
            assertThat(encode(piece, 0))
                    .as("queue, round %d: %s", round, piece)
                    .isEqualTo(expected);
        }
    }

    @Test
    void bothWaysOfMergingAgreeOnLongPieces() {
        SplittableRandom random = new SplittableRandom(12);
        for (int round = 0; round < 10; round++) {
            StringBuilder piece = new StringBuilder();
            while (piece.length() < 2_000) {
                piece.append(piece(random));
            }
            assertThat(encode(piece.toString(), 0))
                    .as("round %d: %s", round, piece)
                    .isEqualTo(encode(piece.toString(), Integer.MAX_VALUE));
        }
    }

    @Test
    void aPieceOfAMillionCharactersTakesSeconds() {
        // Two seconds are asked for (spec "Tokenizer" §8); the rest is for slow machines.
        long start = System.nanoTime();
        int[] tokens = TokenizerFixtures.LLAMA4_WITHOUT_CAP.encode("a".repeat(1_000_000));
        assertThat((System.nanoTime() - start) / 1_000_000_000.0).isLessThan(6);
        assertThat(TokenizerFixtures.LLAMA4_WITHOUT_CAP.decode(tokens))
                .isEqualTo("a".repeat(1_000_000));
    }

    private static int[] encode(String piece, int shortPiece) {
        int[] codePoints = piece.codePoints().toArray();
        TokenBuffer out = new TokenBuffer(0);
        new PieceEncoder(MODEL, shortPiece).encode(codePoints, 0, codePoints.length, out);
        return out.toArray();
    }

    // Repeats of few letters make many overlapping merges.
    private static String piece(SplittableRandom random) {
        String alphabet =
                switch (random.nextInt(4)) {
                    case 0 -> "ab";
                    case 1 -> "etaoinshrdlu ";
                    case 2 -> "aé日本😀-=";
                    default -> " \n\t0123456789_<|>{}";
                };
        int[] letters = alphabet.codePoints().toArray();
        StringBuilder piece = new StringBuilder();
        for (int length = random.nextInt(1, 60); length > 0; length--) {
            piece.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return piece.toString();
    }

    private static Map<String, Integer> ranks() {
        Map<String, Integer> ranks = new HashMap<>();
        for (int id = 0; id < Llama4SpecialTokens.FIRST; id++) {
            ranks.put(latin1(MODEL.vocabulary().bytes(id)), id);
        }
        return ranks;
    }

    /** Tiktoken's rule on byte strings: join the neighbours whose union has the lowest rank. */
    private static int[] byDefinition(String piece, Map<String, Integer> ranks) {
        List<String> parts = new ArrayList<>();
        for (byte each : piece.getBytes(StandardCharsets.UTF_8)) {
            parts.add(latin1(new byte[] {each}));
        }
        while (true) {
            int best = -1;
            int lowest = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
                if (rank < lowest) {
                    lowest = rank;
                    best = i;
                }
            }
            if (best < 0) {
                return parts.stream().mapToInt(part -> ranks.getOrDefault(part, -1)).toArray();
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void theQueueGivesTheSmallestFirst() {
        SplittableRandom random = new SplittableRandom(13);
        for (int round = 0; round < 200; round++) {
            MergeQueue queue = new MergeQueue(4);
            long[] values = random.longs(random.nextInt(1, 300), 0, 50).toArray();
            Arrays.stream(values).forEach(queue::add);
            Arrays.sort(values);
            for (long value : values) {
                assertThat(queue.removeFirst()).as("round %d", round).isEqualTo(value);
            }
            assertThat(queue.isEmpty()).isTrue();
        }
    }
}
