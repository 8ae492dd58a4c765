package org.scout4j.checkpoint;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.tensor.Shape;

/** Which weights a model of a given shape has, and their extents (spec "Model" §5.1). */
public record WeightPlan(ModelShape shape) {

    /** One weight: the arguments of {@link Checkpoint#weight}. */
    public record Slot(WeightRole role, int layer, int expert) {}

    /**
     * {@code [n]} for vectors, {@code [rows, columns]} for matrices (one expert's, for experts).
     */
    public Shape extents(WeightRole role, int layer) {
        long hidden = shape.hidden();
        long queries = (long) shape.heads() * shape.headSize();
        long keys = (long) shape.kvHeads() * shape.headSize();
        LayerShape at = shape.layers().get(layer);
        return switch (role) {
            case EMBEDDING, HEAD -> Shape.of(shape.vocabulary(), hidden);
            case FINAL_NORM, ATTENTION_NORM, FEED_FORWARD_NORM, ATTENTION_OUTPUT_BIAS, DOWN_BIAS ->
                    Shape.of(hidden);
            case QUERY -> Shape.of(queries, hidden);
            case KEY, VALUE -> Shape.of(keys, hidden);
            case ATTENTION_OUTPUT -> Shape.of(hidden, queries);
            case QUERY_BIAS -> Shape.of(queries);
            case KEY_BIAS, VALUE_BIAS -> Shape.of(keys);
            case ROUTER -> Shape.of(at.experts(), hidden);
            case GATE, UP, EXPERT_GATE, EXPERT_UP -> Shape.of(at.width(), hidden);
            case DOWN, EXPERT_DOWN -> Shape.of(hidden, at.width());
            case GATE_BIAS, UP_BIAS -> Shape.of(at.width());
        };
    }

    /** Whether a layer (0 for roles outside layers) of this model can have the role at all. */
    public boolean has(WeightRole role, int layer) {
        boolean experts = shape.layers().get(layer).experts() > 0;
        return switch (role) {
            case HEAD -> !shape.tiedEmbeddings();
            case ROUTER, EXPERT_GATE, EXPERT_UP, EXPERT_DOWN -> experts;
            case GATE_BIAS, UP_BIAS, DOWN_BIAS -> !experts;
            default -> true;
        };
    }

    /** Whether a model may lack it. */
    public boolean optional(WeightRole role) {
        return switch (role) {
            case QUERY_BIAS,
                    KEY_BIAS,
                    VALUE_BIAS,
                    ATTENTION_OUTPUT_BIAS,
                    GATE_BIAS,
                    UP_BIAS,
                    DOWN_BIAS ->
                    true;
            default -> false;
        };
    }

    /** How many layers have an entry for the role: one for those outside layers. */
    public int layers(WeightRole role) {
        return switch (role) {
            case EMBEDDING, FINAL_NORM, HEAD -> 1;
            default -> shape.layers().size();
        };
    }

    /** How many matrices the role has in a layer: one, or one for each routed expert. */
    public int count(WeightRole role, int layer) {
        return routed(role) ? shape.layers().get(layer).experts() : 1;
    }

    /** Every weight that this model has or may have, role by role, in order of layers. */
    public Stream<Slot> slots() {
        return Arrays.stream(WeightRole.values()).flatMap(this::slots);
    }

    /** Parameters of the text model, optional biases apart. */
    public long parameters() {
        return slots().filter(slot -> !optional(slot.role())).mapToLong(this::elements).sum();
    }

    /**
     * Parameters that are multiplied with one token's activations: attention, router, shared and
     * chosen experts, head.
     */
    public long activeParameters() {
        long head = extents(WeightRole.HEAD, 0).elements();
        return head + slots().filter(slot -> multiplied(slot)).mapToLong(this::elements).sum();
    }

    private Stream<Slot> slots(WeightRole role) {
        return IntStream.range(0, layers(role))
                .filter(layer -> has(role, layer))
                .boxed()
                .flatMap(layer ->
                        IntStream.range(0, count(role, layer))
                                .mapToObj(expert -> new Slot(role, layer, expert)));
    }

    private boolean multiplied(Slot slot) {
        return switch (slot.role()) {
            case QUERY, KEY, VALUE, ATTENTION_OUTPUT, ROUTER, GATE, UP, DOWN -> true;
            case EXPERT_GATE, EXPERT_UP, EXPERT_DOWN -> slot.expert() < shape.expertsPerToken();
            default -> false;
        };
    }

    private long elements(Slot slot) {
        return extents(slot.role(), slot.layer()).elements();
    }

    private static boolean routed(WeightRole role) {
        return switch (role) {
            case EXPERT_GATE, EXPERT_UP, EXPERT_DOWN -> true;
            default -> false;
        };
    }
}
