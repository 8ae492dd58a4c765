package org.scout4j.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.Backend;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.cache.PageTable;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;

/** A checkpoint with a decoder and a cache, for tests. Closing it closes the backend too. */
final class RunningDecoder implements AutoCloseable {
    static final int ROWS = 96;

    private final Checkpoint checkpoint;
    private final Backend backend;
    private final Batch batch = new Batch(ROWS, ROWS);
    final Decoder decoder;
    final KvCache cache;

    RunningDecoder(Path model, Backend backend, int pageTokens, @Nullable DecoderTrace trace) {
        this.checkpoint = Checkpoints.open(model);
        this.backend = backend;
        this.decoder =
                new Decoder(checkpoint, backend, new DecoderLimits(ROWS, ROWS, pageTokens), trace);
        this.cache = new KvCache(backend, decoder.cacheShape(), 4096, 4096);
    }

    RunningDecoder(Path model, Backend backend) {
        this(model, backend, 8, null);
    }

    /** Path of a golden checkpoint. */
    static Path golden(String name) {
        return Path.of("src/test/resources/golden", name);
    }

    /** Logits of every position, computed in steps of at most so many tokens. */
    float[][] logits(int[] tokens, int stepTokens) {
        PageTable table = cache.newTable();
        float[][] logits = new float[tokens.length][];
        for (int from = 0; from < tokens.length; from += stepTokens) {
            int count = Math.min(stepTokens, tokens.length - from);
            batch.clear();
            batch.add(table, tokens, from, count, Batch.LogitRows.ALL);
            float[][] step = forward(batch);
            System.arraycopy(step, 0, logits, from, count);
            table.releaseFinishedChunks();
        }
        finish(table);
        return logits;
    }

    /** Computes a batch and copies its logits. */
    float[][] forward(Batch step) {
        Logits logits = decoder.forward(step, cache);
        float[][] rows = new float[logits.rows()][decoder.vocabulary()];
        for (int row = 0; row < rows.length; row++) {
            logits.read(row, rows[row]);
        }
        return rows;
    }

    /** The tokens that greedy decoding appends, one step a token. */
    int[] greedy(int[] prompt, int count, int bannedToken) {
        PageTable table = cache.newTable();
        int[] answer = new int[count];
        int[] next = prompt;
        for (int i = 0; i < count; i++) {
            float[] last = new float[0];
            for (int from = 0; from < next.length; from += ROWS) {
                batch.clear();
                int piece = Math.min(ROWS, next.length - from);
                batch.add(table, next, from, piece, Batch.LogitRows.LAST);
                last = forward(batch)[0];
            }
            table.releaseFinishedChunks();
            answer[i] = best(last, bannedToken);
            next = new int[] {answer[i]};
        }
        finish(table);
        return answer;
    }

    private static int best(float[] logits, int bannedToken) {
        int best = bannedToken == 0 ? 1 : 0;
        for (int token = 0; token < logits.length; token++) {
            if (token != bannedToken && logits[token] > logits[best]) {
                best = token;
            }
        }
        return best;
    }

    /** Poisons a sequence's pages, so that whoever reads them later without writing shows. */
    void finish(PageTable table) {
        for (LayerGroup group : LayerGroup.values()) {
            for (int i = 0; i < table.pageCount(group); i++) {
                cache.pages(group).poison(table.pages(group)[i]);
            }
        }
        table.release();
    }

    @Override
    public void close() {
        decoder.close();
        backend.close();
        checkpoint.close();
    }
}
