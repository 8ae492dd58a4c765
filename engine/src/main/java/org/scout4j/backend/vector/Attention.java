package org.scout4j.backend.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.scout4j.backend.AttentionSpans;
import org.scout4j.backend.HostKvPages;
import org.scout4j.backend.HostTensor;
import org.scout4j.backend.PageFormat;

/**
 * Softmax attention over pages with a running peak.
 *
 * <p>Positions are cut into segments at fixed multiples of about a thousand. Within a segment pages
 * are visited in order, the peak rises and what was summed up is scaled; the segments of a row are
 * then merged in order. This tree follows from positions alone, whoever computes its parts: in
 * prefill one worker takes some rows of a sequence through all segments, so that a page is read
 * once for all of them; in decoding, where rows are few, workers take segments.
 */
final class Attention {
    private static final int SEGMENT_POSITIONS = 1024;

    /** Query heads that are taken through a page together. */
    private static final int QUERIES = 32;

    /** Numbers kept between regions when segments are shared out. */
    private static final int PARTIAL_FLOATS = 1 << 21;

    private final Kernels kernels;
    private final WorkerTeam team;
    private final Scratch[] scratch;

    /** First row of each block of rows, and one more for the end. */
    private int[] blocks = {};

    private int blockCount;

    /** State of each head after the segments merged so far, and results not merged yet. */
    private float[] states = {};

    private float[] partials = {};

    Attention(Kernels kernels, WorkerTeam team, Scratch[] scratch) {
        this.kernels = kernels;
        this.team = team;
        this.scratch = scratch;
    }

    /** What all parts of one operation share. */
    private record Call(
            HostTensor out,
            HostTensor queries,
            HostKvPages cache,
            int layer,
            AttentionSpans spans,
            int group,
            float factor,
            int segment) {

        PageFormat format() {
            return cache.format();
        }

        /** Floats of a head's state: peak, sum of weights, weighted sum of values. */
        int stateLength() {
            return 2 + format().headSize();
        }
    }

    void run(
            HostTensor out,
            HostTensor queries,
            HostKvPages cache,
            int layer,
            AttentionSpans spans,
            int rows) {
        PageFormat format = cache.format();
        int heads = queries.columns() / format.headSize();
        if (heads * format.headSize() != queries.columns() || heads % format.kvHeads() != 0) {
            throw new IllegalArgumentException(queries + " for " + format);
        }
        int segment = format.pageTokens() * Math.max(1, SEGMENT_POSITIONS / format.pageTokens());
        int group = heads / format.kvHeads();
        float factor = (float) (1 / Math.sqrt(format.headSize()));
        Call call = new Call(out, queries, cache, layer, spans, group, factor, segment);
        int mostSegments = cut(call, rows);
        int tasks = blockCount * format.kvHeads();
        if (mostSegments == 1 || tasks >= 4 * team.size()) {
            team.run(
                    tasks,
                    (chunk, worker) ->
                            attendAll(
                                    call,
                                    blocks[chunk / format.kvHeads()],
                                    blocks[chunk / format.kvHeads() + 1],
                                    chunk % format.kvHeads(),
                                    scratch[worker]));
        } else {
            shareSegments(call, mostSegments, tasks);
        }
    }

    /**
     * Cuts rows into blocks of neighbours that belong to the same sequence.
     *
     * @return the largest number of segments that a block has to visit
     */
    private int cut(Call call, int rows) {
        if (blocks.length <= rows) {
            blocks = new int[rows + 1];
        }
        AttentionSpans spans = call.spans;
        int most = Math.max(1, QUERIES / call.group);
        int mostSegments = 1;
        blockCount = 0;
        int start = 0;
        while (start < rows) {
            int end = start + 1;
            while (end < rows
                    && end - start < most
                    && spans.pages[end] == spans.pages[start]
                    && spans.base[end] == spans.base[start]) {
                end++;
            }
            blocks[blockCount++] = start;
            int segments = lastSegment(call, start, end) - firstSegment(call, start, end) + 1;
            mostSegments = Math.max(mostSegments, segments);
            start = end;
        }
        blocks[blockCount] = rows;
        return mostSegments;
    }

    private static int firstSegment(Call call, int from, int to) {
        int first = Integer.MAX_VALUE;
        for (int r = from; r < to; r++) {
            first = Math.min(first, call.spans.first[r]);
        }
        return first / call.segment;
    }

    private static int lastSegment(Call call, int from, int to) {
        int last = 0;
        for (int r = from; r < to; r++) {
            last = Math.max(last, call.spans.last[r]);
        }
        return last / call.segment;
    }

    /** One worker takes rows through all segments. */
    private void attendAll(Call call, int from, int to, int kvHead, Scratch mine) {
        int heads = (to - from) * call.group;
        mine.states = Scratch.grown(mine.states, 2 * heads * call.stateLength());
        int partial = heads * call.stateLength();
        clear(mine.states, 0, heads, call);
        int last = lastSegment(call, from, to);
        for (int s = firstSegment(call, from, to); s <= last; s++) {
            attend(call, from, to, kvHead, s, mine, mine.states, partial);
            merge(mine.states, 0, mine.states, partial, heads, call);
        }
        finish(call, from, to, kvHead, mine.states, 0);
    }

    /** Workers take segments of the same rows, a wave of them at a time. */
    private void shareSegments(Call call, int mostSegments, int tasks) {
        int kvHeads = call.format().kvHeads();
        int most = 0;
        for (int b = 0; b < blockCount; b++) {
            most = Math.max(most, (blocks[b + 1] - blocks[b]) * call.group);
        }
        int taskFloats = most * call.stateLength();
        int heads = most;
        int wave = Math.clamp(PARTIAL_FLOATS / ((long) tasks * taskFloats), 1, mostSegments);
        states = Scratch.grown(states, tasks * taskFloats);
        partials = Scratch.grown(partials, tasks * wave * taskFloats);
        for (int task = 0; task < tasks; task++) {
            clear(states, task * taskFloats, heads, call);
        }
        for (int first = 0; first < mostSegments; first += wave) {
            int begin = first;
            team.run(
                    tasks * wave,
                    (chunk, worker) -> {
                        int task = chunk / wave;
                        int from = blocks[task / kvHeads];
                        int to = blocks[task / kvHeads + 1];
                        int s = firstSegment(call, from, to) + begin + chunk % wave;
                        int at = chunk * taskFloats;
                        clear(partials, at, heads, call);
                        if (s <= lastSegment(call, from, to)) {
                            Scratch mine = scratch[worker];
                            attend(call, from, to, task % kvHeads, s, mine, partials, at);
                        }
                    });
            for (int task = 0; task < tasks; task++) {
                for (int i = 0; i < wave; i++) {
                    int at = (task * wave + i) * taskFloats;
                    merge(states, task * taskFloats, partials, at, heads, call);
                }
            }
        }
        for (int task = 0; task < tasks; task++) {
            int b = task / kvHeads;
            finish(call, blocks[b], blocks[b + 1], task % kvHeads, states, task * taskFloats);
        }
    }

    /** States of heads that have seen nothing. */
    private static void clear(float[] states, int at, int heads, Call call) {
        Arrays.fill(states, at, at + heads * call.stateLength(), 0);
        for (int head = 0; head < heads; head++) {
            states[at + head * call.stateLength()] = Float.NEGATIVE_INFINITY;
        }
    }

    /** Merges later segments' states into those of earlier ones. */
    private static void merge(
            float[] states, int at, float[] later, int laterAt, int heads, Call call) {
        int length = call.stateLength();
        for (int head = 0; head < heads; head++) {
            int a = at + head * length;
            int b = laterAt + head * length;
            if (later[b] == Float.NEGATIVE_INFINITY && later[b + 1] == 0) {
                continue;
            }
            if (states[a] == Float.NEGATIVE_INFINITY && states[a + 1] == 0) {
                System.arraycopy(later, b, states, a, length);
                continue;
            }
            float peak = Math.max(states[a], later[b]);
            // StrictMath: the same bits on every machine, interpreted or compiled.
            float mine = (float) StrictMath.exp((double) states[a] - peak);
            float theirs = (float) StrictMath.exp((double) later[b] - peak);
            states[a] = peak;
            for (int i = 1; i < length; i++) {
                states[a + i] = states[a + i] * mine + later[b + i] * theirs;
            }
        }
    }

    /** Divides by the sums of weights and stores the heads. */
    private static void finish(Call call, int from, int to, int kvHead, float[] states, int at) {
        int headSize = call.format().headSize();
        int state = at;
        for (int r = from; r < to; r++) {
            for (int g = 0; g < call.group; g++) {
                for (int d = 0; d < headSize; d++) {
                    states[state + 2 + d] /= states[state + 1];
                }
                int head = kvHead * call.group + g;
                MemorySegment.copy(
                        states,
                        state + 2,
                        call.out.values(),
                        ValueLayout.JAVA_FLOAT,
                        call.out.offset(r) + (long) Float.BYTES * head * headSize,
                        headSize);
                state += call.stateLength();
            }
        }
    }

    /** One segment for a block of rows and the query heads of one key/value head. */
    private void attend(
            Call call,
            int from,
            int to,
            int kvHead,
            int segment,
            Scratch mine,
            float[] states,
            int at) {
        PageFormat format = call.format();
        AttentionSpans spans = call.spans;
        int heads = (to - from) * call.group;
        int headSize = format.headSize();
        int base = spans.base[from];
        begin(call, from, to, kvHead, mine);
        int low = Integer.MAX_VALUE;
        int high = -1;
        for (int r = from; r < to; r++) {
            low = Math.min(low, Math.max(spans.first[r], segment * call.segment));
            high = Math.max(high, Math.min(spans.last[r], (segment + 1) * call.segment - 1));
        }
        for (int p = (low - base) / format.pageTokens();
                low <= high && p <= (high - base) / format.pageTokens();
                p++) {
            visit(call, from, to, kvHead, segment, p, mine);
        }
        for (int head = 0; head < heads; head++) {
            int state = at + head * call.stateLength();
            states[state] = mine.peaks[head];
            kernels.panels()
                    .total(mine.weightSums, head * Panels.GROUP, kernels.lanes(), 1, mine.totals);
            states[state + 1] = mine.totals[0];
            System.arraycopy(mine.outputs, head * headSize, states, state + 2, headSize);
        }
    }

    /** Brings the block's queries in and clears its sums. */
    private static void begin(Call call, int from, int to, int kvHead, Scratch mine) {
        int heads = (to - from) * call.group;
        int headSize = call.format().headSize();
        int length = call.group * headSize;
        int tiles = Math.ceilDiv(call.format().pageTokens(), HostKvPages.KEY_TILE);
        mine.queries = Scratch.grown(mine.queries, heads * headSize);
        mine.outputs = Scratch.grown(mine.outputs, heads * headSize);
        mine.peaks = Scratch.grown(mine.peaks, heads);
        mine.weightSums = Scratch.grown(mine.weightSums, heads * Panels.GROUP);
        mine.scores = Scratch.grown(mine.scores, heads * tiles * HostKvPages.KEY_TILE);
        for (int r = from; r < to; r++) {
            MemorySegment.copy(
                    call.queries.values(),
                    ValueLayout.JAVA_FLOAT,
                    call.queries.offset(r) + (long) Float.BYTES * kvHead * length,
                    mine.queries,
                    (r - from) * length,
                    length);
        }
        Arrays.fill(mine.outputs, 0, heads * headSize, 0);
        Arrays.fill(mine.peaks, 0, heads, Float.NEGATIVE_INFINITY);
        Arrays.fill(mine.weightSums, 0, heads * Panels.GROUP, 0);
    }

    /** One page: neighbouring rows that see the same part of it are taken together. */
    private void visit(Call call, int from, int to, int kvHead, int segment, int p, Scratch mine) {
        AttentionSpans spans = call.spans;
        int pageTokens = call.format().pageTokens();
        int start = spans.base[from] + p * pageTokens;
        // A page lies within one segment: both begin at multiples of the page.
        MemorySegment page = null;
        int r = from;
        while (r < to) {
            int low = Math.max(spans.first[r] - start, 0);
            int high = Math.min(spans.last[r] - start, pageTokens - 1);
            int end = r + 1;
            while (end < to
                    && Math.max(spans.first[end] - start, 0) == low
                    && Math.min(spans.last[end] - start, pageTokens - 1) == high) {
                end++;
            }
            if (low <= high) {
                if (page == null) {
                    page = call.cache.page(spans.pages[from][p]);
                }
                int firstHead = (r - from) * call.group;
                visit(call, page, kvHead, low, high, firstHead, (end - from) * call.group, mine);
            }
            r = end;
        }
    }

    /** Positions {@code low} … {@code high} of a page for heads {@code from} … {@code to − 1}. */
    private void visit(
            Call call,
            MemorySegment page,
            int kvHead,
            int low,
            int high,
            int from,
            int to,
            Scratch mine) {
        HostKvPages cache = call.cache;
        int headSize = call.format().headSize();
        int tile = HostKvPages.KEY_TILE;
        int step = Math.ceilDiv(call.format().pageTokens(), tile) * tile;
        int begin = low / tile * tile;
        int end = (high / tile + 1) * tile;
        long keys = cache.keys(call.layer, kvHead);
        for (int t = begin; t < end; t += tile) {
            for (int head = from; head < to; head += AttentionBlocks.QUERIES) {
                kernels.attention()
                        .score(
                                mine.queries,
                                head * headSize,
                                Math.min(AttentionBlocks.QUERIES, to - head),
                                headSize,
                                page,
                                keys + cache.key(t, 0),
                                call.factor,
                                mine.scores,
                                head * step + t,
                                step);
            }
        }
        for (int head = from; head < to; head++) {
            int at = head * step;
            Arrays.fill(mine.scores, at + begin, at + low, Float.NEGATIVE_INFINITY);
            Arrays.fill(mine.scores, at + high + 1, at + end, Float.NEGATIVE_INFINITY);
            float correction =
                    kernels.elements()
                            .weigh(
                                    mine.scores,
                                    at + begin,
                                    end - begin,
                                    mine.peaks,
                                    head,
                                    mine.weightSums,
                                    head * Panels.GROUP);
            if (correction != 1) {
                kernels.elements().scale(mine.outputs, head * headSize, headSize, correction);
            }
        }
        long values = cache.values(call.layer, kvHead) + cache.value(low, 0);
        for (int head = from; head < to; head += AttentionBlocks.QUERIES) {
            kernels.attention()
                    .mix(
                            mine.scores,
                            head * step + low,
                            step,
                            Math.min(AttentionBlocks.QUERIES, to - head),
                            high - low + 1,
                            page,
                            values,
                            headSize,
                            mine.outputs,
                            head * headSize);
        }
    }
}
