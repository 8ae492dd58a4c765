package org.scout4j.checkpoint.gguf;

import java.util.Map;
import java.util.Optional;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.LocatedWeight;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.checkpoint.WeightLocator;
import org.scout4j.checkpoint.WeightPlan;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.Shape;

/**
 * Weights of a GGUF model by role (spec "Model" §5.3): fused query-key-value and gate-up tensors
 * are cut by rows, tensors of all experts into one matrix an expert.
 */
final class GgufWeights implements WeightLocator {
    private final WeightPlan plan;
    private final Map<String, StoredTensor> tensors;

    GgufWeights(WeightPlan plan, Map<String, StoredTensor> tensors) {
        this.plan = plan;
        this.tensors = tensors;
    }

    @Override
    public Optional<LocatedWeight> find(WeightRole role, int layer, int expert) {
        String name = nameOf(role, layer, expert);
        StoredTensor stored = tensors.get(name);
        return switch (role) {
            case QUERY, KEY, VALUE ->
                    stored != null ? whole(stored, role, layer) : fused(role, layer, "weight");
            case QUERY_BIAS, KEY_BIAS, VALUE_BIAS ->
                    stored != null ? whole(stored, role, layer) : fused(role, layer, "bias");
            case EXPERT_GATE, EXPERT_UP ->
                    stored != null
                            ? expert(stored, role, layer, expert, 0, 1)
                            : fusedExpert(role, layer, expert);
            case EXPERT_DOWN ->
                    stored != null ? expert(stored, role, layer, expert, 0, 1) : Optional.empty();
            default -> stored != null ? whole(stored, role, layer) : Optional.empty();
        };
    }

    private Optional<LocatedWeight> whole(StoredTensor stored, WeightRole role, int layer) {
        refuseScale(tensors, stored);
        Shape expected = plan.extents(role, layer);
        Shape shape = sameButForOnes(stored.shape(), expected) ? expected : stored.shape();
        return Optional.of(LocatedWeight.in(stored, stored.whole(shape)));
    }

    // Rows of queries, then of keys, then of values.
    private Optional<LocatedWeight> fused(WeightRole role, int layer, String kind) {
        StoredTensor stored = tensors.get("blk." + layer + ".attn_qkv." + kind);
        if (stored == null) {
            return Optional.empty();
        }
        refuseScale(tensors, stored);
        long queries = plan.extents(WeightRole.QUERY, layer).extent(0);
        long keys = plan.extents(WeightRole.KEY, layer).extent(0);
        long first =
                switch (role) {
                    case KEY, KEY_BIAS -> queries;
                    case VALUE, VALUE_BIAS -> queries + keys;
                    default -> 0;
                };
        Shape wanted = plan.extents(role, layer);
        long count = wanted.extent(0);
        long all = queries + 2 * keys;
        if (wanted.rank() > 1) {
            requireShape(stored, Shape.of(all, wanted.columns()));
            return Optional.of(
                    LocatedWeight.in(stored, stored.rows(role.toString(), first, count)));
        }
        requireShape(stored, Shape.of(all));
        if (stored.dtype().blockElements() > 1) {
            throw new VerificationFailed(
                    stored.file(),
                    "tensor " + Excerpt.of(stored.name()) + " is a bias of type " + stored.dtype());
        }
        return Optional.of(
                LocatedWeight.in(stored, stored.elements(role.toString(), first, count)));
    }

    private Optional<LocatedWeight> fusedExpert(WeightRole role, int layer, int expert) {
        StoredTensor stored = tensors.get("blk." + layer + ".ffn_gate_up_exps.weight");
        return stored == null
                ? Optional.empty()
                : expert(stored, role, layer, expert, role == WeightRole.EXPERT_GATE ? 0 : 1, 2);
    }

    /**
     * One expert's matrix out of a tensor of all experts.
     *
     * @param place which of the matrices that the tensor holds for an expert, one below another
     * @param places how many those are
     */
    private Optional<LocatedWeight> expert(
            StoredTensor stored, WeightRole role, int layer, int expert, int place, int places) {
        refuseScale(tensors, stored);
        Shape wanted = plan.extents(role, layer);
        long rows = wanted.extent(0);
        requireShape(stored, Shape.of(plan.count(role, layer), places * rows, wanted.columns()));
        long first = Math.multiplyExact(rows, (long) places * expert + place);
        return Optional.of(LocatedWeight.in(stored, stored.rows("expert " + expert, first, rows)));
    }

    private static void requireShape(StoredTensor stored, Shape expected) {
        if (!sameButForOnes(stored.shape(), expected)) {
            throw new VerificationFailed(
                    stored.file(),
                    "tensor "
                            + Excerpt.of(stored.name())
                            + " has the shape "
                            + stored.shape()
                            + ", expected "
                            + expected);
        }
    }

    // Writers drop slow dimensions of extent one: a single expert, a matrix of one row.
    static boolean sameButForOnes(Shape found, Shape expected) {
        int rank = Math.max(found.rank(), expected.rank());
        for (int i = 1; i <= rank; i++) {
            long a = i <= found.rank() ? found.extent(found.rank() - i) : 1;
            long b = i <= expected.rank() ? expected.extent(expected.rank() - i) : 1;
            if (a != b) {
                return false;
            }
        }
        return true;
    }

    // Some converters put a factor beside a tensor; leaving it out would go unnoticed.
    static void refuseScale(Map<String, StoredTensor> tensors, StoredTensor stored) {
        String name = stored.name();
        String scale = name.substring(0, Math.max(0, name.lastIndexOf('.'))) + ".scale";
        if (tensors.containsKey(scale)) {
            throw new VerificationFailed(
                    stored.file(),
                    "separate scale factors (" + Excerpt.of(scale) + ") are not supported");
        }
    }

    @Override
    public String nameOf(WeightRole role, int layer, int expert) {
        String in = "blk." + layer + ".";
        return switch (role) {
            case EMBEDDING -> "token_embd.weight";
            case FINAL_NORM -> "output_norm.weight";
            case HEAD -> "output.weight";
            case ATTENTION_NORM -> in + "attn_norm.weight";
            case QUERY -> in + "attn_q.weight";
            case KEY -> in + "attn_k.weight";
            case VALUE -> in + "attn_v.weight";
            case ATTENTION_OUTPUT -> in + "attn_output.weight";
            case QUERY_BIAS -> in + "attn_q.bias";
            case KEY_BIAS -> in + "attn_k.bias";
            case VALUE_BIAS -> in + "attn_v.bias";
            case ATTENTION_OUTPUT_BIAS -> in + "attn_output.bias";
            case FEED_FORWARD_NORM -> in + "ffn_norm.weight";
            case ROUTER -> in + "ffn_gate_inp.weight";
            case GATE -> in + "ffn_gate" + shared(layer) + ".weight";
            case UP -> in + "ffn_up" + shared(layer) + ".weight";
            case DOWN -> in + "ffn_down" + shared(layer) + ".weight";
            case GATE_BIAS -> in + "ffn_gate.bias";
            case UP_BIAS -> in + "ffn_up.bias";
            case DOWN_BIAS -> in + "ffn_down.bias";
            case EXPERT_GATE -> in + "ffn_gate_exps.weight";
            case EXPERT_UP -> in + "ffn_up_exps.weight";
            case EXPERT_DOWN -> in + "ffn_down_exps.weight";
        };
    }

    private String shared(int layer) {
        return plan.shape().layers().get(layer).experts() > 0 ? "_shexp" : "";
    }
}
