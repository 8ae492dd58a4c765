package org.scout4j.checkpoint.safetensors;

import java.util.Optional;
import org.scout4j.checkpoint.LocatedWeight;
import org.scout4j.checkpoint.VisionLocator;
import org.scout4j.checkpoint.VisionPlan;
import org.scout4j.checkpoint.VisionRole;

/** Weights of a vision part by role (spec "Model" §5.1). */
final class HuggingFaceVision implements VisionLocator {
    static final String PREFIX = "vision_model.";
    static final String LAYERS = PREFIX + "model.layers.";

    private final VisionPlan plan;
    private final HuggingFaceWeights weights;

    /**
     * @param weights reads a matrix as it is stored
     */
    HuggingFaceVision(VisionPlan plan, HuggingFaceWeights weights) {
        this.plan = plan;
        this.weights = weights;
    }

    @Override
    public Optional<LocatedWeight> find(VisionRole role, int layer) {
        String name = nameOf(role, layer);
        return plan.extents(role).rank() == 1 || role == VisionRole.POSITION_EMBEDDING
                ? weights.vector(name)
                : weights.matrix(
                        name.substring(0, name.length() - ".weight".length()), plan.extents(role));
    }

    @Override
    public String nameOf(VisionRole role, int layer) {
        String in = LAYERS + layer + ".";
        return switch (role) {
            case PATCH_EMBEDDING -> PREFIX + "patch_embedding.linear.weight";
            case CLASS_EMBEDDING -> PREFIX + "class_embedding";
            case POSITION_EMBEDDING -> PREFIX + "positional_embedding_vlm";
            case PRE_NORM -> PREFIX + "layernorm_pre.weight";
            case PRE_NORM_BIAS -> PREFIX + "layernorm_pre.bias";
            case POST_NORM -> PREFIX + "layernorm_post.weight";
            case POST_NORM_BIAS -> PREFIX + "layernorm_post.bias";
            case ATTENTION_NORM -> in + "input_layernorm.weight";
            case ATTENTION_NORM_BIAS -> in + "input_layernorm.bias";
            case QUERY -> in + "self_attn.q_proj.weight";
            case QUERY_BIAS -> in + "self_attn.q_proj.bias";
            case KEY -> in + "self_attn.k_proj.weight";
            case KEY_BIAS -> in + "self_attn.k_proj.bias";
            case VALUE -> in + "self_attn.v_proj.weight";
            case VALUE_BIAS -> in + "self_attn.v_proj.bias";
            case ATTENTION_OUTPUT -> in + "self_attn.o_proj.weight";
            case ATTENTION_OUTPUT_BIAS -> in + "self_attn.o_proj.bias";
            case FEED_FORWARD_NORM -> in + "post_attention_layernorm.weight";
            case FEED_FORWARD_NORM_BIAS -> in + "post_attention_layernorm.bias";
            case UP -> in + "mlp.fc1.weight";
            case UP_BIAS -> in + "mlp.fc1.bias";
            case DOWN -> in + "mlp.fc2.weight";
            case DOWN_BIAS -> in + "mlp.fc2.bias";
            case ADAPTER_IN -> PREFIX + "vision_adapter.mlp.fc1.weight";
            case ADAPTER_OUT -> PREFIX + "vision_adapter.mlp.fc2.weight";
            case PROJECTOR -> "multi_modal_projector.linear_1.weight";
        };
    }
}
