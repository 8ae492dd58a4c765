package org.scout4j.backend;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.TensorSource;

/**
 * Where hardware plugs in: a short list of operations on tensors that the backend itself made.
 * Activations are float32, {@code [rows, columns]}, one row a token; {@code rows} says how many
 * rows of the (larger) buffers take part.
 *
 * <p><b>Row independence.</b> Whatever an operation computes for a row depends on that row's inputs
 * alone, bit for bit: not on {@code rows}, not on its place among them, not on the number of
 * threads. Every sum has a fixed order. The engine's promise that a sequence gives the same tokens
 * in any batch stands on this.
 *
 * <p>One thread calls a backend at a time; parallelism is the backend's own affair.
 */
public interface Backend extends AutoCloseable {

    /** For people: {@code scalar}, {@code vector-256}. */
    String name();

    /**
     * Makes weights usable. CPU backends keep the mapped bytes and copy nothing.
     *
     * @param source a matrix [rows, columns] or a vector [n] (one row of n columns)
     */
    Tensor place(TensorSource source);

    /** Activations, zero. */
    Tensor allocate(int rows, int columns);

    /**
     * The same numbers seen with another row length; rows and columns multiply to the same count.
     */
    Tensor view(Tensor activations, int rows, int columns);

    /** Storage for {@code count} cache pages. */
    KvPages pages(PageFormat format, int count);

    /** {@code out[r] = table[tokens[r]]}. */
    void embed(Tensor out, Tensor table, int[] tokens, int rows);

    /** Copies row {@code from[r]} of {@code in} to row r of {@code out}. */
    void gather(Tensor out, Tensor in, int[] from, int rows);

    /** Copies row {@code from[i]} of {@code in} to row {@code to[i]} of {@code out}. */
    void scatter(Tensor out, int[] to, Tensor in, int[] from, int count);

    /**
     * {@code out[r] = in[r] / sqrt(mean(in[r]²) + epsilon) * gain}; no gain = 1. May be in place.
     */
    void rmsNorm(Tensor out, Tensor in, @Nullable Tensor gain, float epsilon, int rows);

    /**
     * {@code out[r] = (in[r] - mean) / sqrt(variance + epsilon) * gain + bias}, mean and variance
     * (of the whole population) those of row r. May be in place.
     */
    void layerNorm(Tensor out, Tensor in, Tensor gain, Tensor bias, float epsilon, int rows);

    /** {@code out[r] = weight · in[r] + bias}. */
    void matmul(Tensor out, Tensor in, Tensor weight, @Nullable Tensor bias, int rows);

    /**
     * Chooses for each row the {@code routing.perToken} experts with the largest scores (ties:
     * lower index) and their input scale sigmoid(score).
     *
     * @param scores router logits [rows, experts]
     */
    void route(Routing routing, Tensor scores, int rows);

    /**
     * {@code out[r] += Σ expert_e(score_e * in[r])} over the chosen experts, best first, where
     * {@code expert(x) = down · (silu(gate · x) * (up · x))}.
     */
    void experts(Tensor out, Tensor in, ExpertWeights weights, Routing routing, int rows);

    /**
     * Rotates the heads of each row by its position.
     *
     * @param heads [rows, count * headSize], in place
     */
    void rotate(Tensor heads, int headSize, int[] positions, RopeTable table, int rows);

    /** Multiplies row r by {@code factors[r]}, in place. */
    void scale(Tensor target, float[] factors, int rows);

    /** Stores each row's keys and values, [rows, kvHeads * headSize], at {@code spans.slots[r]}. */
    void write(
            KvPages pages, int layer, AttentionSpans spans, Tensor keys, Tensor values, int rows);

    /**
     * Softmax attention of each query head over what its row may see: scores {@code q·k /
     * sqrt(headSize)}; query head h reads key/value head {@code h / (heads / kvHeads)}.
     *
     * @param layer index within the pages' group of layers
     * @param queries [rows, heads * headSize]
     * @param out same shape
     */
    void attend(
            Tensor out, Tensor queries, KvPages pages, int layer, AttentionSpans spans, int rows);

    /** {@code gate[r] = silu(gate[r]) * up[r]}, in place. */
    void gate(Tensor gate, Tensor up, int rows);

    /**
     * The exact GELU, {@code x/2 (1 + erf(x/√2))}, in place. Small results of negative numbers are
     * precise relative to themselves, not only to 1.
     */
    void gelu(Tensor target, int rows);

    /** {@code target[r] += addend[r]}. */
    void add(Tensor target, Tensor addend, int rows);

    /** Copies the first {@code rows} rows to {@code to}, float32 in native order. */
    void read(Tensor from, MemorySegment to, int rows);

    /** Copies one row to {@code to}, float32 in native order. */
    void readRow(Tensor from, int row, MemorySegment to);

    /** Copies the first {@code rows} rows from {@code from}, float32 in native order. */
    void write(Tensor to, MemorySegment from, int rows);

    // Coarse operations: made of those above, so that a backend may fuse what follows each other.

    /** A norm and the products that share it. */
    default void project(Projection projection, Tensor in, int rows) {
        rmsNorm(projection.normed(), in, projection.gain(), projection.epsilon(), rows);
        for (int i = 0; i < projection.linears().size(); i++) {
            Linear linear = projection.linears().get(i);
            matmul(
                    projection.outs().get(i),
                    projection.normed(),
                    linear.weight(),
                    linear.bias(),
                    rows);
        }
    }

    /**
     * From projected queries, keys and values to the weighted values: rotate, normalise, temper,
     * store, attend.
     *
     * @param positions what each row's queries and keys are rotated by
     * @param temperature factor of each row's queries, used when {@link Attention#tempered()}
     */
    default void attention(
            Attention attention,
            KvPages pages,
            AttentionSpans spans,
            int[] positions,
            float[] temperature,
            int rows) {
        RopeTable rope = attention.rope();
        if (rope != null) {
            rotate(attention.queries(), attention.headSize(), positions, rope, rows);
            rotate(attention.keys(), attention.headSize(), positions, rope, rows);
        }
        if (attention.normaliseHeads()) {
            Tensor queries = attention.queryHeads();
            Tensor keys = attention.keyHeads();
            rmsNorm(queries, queries, null, attention.epsilon(), rows * attention.heads());
            rmsNorm(keys, keys, null, attention.epsilon(), rows * attention.kvHeads());
        }
        if (attention.tempered()) {
            scale(attention.queries(), temperature, rows);
        }
        write(pages, attention.layer(), spans, attention.keys(), attention.values(), rows);
        attend(attention.out(), attention.queries(), pages, attention.layer(), spans, rows);
    }

    /** {@code target[r] += linear · in[r]}; {@code product} is scratch of the target's shape. */
    default void accumulate(Tensor target, Tensor in, Linear linear, Tensor product, int rows) {
        matmul(product, in, linear.weight(), linear.bias(), rows);
        add(target, product, rows);
    }

    /** {@code hidden[r] += feedForward(norm(hidden[r]))}: dense, or shared plus routed experts. */
    default void feedForward(FeedForward feedForward, Tensor hidden, int rows) {
        project(feedForward.input(), hidden, rows);
        gate(feedForward.gated(), feedForward.upped(), rows);
        Linear down = feedForward.down();
        matmul(feedForward.out(), feedForward.gated(), down.weight(), down.bias(), rows);
        FeedForward.Routed routed = feedForward.routed();
        if (routed != null) {
            route(routed.routing(), routed.scores(), rows);
            Tensor normed = feedForward.input().normed();
            experts(feedForward.out(), normed, routed.experts(), routed.routing(), rows);
        }
        add(hidden, feedForward.out(), rows);
    }

    /** Stops the workers and frees what the backend allocated. */
    @Override
    void close();
}
