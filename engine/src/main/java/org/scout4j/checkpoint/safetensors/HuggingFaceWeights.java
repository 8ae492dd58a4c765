package org.scout4j.checkpoint.safetensors;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.LocatedWeight;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.checkpoint.TensorSource.Layout;
import org.scout4j.checkpoint.TensorSource.Scales;
import org.scout4j.checkpoint.WeightLocator;
import org.scout4j.checkpoint.WeightPlan;
import org.scout4j.checkpoint.WeightRole;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/**
 * Weights of a Hugging Face model by role (spec "Model" §5.1 and §5.4). How a matrix is stored is
 * decided by what is in the files: fused input-major experts or one matrix an expert, plain, int4
 * words, or FP8 and int8 with factors.
 */
final class HuggingFaceWeights implements WeightLocator {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WeightPlan plan;
    private final ModelConfig config;
    private final @Nullable QuantisationConfig quantisation;
    private final Map<String, StoredTensor> tensors;
    private final String prefix;

    /**
     * @param prefix what every name of the text model begins with
     */
    HuggingFaceWeights(
            WeightPlan plan, ModelConfig config, Map<String, StoredTensor> tensors, String prefix) {
        this.plan = plan;
        this.config = config;
        this.quantisation = config.quantisation().orElse(null);
        this.tensors = tensors;
        this.prefix = prefix;
    }

    @Override
    public Optional<LocatedWeight> find(WeightRole role, int layer, int expert) {
        return switch (role) {
            case FINAL_NORM, ATTENTION_NORM, FEED_FORWARD_NORM ->
                    vector(module(role, layer, expert) + ".weight");
            case QUERY_BIAS, KEY_BIAS, VALUE_BIAS, ATTENTION_OUTPUT_BIAS ->
                    bias(module(role, layer, expert), config.attentionBias(), "attention_bias");
            case GATE_BIAS, UP_BIAS, DOWN_BIAS ->
                    bias(module(role, layer, expert), config.feedForwardBias(), "mlp_bias");
            case EXPERT_GATE, EXPERT_UP, EXPERT_DOWN -> {
                StoredTensor fused = tensors.get(fusedName(role, layer));
                yield fused == null
                        ? matrix(module(role, layer, expert), plan.extents(role, layer))
                        : Optional.of(fusedExpert(fused, role, layer, expert));
            }
            default -> matrix(module(role, layer, expert), plan.extents(role, layer));
        };
    }

    /** A tensor as it is stored, of any shape. */
    Optional<LocatedWeight> vector(String name) {
        return Optional.ofNullable(tensors.get(name))
                .map(stored -> LocatedWeight.in(stored, stored.whole(stored.shape())));
    }

    // A bias that the configuration does not know of would be left out by its own library.
    private Optional<LocatedWeight> bias(String module, boolean declared, String key) {
        Optional<LocatedWeight> found = vector(module + ".bias");
        if (found.isPresent() != declared) {
            throw new VerificationFailed(
                    found.map(LocatedWeight::file).orElse(config.file()),
                    key
                            + " is "
                            + declared
                            + " in config.json, but "
                            + Excerpt.of(module)
                            + ".bias is "
                            + (declared ? "missing" : "there"));
        }
        return found;
    }

    /** The matrix of a module, however it is stored. */
    Optional<LocatedWeight> matrix(String module, Shape expected) {
        StoredTensor packed = tensors.get(module + ".weight_packed");
        if (packed != null) {
            return Optional.of(packed(module, packed, expected));
        }
        StoredTensor stored = tensors.get(module + ".weight");
        if (stored == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (stored.dtype()) {
                    case F8_E4M3, F8_E5M2, I8 -> scaled(module, stored);
                    default -> LocatedWeight.in(stored, stored.whole(stored.shape()));
                });
    }

    /** Eight-bit weights with factors for rows, blocks, groups or the whole matrix. */
    private LocatedWeight scaled(String module, StoredTensor stored) {
        StoredTensor factors = tensors.get(module + ".weight_scale");
        if (factors == null) { // the inverse is multiplied too, despite its name
            factors = tensors.get(module + ".weight_scale_inv");
        }
        if (factors == null) {
            if (quantisation != null) {
                throw new VerificationFailed(
                        stored.file(), shown(stored) + " lacks its weight_scale");
            }
            return LocatedWeight.in(stored, stored.whole(stored.shape()));
        }
        requireNoZeroPoints(module);
        Shape shape = stored.shape();
        if (shape.rank() != 2) {
            throw unexpectedShape(stored, "a matrix");
        }
        TensorSource weight =
                new TensorSource(
                        stored.name(),
                        stored.dtype(),
                        shape,
                        stored.bytes(),
                        Layout.ROW_MAJOR,
                        scales(factors, shape.extent(0), shape.extent(1), null, null));
        return located(module, weight, stored);
    }

    /** compressed-tensors {@code pack-quantized}: eight nibbles in a word. */
    private LocatedWeight packed(String module, StoredTensor packed, Shape expected) {
        Shape shape = declaredShape(module).orElse(expected);
        long rows = shape.extent(0);
        long columns = shape.extent(1);
        if (packed.dtype() != DType.I32
                || columns % DType.PACKED_INT4.blockElements() != 0
                || !packed.shape()
                        .equals(Shape.of(rows, columns / DType.PACKED_INT4.blockElements()))) {
            throw unexpectedShape(
                    packed,
                    "I32"
                            + Shape.of(rows, columns / DType.PACKED_INT4.blockElements())
                            + " of eight 4-bit weights each");
        }
        StoredTensor factors = tensors.get(module + ".weight_scale");
        if (factors == null) {
            throw new VerificationFailed(packed.file(), shown(packed) + " lacks its weight_scale");
        }
        TensorSource weight =
                new TensorSource(
                        packed.name(),
                        DType.PACKED_INT4,
                        shape,
                        packed.bytes(),
                        Layout.ROW_MAJOR,
                        scales(
                                factors,
                                rows,
                                columns,
                                tensors.get(module + ".weight_zero_point"),
                                tensors.get(module + ".weight_g_idx")));
        return located(module, weight, packed);
    }

    private Optional<Shape> declaredShape(String module) {
        StoredTensor stored = tensors.get(module + ".weight_shape");
        if (stored == null) {
            return Optional.empty();
        }
        boolean wide = stored.dtype() == DType.I64;
        if ((!wide && stored.dtype() != DType.I32) || !stored.shape().equals(Shape.of(2))) {
            throw unexpectedShape(stored, "two whole numbers");
        }
        long rows = wide ? stored.bytes().getAtIndex(LONG, 0) : stored.bytes().getAtIndex(INT, 0);
        long columns =
                wide ? stored.bytes().getAtIndex(LONG, 1) : stored.bytes().getAtIndex(INT, 1);
        try {
            return Optional.of(Shape.of(rows, columns));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new VerificationFailed(
                    stored.file(), shown(stored) + " is " + rows + ", " + columns, e);
        }
    }

    /**
     * Scale factors, whatever they are for: their shape says how many rows and columns share one.
     *
     * @param rows of the weights
     * @param columns of the weights
     */
    private Scales scales(
            StoredTensor factors,
            long rows,
            long columns,
            @Nullable StoredTensor zeroPoints,
            @Nullable StoredTensor groupOfColumn) {
        requireFactorType(factors);
        Shape shape = factors.shape();
        Shape groups =
                switch (shape.rank()) {
                    case 2 -> shape;
                    case 1 -> Shape.of(shape.extent(0), 1);
                    case 0 -> Shape.of(1, 1);
                    default -> throw unexpectedShape(factors, "at most two dimensions");
                };
        long rowGroups = groups.extent(0);
        long columnGroups = groups.extent(1);
        long rowsPerGroup = rowGroups == rows ? 1 : share(factors, rows, rowGroups, true);
        long columnsPerGroup = share(factors, columns, columnGroups, false);
        if (zeroPoints != null) {
            Shape expected = Shape.of(Math.ceilDiv(rowGroups, 8), columnGroups);
            if (zeroPoints.dtype() != DType.I32 || !zeroPoints.shape().equals(expected)) {
                throw unexpectedShape(zeroPoints, "I32" + expected);
            }
        }
        return new Scales(
                factors.whole(groups),
                rowsPerGroup,
                columnsPerGroup,
                zeroPoints == null ? null : zeroPoints.whole(zeroPoints.shape()),
                groupOfColumn == null ? null : order(groupOfColumn, columns, columnGroups));
    }

    /** How many neighbours share a factor, if {@code count} have {@code groups} factors. */
    private long share(StoredTensor factors, long count, long groups, boolean ofRows) {
        if (groups == 1) {
            return Math.max(1, count);
        }
        for (long candidate : declaredShares(ofRows)) {
            if (Math.ceilDiv(count, candidate) == groups) {
                return candidate;
            }
        }
        if (groups == 0 || count % groups != 0) {
            throw unexpectedShape(
                    factors, "factors that " + count + (ofRows ? " rows" : " columns") + " share");
        }
        return count / groups;
    }

    private List<Long> declaredShares(boolean ofRows) {
        if (quantisation == null) {
            return List.of();
        }
        List<Long> shares = new ArrayList<>();
        quantisation.blocks().forEach(block -> shares.add(ofRows ? block.rows() : block.columns()));
        if (!ofRows) {
            shares.addAll(quantisation.groups());
        }
        return shares;
    }

    /** Activation order: the group of each column; null where it was left at its initial −1. */
    private static int @Nullable [] order(StoredTensor stored, long columns, long groups) {
        if (stored.dtype() != DType.I32 || !stored.shape().equals(Shape.of(columns))) {
            throw unexpectedShape(stored, "I32" + Shape.of(columns));
        }
        int[] order = stored.bytes().toArray(INT);
        for (int group : order) {
            if (group == -1) {
                return null;
            }
            if (group < 0 || group >= groups) {
                throw new VerificationFailed(
                        stored.file(), shown(stored) + " names group " + group + " of " + groups);
            }
        }
        return order;
    }

    // Eight-bit weights are symmetric in every published format; zeros are written all the same.
    private void requireNoZeroPoints(String module) {
        StoredTensor stored = tensors.get(module + ".weight_zero_point");
        if (stored == null) {
            return;
        }
        for (long i = 0; i < stored.bytes().byteSize(); i++) {
            if (stored.bytes().get(ValueLayout.JAVA_BYTE, i) != 0) {
                throw new VerificationFailed(
                        stored.file(),
                        shown(stored) + " is not zero: asymmetric 8-bit weights are not supported");
            }
        }
    }

    private static void requireFactorType(StoredTensor factors) {
        switch (factors.dtype()) {
            case F32, F16, BF16 -> {}
            default -> throw unexpectedShape(factors, "factors in F32, F16 or BF16");
        }
    }

    /**
     * One expert out of {@code gate_up_proj} [experts, hidden, 2 width] or {@code down_proj}
     * [experts, width, hidden]: both input-major, so that a column of the wanted matrix is
     * consecutive.
     */
    private LocatedWeight fusedExpert(StoredTensor fused, WeightRole role, int layer, int expert) {
        Shape wanted = plan.extents(role, layer);
        long rows = wanted.extent(0);
        long columns = wanted.extent(1);
        long stride = role == WeightRole.EXPERT_DOWN ? rows : 2 * rows;
        long experts = plan.count(role, layer);
        if (!fused.shape().equals(Shape.of(experts, columns, stride))) {
            throw unexpectedShape(fused, Shape.of(experts, columns, stride).toString());
        }
        if (fused.dtype().blockElements() != 1) {
            throw unexpectedShape(fused, "a plain type");
        }
        long first = expert * columns * stride + (role == WeightRole.EXPERT_UP ? rows : 0);
        StoredTensor factors = tensors.get(fused.name() + "_scale");
        if (factors == null && isEightBit(fused.dtype()) && quantisation != null) {
            throw new VerificationFailed(fused.file(), shown(fused) + " lacks its _scale");
        }
        TensorSource weight =
                new TensorSource(
                        fused.name() + " (" + role + " " + expert + ")",
                        fused.dtype(),
                        wanted,
                        fused.bytes()
                                .asSlice(
                                        fused.dtype().bytes(first),
                                        fused.dtype().bytes((columns - 1) * stride + rows)),
                        new Layout.ColumnMajor(stride),
                        factors == null
                                ? null
                                : fusedScales(factors, role, expert, experts, wanted));
        return new LocatedWeight(
                weight,
                fused.file(),
                factors == null ? List.of(fused.name()) : List.of(fused.name(), factors.name()));
    }

    /**
     * One factor for each row: [experts, 1, 2 width] for gate and up, [experts, hidden, 1] for
     * down.
     */
    private static Scales fusedScales(
            StoredTensor factors, WeightRole role, int expert, long experts, Shape wanted) {
        requireFactorType(factors);
        long rows = wanted.extent(0);
        boolean down = role == WeightRole.EXPERT_DOWN;
        Shape expected = down ? Shape.of(experts, rows, 1) : Shape.of(experts, 1, 2 * rows);
        if (!factors.shape().equals(expected)) {
            throw unexpectedShape(factors, expected.toString());
        }
        long first =
                down
                        ? expert * rows
                        : (2L * expert + (role == WeightRole.EXPERT_UP ? 1 : 0)) * rows;
        TensorSource slice = factors.elements(role + " " + expert, first, rows);
        return new Scales(
                TensorSource.rowMajor(
                        slice.name(), slice.dtype(), Shape.of(rows, 1), slice.bytes()),
                1,
                wanted.extent(1),
                null,
                null);
    }

    private static boolean isEightBit(DType dtype) {
        return dtype == DType.F8_E4M3 || dtype == DType.F8_E5M2 || dtype == DType.I8;
    }

    /** The weight with the names of all tensors that belong to its module. */
    private LocatedWeight located(String module, TensorSource weight, StoredTensor stored) {
        List<String> names = new ArrayList<>();
        for (String part :
                List.of(
                        ".weight",
                        ".weight_packed",
                        ".weight_scale",
                        ".weight_scale_inv",
                        ".weight_shape",
                        ".weight_zero_point",
                        ".weight_g_idx",
                        ".input_scale",
                        ".input_zero_point",
                        ".input_scale_ub")) {
            if (tensors.containsKey(module + part)) {
                names.add(module + part);
            }
        }
        return new LocatedWeight(weight, stored.file(), names);
    }

    private static VerificationFailed unexpectedShape(StoredTensor stored, String expected) {
        return new VerificationFailed(
                stored.file(),
                shown(stored)
                        + " is "
                        + stored.dtype()
                        + stored.shape()
                        + ", expected "
                        + expected);
    }

    private static String shown(StoredTensor stored) {
        return "tensor " + Excerpt.of(stored.name());
    }

    @Override
    public String nameOf(WeightRole role, int layer, int expert) {
        return module(role, layer, expert) + ".weight";
    }

    private String fusedName(WeightRole role, int layer) {
        return prefix
                + "model.layers."
                + layer
                + ".feed_forward.experts."
                + (role == WeightRole.EXPERT_DOWN ? "down_proj" : "gate_up_proj");
    }

    private String module(WeightRole role, int layer, int expert) {
        String in = prefix + "model.layers." + layer + ".";
        String routed = in + "feed_forward.experts." + expert + ".";
        return switch (role) {
            case EMBEDDING -> prefix + "model.embed_tokens";
            case FINAL_NORM -> prefix + "model.norm";
            case HEAD -> prefix + "lm_head";
            case ATTENTION_NORM -> in + "input_layernorm";
            case QUERY, QUERY_BIAS -> in + "self_attn.q_proj";
            case KEY, KEY_BIAS -> in + "self_attn.k_proj";
            case VALUE, VALUE_BIAS -> in + "self_attn.v_proj";
            case ATTENTION_OUTPUT, ATTENTION_OUTPUT_BIAS -> in + "self_attn.o_proj";
            case FEED_FORWARD_NORM -> in + "post_attention_layernorm";
            case ROUTER -> in + "feed_forward.router";
            case GATE, GATE_BIAS -> in + feedForward(layer) + "gate_proj";
            case UP, UP_BIAS -> in + feedForward(layer) + "up_proj";
            case DOWN, DOWN_BIAS -> in + feedForward(layer) + "down_proj";
            case EXPERT_GATE -> routed + "gate_proj";
            case EXPERT_UP -> routed + "up_proj";
            case EXPERT_DOWN -> routed + "down_proj";
        };
    }

    private String feedForward(int layer) {
        if (config.architecture().equals("llama")) {
            return "mlp.";
        }
        return plan.shape().layers().get(layer).experts() > 0
                ? "feed_forward.shared_expert."
                : "feed_forward.";
    }
}
