package org.scout4j;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.LayerGroup;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.TensorSummary;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.DoesNotFit;
import org.scout4j.error.InvalidRequest;
import org.scout4j.model.DecoderPlan;
import org.scout4j.vision.FeatureCache;
import org.scout4j.vision.VisionTower;

/**
 * What a model needs in memory, computed from headers before anything is loaded.
 *
 * @param weightBytes the mapped files' tensors
 * @param cacheBytes keys and values of {@code cacheTokens}; taken page by page as needed
 * @param workBytes activations of decoder and vision tower, encoded tiles, logits
 * @param availableBytes memory this process may use (container limit, else the machine's)
 * @param context tokens of a sequence that the plan allows for
 * @param slots sequences at the same time
 * @param cacheTokens tokens that the cache holds for all of them together
 */
public record MemoryPlan(
        long weightBytes,
        long cacheBytes,
        long workBytes,
        long availableBytes,
        int context,
        int slots,
        long cacheTokens) {

    /** Left to the Java heap, the operating system and everything else. */
    private static final double RESERVED_SHARE = 0.1;

    private static final int LARGEST_AUTOMATIC_CONTEXT = 131_072;
    private static final int SMALLEST_AUTOMATIC_CONTEXT = 2_048;

    /** Bytes needed in all. */
    public long neededBytes() {
        return weightBytes + cacheBytes + workBytes;
    }

    /** Bytes that the plan may use of what is available. */
    public long usableBytes() {
        return (long) (availableBytes * (1 - RESERVED_SHARE));
    }

    public boolean fits() {
        return neededBytes() <= usableBytes();
    }

    /** Plans for this machine's memory. */
    static MemoryPlan of(Checkpoint checkpoint, LoadOptions options) {
        return of(checkpoint, options, machineBytes());
    }

    static MemoryPlan of(Checkpoint checkpoint, LoadOptions options, long availableBytes) {
        ModelShape shape = checkpoint.shape();
        int largest = (int) Math.min(shape.contextLength(), Integer.MAX_VALUE / 2);
        if (options.context().isPresent()) {
            int wanted = options.context().getAsInt();
            if (wanted > largest) {
                throw new InvalidRequest(
                        "context",
                        "A context of "
                                + wanted
                                + " tokens was asked for; this model's ends at "
                                + largest
                                + ".");
            }
            if (wanted > options.cacheTokens().orElse(wanted)) {
                throw new InvalidRequest(
                        "cacheTokens",
                        "A cache of "
                                + options.cacheTokens().getAsInt()
                                + " tokens does not hold one context of "
                                + wanted
                                + ".",
                        "Choose a larger cache or a smaller context.");
            }
            return withContext(checkpoint, options, availableBytes, wanted);
        }
        int context = Math.min(largest, LARGEST_AUTOMATIC_CONTEXT);
        context = Math.min(context, options.cacheTokens().orElse(context));
        MemoryPlan plan = withContext(checkpoint, options, availableBytes, context);
        while (!plan.fits() && plan.context() / 2 >= SMALLEST_AUTOMATIC_CONTEXT) {
            plan = withContext(checkpoint, options, availableBytes, plan.context() / 2);
        }
        return plan;
    }

    private static MemoryPlan withContext(
            Checkpoint checkpoint, LoadOptions options, long availableBytes, int context) {
        ModelShape shape = checkpoint.shape();
        CacheShape cache = DecoderPlan.of(shape).cacheShape(CacheShape.DEFAULT_PAGE_TOKENS);
        long weights =
                checkpoint.tensors().stream()
                        .mapToLong(TensorSummary::bytes)
                        .reduce(0, Math::addExact);
        long slotTokens = (long) options.slots() * context;
        long cacheTokens =
                options.cacheTokens().isPresent()
                        ? Math.min(options.cacheTokens().getAsInt(), slotTokens)
                        : slotTokens;
        int rows = Math.max(options.stepTokens(), options.slots());
        long cacheBytes = 0;
        for (LayerGroup group : LayerGroup.values()) {
            long pages = pages(cache, group, options.slots(), context, cacheTokens, rows);
            cacheBytes += pages * cache.format(group).pageBytes();
        }
        int widest = shape.layers().stream().mapToInt(ModelShape.LayerShape::width).max().orElse(0);
        long rowFloats =
                4L * shape.hidden()
                        + 2L * (shape.heads() + shape.kvHeads()) * shape.headSize()
                        + 3L * widest;
        long work =
                Float.BYTES
                        * (options.stepTokens() * rowFloats
                                + (long) LoadedModel.LOGIT_ROWS * shape.vocabulary());
        work +=
                shape.vision()
                        .map(vision -> visionBytes(vision, shape.hidden(), rows, options.slots()))
                        .orElse(0L);
        return new MemoryPlan(
                weights, cacheBytes, work, availableBytes, context, options.slots(), cacheTokens);
    }

    /** The tower's buffers, and the rows of tiles encoded lately. */
    private static long visionBytes(VisionShape vision, int hidden, int rows, int slots) {
        int perTile = vision.tokensPerTile();
        return VisionTower.workBytes(vision, hidden, VisionTower.tilesAtOnce(vision))
                + FeatureCache.bytes(
                        FeatureCache.slots(rows, slots, perTile, hidden), perTile, hidden);
    }

    /** Pages of a layer group that the cache gets; see {@link LoadOptions} on cacheTokens. */
    int pages(CacheShape cache, LayerGroup group, int stepTokens) {
        return Math.toIntExact(pages(cache, group, slots, context, cacheTokens, stepTokens));
    }

    /** What all slots need at full context; with a smaller cache less, but always one context. */
    private static long pages(
            CacheShape cache,
            LayerGroup group,
            int slots,
            int context,
            long cacheTokens,
            int stepTokens) {
        long one = cache.pages(group, context, stepTokens);
        long all = Math.multiplyExact((long) slots, one);
        long share = Math.ceilDiv(cacheTokens, (long) cache.pageTokens());
        return cacheTokens == (long) slots * context ? all : Math.clamp(share, one, all);
    }

    /**
     * @throws DoesNotFit if the plan needs more than it may use
     */
    void requireFit() {
        if (!fits()) {
            throw new DoesNotFit(
                    String.format(
                            Locale.ROOT,
                            "The model needs %s (weights %s, cache %s for %d tokens, work %s);"
                                    + " %s of %s may be used.",
                            gigabytes(neededBytes()),
                            gigabytes(weightBytes),
                            gigabytes(cacheBytes),
                            cacheTokens,
                            gigabytes(workBytes),
                            gigabytes(usableBytes()),
                            gigabytes(availableBytes)),
                    "Choose a smaller context or fewer slots or a smaller quantisation, use a machine"
                            + " with more memory, or load it anyway with --allow-streaming.",
                    neededBytes(),
                    usableBytes());
        }
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    private static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
