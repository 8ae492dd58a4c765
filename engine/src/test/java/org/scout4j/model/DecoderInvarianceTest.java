package org.scout4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.backend.Backends;
import org.scout4j.cache.LayerGroup;
import org.scout4j.cache.PageTable;

/**
 * The logits of a sequence are the same bits however it is computed: whole, in pieces, token by
 * token, beside others, with any number of threads.
 */
class DecoderInvarianceTest {

    @ParameterizedTest
    @CsvSource({
        "model/scout-tiny, vector, 11",
        "model/scout-tiny, scalar, 12",
        "model/maverick-tiny, vector, 13",
        "model/scout-bf16-sharded, vector, 14",
        "model/llama-dense-tiny, vector, 15",
        "model/scout-odd, vector, 21",
        "model/scout-top3, vector, 22",
        "gguf/kquant.q4_k_m.gguf, vector, 16",
        "gguf/kquant.iq4_xs.gguf, vector, 17",
        "gguf/scout-tiny.q4_0.gguf, vector, 18",
        "gguf/scout-tiny.q8_0.gguf, vector, 19",
        "quantised/scout-tiny-w4a16, vector, 20",
    })
    void logitsDoNotDependOnHowASequenceIsComputed(String model, String backend, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<int[]> sequences = new ArrayList<>();
        List<float[][]> alone = new ArrayList<>();
        try (RunningDecoder decoder = open(model, backend, 1, 8)) {
            for (int i = 0; i < 6; i++) {
                int[] tokens = randomTokens(random, random.nextInt(1, 90), decoder);
                sequences.add(tokens);
                alone.add(decoder.logits(tokens, RunningDecoder.ROWS));
            }
        }
        for (int threads = 1; threads <= 3; threads++) {
            try (RunningDecoder decoder = open(model, backend, threads, 8)) {
                for (int i = 0; i < sequences.size(); i++) {
                    String what = "seed " + seed + " sequence " + i + " threads " + threads;
                    int[] tokens = sequences.get(i);
                    assertSameBits(decoder.logits(tokens, 1), alone.get(i), what + " one by one");
                    int step = random.nextInt(1, 40);
                    assertSameBits(
                            decoder.logits(tokens, step), alone.get(i), what + " by " + step);
                }
                List<float[][]> together = runTogether(decoder, sequences, random);
                for (int i = 0; i < sequences.size(); i++) {
                    assertSameBits(
                            together.get(i),
                            alone.get(i),
                            "seed " + seed + " sequence " + i + " beside others");
                }
            }
        }
    }

    @Test
    void finishedChunksGiveTheirPagesBack() {
        try (RunningDecoder decoder = open("model/scout-tiny", "vector", 1, 8)) {
            int[] tokens = randomTokens(new SplittableRandom(5), 75, decoder); // chunk = 16
            int all = decoder.cache.pool(LayerGroup.LOCAL).free();
            PageTable table = decoder.cache.newTable();
            Batch batch = new Batch(RunningDecoder.ROWS, 1);
            batch.add(table, tokens, 0, 75, Batch.LogitRows.LAST);
            decoder.forward(batch);
            table.releaseFinishedChunks();

            assertThat(all - decoder.cache.pool(LayerGroup.LOCAL).free()).isEqualTo(2);
            assertThat(table.base(LayerGroup.LOCAL)).isEqualTo(64);
        }
    }

    private static RunningDecoder open(String model, String backend, int threads, int pageTokens) {
        return new RunningDecoder(
                RunningDecoder.golden(model), Backends.open(backend, threads), pageTokens, null);
    }

    private static int[] randomTokens(SplittableRandom random, int count, RunningDecoder decoder) {
        return random.ints(count, 0, decoder.decoder.vocabulary()).toArray();
    }

    /** All sequences in shared steps: random pieces, random order, joining and leaving. */
    private static List<float[][]> runTogether(
            RunningDecoder decoder, List<int[]> sequences, SplittableRandom random) {
        List<PageTable> tables = new ArrayList<>();
        List<float[][]> logits = new ArrayList<>();
        Deque<Integer> pending = new ArrayDeque<>();
        for (int i = 0; i < sequences.size(); i++) {
            tables.add(decoder.cache.newTable());
            logits.add(new float[sequences.get(i).length][]);
            pending.add(i);
        }
        Batch batch = new Batch(RunningDecoder.ROWS, RunningDecoder.ROWS);
        while (!pending.isEmpty()) {
            batch.clear();
            List<int[]> pieces = new ArrayList<>(); // {sequence, from, count}
            int members = Math.min(pending.size(), random.nextInt(1, 5));
            for (int i = 0; i < members; i++) {
                int sequence = pending.remove();
                int from = tables.get(sequence).length();
                int left = sequences.get(sequence).length - from;
                int count = Math.min(left, random.nextInt(1, 20));
                batch.add(
                        tables.get(sequence),
                        sequences.get(sequence),
                        from,
                        count,
                        Batch.LogitRows.ALL);
                pieces.add(new int[] {sequence, from, count});
            }
            float[][] step = decoder.forward(batch);
            int row = 0;
            for (int[] piece : pieces) {
                System.arraycopy(step, row, logits.get(piece[0]), piece[1], piece[2]);
                row += piece[2];
                PageTable table = tables.get(piece[0]);
                if (table.length() == sequences.get(piece[0]).length) {
                    decoder.finish(table);
                } else {
                    table.releaseFinishedChunks();
                    pending.add(piece[0]);
                }
            }
        }
        return logits;
    }

    private static void assertSameBits(float[][] actual, float[][] expected, String what) {
        assertThat(actual.length).as(what).isEqualTo(expected.length);
        for (int row = 0; row < actual.length; row++) {
            for (int column = 0; column < actual[row].length; column++) {
                int actualBits = Float.floatToRawIntBits(actual[row][column]);
                int expectedBits = Float.floatToRawIntBits(expected[row][column]);
                if (actualBits != expectedBits) {
                    throw new AssertionError(
                            what
                                    + ": position "
                                    + row
                                    + " id "
                                    + column
                                    + ": "
                                    + actual[row][column]
                                    + " is not "
                                    + expected[row][column]);
                }
            }
        }
    }
}
