package org.scout4j.checkpoint.gguf;

import java.util.Map;
import java.util.Optional;
import org.scout4j.checkpoint.LocatedWeight;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.checkpoint.VisionLocator;
import org.scout4j.checkpoint.VisionPlan;
import org.scout4j.checkpoint.VisionRole;
import org.scout4j.tensor.Shape;

/** Weights of an mmproj file by role (spec "Model" §5.3). */
final class GgufVisionWeights implements VisionLocator {
    static final String LAYERS = "v.blk.";
    static final String PROJECTOR = "mm.model.fc.weight";

    private final VisionPlan plan;
    private final Map<String, StoredTensor> tensors;

    GgufVisionWeights(VisionPlan plan, Map<String, StoredTensor> tensors) {
        this.plan = plan;
        this.tensors = tensors;
    }

    @Override
    public Optional<LocatedWeight> find(VisionRole role, int layer) {
        StoredTensor stored = tensors.get(nameOf(role, layer));
        if (stored == null) {
            return Optional.empty();
        }
        GgufWeights.refuseScale(tensors, stored);
        Shape expected = plan.extents(role);
        boolean same =
                GgufWeights.sameButForOnes(stored.shape(), expected)
                        || (role == VisionRole.PATCH_EMBEDDING && kernel(stored));
        return Optional.of(
                LocatedWeight.in(stored, stored.whole(same ? expected : stored.shape())));
    }

    /** Whether patches are embedded by a convolution, [hidden, 3, side, side]: the same numbers. */
    private boolean kernel(StoredTensor stored) {
        long side = plan.shape().patchSize();
        return stored.dtype().blockElements() == 1
                && stored.shape().equals(Shape.of(plan.shape().hidden(), 3, side, side));
    }

    @Override
    public String nameOf(VisionRole role, int layer) {
        String in = LAYERS + layer + ".";
        return switch (role) {
            case PATCH_EMBEDDING -> "v.patch_embd.weight";
            case CLASS_EMBEDDING -> "v.class_embd";
            case POSITION_EMBEDDING -> "v.position_embd.weight";
            case PRE_NORM -> "v.pre_ln.weight";
            case PRE_NORM_BIAS -> "v.pre_ln.bias";
            case POST_NORM -> "v.post_ln.weight";
            case POST_NORM_BIAS -> "v.post_ln.bias";
            case ATTENTION_NORM -> in + "ln1.weight";
            case ATTENTION_NORM_BIAS -> in + "ln1.bias";
            case QUERY -> in + "attn_q.weight";
            case QUERY_BIAS -> in + "attn_q.bias";
            case KEY -> in + "attn_k.weight";
            case KEY_BIAS -> in + "attn_k.bias";
            case VALUE -> in + "attn_v.weight";
            case VALUE_BIAS -> in + "attn_v.bias";
            case ATTENTION_OUTPUT -> in + "attn_out.weight";
            case ATTENTION_OUTPUT_BIAS -> in + "attn_out.bias";
            case FEED_FORWARD_NORM -> secondNorm(in, ".weight");
            case FEED_FORWARD_NORM_BIAS -> secondNorm(in, ".bias");
            case UP -> in + "ffn_up.weight";
            case UP_BIAS -> in + "ffn_up.bias";
            case DOWN -> in + "ffn_down.weight";
            case DOWN_BIAS -> in + "ffn_down.bias";
            case ADAPTER_IN -> "mm.model.mlp.1.weight";
            case ADAPTER_OUT -> "mm.model.mlp.2.weight";
            case PROJECTOR -> PROJECTOR;
        };
    }

    // Converters have called it both ways.
    private String secondNorm(String in, String kind) {
        String other = in + "attn_post_norm" + kind;
        return tensors.containsKey(other) ? other : in + "ln2" + kind;
    }
}
