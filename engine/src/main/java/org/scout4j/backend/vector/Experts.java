package org.scout4j.backend.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.ExpertWeights;
import org.scout4j.backend.HostTensor;
import org.scout4j.backend.Routing;
import org.scout4j.backend.Tensor;

/**
 * The routed experts of a layer. The rows of a step are sorted by expert, so that each expert's
 * weights are read and decoded once a step; the chunks of all experts go in one piece of work.
 */
final class Experts {
    private final Kernels kernels;
    private final Products products;
    private final WorkerTeam team;
    private final Scratch[] scratch;
    private final Arena arena;

    /** Choices of the step sorted by expert: the row of each and its score. */
    private int[] rowOf = {};

    private float[] scoreOf = {};

    /** Where in the sorted order the choice of (row, rank) stands. */
    private int[] place = {};

    /** First choice of each expert; one more for the end. */
    private int[] firstOf = {};

    /** {@code [choices, width]} and {@code [choices, hidden]}. */
    private @Nullable HostTensor inner;

    private @Nullable HostTensor outputs;

    Experts(Kernels kernels, Products products, WorkerTeam team, Scratch[] scratch, Arena arena) {
        this.kernels = kernels;
        this.products = products;
        this.team = team;
        this.scratch = scratch;
        this.arena = arena;
    }

    /**
     * {@code out[r] += Σ expert(score · in[r])}.
     *
     * @param stamps first stamp not used for packing yet
     * @return likewise, afterwards
     */
    long run(
            HostTensor out,
            HostTensor in,
            ExpertWeights weights,
            Routing routing,
            int rows,
            long stamps) {
        int choices = rows * routing.perToken;
        if (choices == 0) {
            return stamps;
        }
        PlacedWeights some = PlacedWeights.of(weights.down().getFirst());
        sort(routing, rows, weights.gate().size());
        HostTensor hidden = grown(inner, choices, some.columns());
        inner = hidden;
        HostTensor results = grown(outputs, choices, out.columns());
        outputs = results;

        Plan up = Plan.of(weights.up(), firstOf, products, team.size());
        team.run(
                up.chunks,
                (chunk, worker) -> gateAndUp(up, chunk, weights, in, hidden, stamps, worker));
        Plan down = Plan.of(weights.down(), firstOf, products, team.size());
        long next = stamps + up.passes;
        team.run(
                down.chunks,
                (chunk, worker) -> down(down, chunk, weights, hidden, results, next, worker));
        add(out, results, routing.perToken, rows);
        return next + down.passes;
    }

    private void sort(Routing routing, int rows, int experts) {
        int choices = rows * routing.perToken;
        if (place.length < choices) {
            rowOf = new int[choices];
            scoreOf = new float[choices];
            place = new int[choices];
        }
        if (firstOf.length != experts + 1) {
            firstOf = new int[experts + 1];
        }
        int count = 0;
        for (int expert = 0; expert < experts; expert++) {
            firstOf[expert] = count;
            for (int choice = 0; choice < choices; choice++) {
                if (routing.expert[choice] == expert) {
                    rowOf[count] = choice / routing.perToken;
                    scoreOf[count] = routing.score[choice];
                    place[choice] = count++;
                }
            }
        }
        firstOf[experts] = count;
        if (count != choices) {
            throw new IllegalArgumentException("routing names an expert that does not exist");
        }
    }

    private HostTensor grown(@Nullable HostTensor tensor, int rows, int columns) {
        if (tensor != null && tensor.columns() == columns && tensor.rows() >= rows) {
            return tensor;
        }
        return HostTensor.allocate(arena, rows, columns);
    }

    /** {@code hidden = silu(gate · x) * (up · x)} for some of one expert's rows. */
    private void gateAndUp(
            Plan plan,
            int chunk,
            ExpertWeights weights,
            HostTensor in,
            HostTensor hidden,
            long stamps,
            int worker) {
        Scratch mine = scratch[worker];
        int expert = plan.expert(chunk);
        Shares shares = plan.shares(expert);
        int local = chunk - plan.firstChunk[expert];
        PlacedWeights gate = PlacedWeights.of(weights.gate().get(expert));
        PlacedWeights up = PlacedWeights.of(weights.up().get(expert));
        int first = firstOf[expert] + shares.pass(local) * shares.passRows();
        int count = Math.min(shares.passRows(), firstOf[expert + 1] - first);
        int from = shares.from(local);
        int width = Math.min(shares.rangeRows(), up.rows() - from);
        long stamp = stamps + plan.firstPass[expert] + shares.pass(local);
        Products.Pass pass = new Products.Pass(in, rowOf, scoreOf, first, count, stamp);
        mine.results = Scratch.grown(mine.results, Math.multiplyExact(count, width));
        mine.others = Scratch.grown(mine.others, count * width);
        products.multiply(gate, from, from + width, pass, mine, mine.results);
        products.multiply(up, from, from + width, pass, mine, mine.others);
        kernels.elements().gate(mine.results, mine.others, count * width);
        copy(mine.results, count, width, hidden, first, from);
    }

    /** {@code results = down · hidden} for some of one expert's rows. */
    private void down(
            Plan plan,
            int chunk,
            ExpertWeights weights,
            HostTensor hidden,
            HostTensor results,
            long stamps,
            int worker) {
        Scratch mine = scratch[worker];
        int expert = plan.expert(chunk);
        Shares shares = plan.shares(expert);
        int local = chunk - plan.firstChunk[expert];
        PlacedWeights down = PlacedWeights.of(weights.down().get(expert));
        int first = firstOf[expert] + shares.pass(local) * shares.passRows();
        int count = Math.min(shares.passRows(), firstOf[expert + 1] - first);
        int from = shares.from(local);
        int width = Math.min(shares.rangeRows(), down.rows() - from);
        long stamp = stamps + plan.firstPass[expert] + shares.pass(local);
        Products.Pass pass = new Products.Pass(hidden, null, null, first, count, stamp);
        mine.results = Scratch.grown(mine.results, Math.multiplyExact(count, width));
        products.multiply(down, from, from + width, pass, mine, mine.results);
        copy(mine.results, count, width, results, first, from);
    }

    private static void copy(
            float[] from, int count, int width, HostTensor to, int row, int column) {
        for (int t = 0; t < count; t++) {
            MemorySegment.copy(
                    from,
                    t * width,
                    to.values(),
                    ValueLayout.JAVA_FLOAT,
                    to.offset(row + t) + (long) Float.BYTES * column,
                    width);
        }
    }

    /** Adds each row's results, its best expert's first. */
    private void add(HostTensor out, HostTensor results, int perToken, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < perToken; i++) {
                kernels.elements()
                        .add(
                                out.values(),
                                out.offset(r),
                                results.values(),
                                results.offset(place[r * perToken + i]),
                                out.columns());
            }
        }
    }

    /** The chunks of all experts in a row. */
    private static final class Plan {
        private final @Nullable Shares[] shares;
        final int[] firstChunk;
        final int[] firstPass;
        final int chunks;
        final int passes;

        private Plan(@Nullable Shares[] shares) {
            this.shares = shares;
            firstChunk = new int[shares.length + 1];
            firstPass = new int[shares.length + 1];
            for (int e = 0; e < shares.length; e++) {
                Shares own = shares[e];
                firstChunk[e + 1] = firstChunk[e] + (own == null ? 0 : own.chunks());
                firstPass[e + 1] = firstPass[e] + (own == null ? 0 : own.passes());
            }
            chunks = firstChunk[shares.length];
            passes = firstPass[shares.length];
        }

        static Plan of(List<Tensor> weights, int[] firstOf, Products products, int threads) {
            @Nullable Shares[] shares = new Shares[weights.size()];
            for (int e = 0; e < shares.length; e++) {
                int rows = firstOf[e + 1] - firstOf[e];
                if (rows > 0) {
                    PlacedWeights own = PlacedWeights.of(weights.get(e));
                    shares[e] = Shares.of(own, rows, products.unit(own), threads);
                }
            }
            return new Plan(shares);
        }

        int expert(int chunk) {
            int expert = 0;
            while (chunk >= firstChunk[expert + 1]) {
                expert++;
            }
            return expert;
        }

        Shares shares(int expert) {
            return Objects.requireNonNull(shares[expert]);
        }
    }
}
