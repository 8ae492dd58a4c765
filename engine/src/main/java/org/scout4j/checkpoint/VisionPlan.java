package org.scout4j.checkpoint;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.scout4j.tensor.Shape;

/**
 * Which weights a vision part has, and their extents (spec "Model" §5.1). All are required.
 *
 * @param textHidden width of the text model that it speaks to
 */
public record VisionPlan(VisionShape shape, int textHidden) {

    /** One weight: the arguments of {@link Checkpoint#visionWeight}. */
    public record Slot(VisionRole role, int layer) {}

    /** {@code [n]} for vectors, {@code [rows, columns]} for matrices. */
    public Shape extents(VisionRole role) {
        long hidden = shape.hidden();
        long adapter = shape.adapter();
        return switch (role) {
            case PATCH_EMBEDDING -> Shape.of(hidden, shape.patchValues());
            case POSITION_EMBEDDING -> Shape.of(shape.patches() + 1L, hidden);
            case CLASS_EMBEDDING,
                    PRE_NORM,
                    PRE_NORM_BIAS,
                    POST_NORM,
                    POST_NORM_BIAS,
                    ATTENTION_NORM,
                    ATTENTION_NORM_BIAS,
                    QUERY_BIAS,
                    KEY_BIAS,
                    VALUE_BIAS,
                    ATTENTION_OUTPUT_BIAS,
                    FEED_FORWARD_NORM,
                    FEED_FORWARD_NORM_BIAS,
                    DOWN_BIAS ->
                    Shape.of(hidden);
            case QUERY, KEY, VALUE, ATTENTION_OUTPUT -> Shape.of(hidden, hidden);
            case UP -> Shape.of(shape.width(), hidden);
            case UP_BIAS -> Shape.of(shape.width());
            case DOWN -> Shape.of(hidden, shape.width());
            case ADAPTER_IN -> Shape.of(adapter, shape.shuffledWidth());
            case ADAPTER_OUT -> Shape.of(adapter, adapter);
            case PROJECTOR -> Shape.of(textHidden, adapter);
        };
    }

    /** How many layers have an entry for the role: one for those outside layers. */
    public int layers(VisionRole role) {
        return switch (role) {
            case PATCH_EMBEDDING,
                    CLASS_EMBEDDING,
                    POSITION_EMBEDDING,
                    PRE_NORM,
                    PRE_NORM_BIAS,
                    POST_NORM,
                    POST_NORM_BIAS,
                    ADAPTER_IN,
                    ADAPTER_OUT,
                    PROJECTOR ->
                    1;
            default -> shape.layers();
        };
    }

    /** Every weight, role by role, in order of layers. */
    public Stream<Slot> slots() {
        return Arrays.stream(VisionRole.values())
                .flatMap(role ->
                        IntStream.range(0, layers(role)).mapToObj(layer -> new Slot(role, layer)));
    }

    /** Parameters of tower, adapter and projector. */
    public long parameters() {
        return Arrays.stream(VisionRole.values())
                .mapToLong(role -> layers(role) * extents(role).elements())
                .sum();
    }
}
