package org.scout4j.model;

import org.scout4j.backend.AttentionSpans;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.LayerGroup;
import org.scout4j.cache.PageTable;
import org.scout4j.model.DecoderPlan.TemperatureTuning;

/**
 * What all layers of a step share and that follows from positions alone: what each row sees, what
 * it is rotated by, its attention temperature. Refilled each step.
 */
final class StepInput {
    private final CacheShape cacheShape;
    private final boolean rotateWithinChunk;
    private final TemperatureTuning tuning;

    final AttentionSpans localSpans;
    final AttentionSpans globalSpans;

    /** What each row's queries and keys are rotated by. */
    final int[] rotations;

    /** Factor of each row's queries in layers with attention temperature. */
    final float[] temperature;

    StepInput(DecoderPlan plan, CacheShape cacheShape, int maxRows) {
        this.cacheShape = cacheShape;
        this.localSpans = new AttentionSpans(maxRows);
        this.globalSpans = new AttentionSpans(maxRows);
        this.rotations = new int[maxRows];
        this.temperature = new float[maxRows];
        // Scores depend on differences of rotations only. Within a chunk they can count from its
        // first position, which keeps angles small and exact at ten million tokens (spec §2.3).
        this.rotateWithinChunk =
                cacheShape.localLayers() > 0
                        && plan.layers().stream()
                                .map(DecoderPlan.LayerPlan::attention)
                                .filter(DecoderPlan.AttentionPlan::rotary)
                                .allMatch(a -> a.reach() instanceof DecoderPlan.Reach.Chunk);
        this.tuning =
                plan.layers().stream()
                        .flatMap(layer -> layer.attention().tuning().stream())
                        .findFirst()
                        .orElse(new TemperatureTuning(1, 0));
    }

    void fill(Batch batch) {
        for (int row = 0; row < batch.rows(); row++) {
            int position = batch.position(row);
            PageTable table = batch.table(row);
            rotations[row] = rotateWithinChunk ? position % cacheShape.chunk() : position;
            temperature[row] = tuning.factor(position);
            if (cacheShape.localLayers() > 0) {
                fill(localSpans, LayerGroup.LOCAL, table, row, position);
            }
            if (cacheShape.globalLayers() > 0) {
                fill(globalSpans, LayerGroup.GLOBAL, table, row, position);
            }
        }
    }

    private void fill(
            AttentionSpans spans, LayerGroup group, PageTable table, int row, int position) {
        spans.first[row] = cacheShape.firstVisible(group, position);
        spans.last[row] = position;
        spans.base[row] = table.base(group);
        spans.pages[row] = table.pages(group);
        spans.slots[row] = table.slot(group, position);
    }

    AttentionSpans spans(LayerGroup group) {
        return group == LayerGroup.LOCAL ? localSpans : globalSpans;
    }
}
