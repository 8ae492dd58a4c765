package org.scout4j.checkpoint.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.checkpoint.ModelShape.Pairing;
import org.scout4j.checkpoint.ModelShape.RopeShape;
import org.scout4j.checkpoint.ModelShape.TemperatureShape;
import org.scout4j.checkpoint.RopeFrequencies;
import org.scout4j.checkpoint.RopeFrequencies.Scaling;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/**
 * The numbers of a model from GGUF metadata (spec "Model" §5.3). What files of architecture llama4
 * do not say is what their consumers have fixed (§4, rows 2 and 3), unless an optional key says
 * otherwise.
 */
final class GgufShape {
    static final String ROPE_DIVISORS = "rope_freqs.weight";

    private static final int NO_ROPE_STEP = 4;
    private static final int CHUNK = 8192;
    private static final long TEMPERATURE_FLOOR = 8192;
    private static final double TEMPERATURE_SCALE = 0.1;
    private static final int EXPERTS_WITHOUT_NORM = 128;

    private static final List<String> EXPERT_TENSORS =
            List.of(
                    "ffn_gate_inp",
                    "ffn_gate_exps",
                    "ffn_up_exps",
                    "ffn_down_exps",
                    "ffn_gate_up_exps",
                    "ffn_gate_shexp",
                    "ffn_up_shexp",
                    "ffn_down_shexp");
    private static final List<String> DENSE_TENSORS = List.of("ffn_gate", "ffn_up", "ffn_down");

    /** Keys of relatives of Llama whose mathematics differ; neutral values apart. */
    private static final List<String> FOREIGN_FACTORS =
            List.of(
                    "attention.scale",
                    "logit_scale",
                    "residual_scale",
                    "embedding_scale",
                    "attn_logit_softcapping",
                    "final_logit_softcapping");

    private final GgufMetadata metadata;
    private final String architecture;
    private final boolean llama4;
    private final Map<String, StoredTensor> tensors;
    private final TokenizerData tokenizer;

    GgufShape(
            GgufMetadata metadata,
            String architecture,
            Map<String, StoredTensor> tensors,
            TokenizerData tokenizer) {
        this.metadata = metadata;
        this.architecture = architecture;
        this.llama4 = architecture.equals("llama4");
        this.tensors = tensors;
        this.tokenizer = tokenizer;
    }

    /**
     * Reads and checks the metadata.
     *
     * @throws VerificationFailed naming the key that is missing, out of range or unsupported
     */
    ModelShape read() {
        refuseForeign();
        int hidden = metadata.required(key("embedding_length"), ModelLimit.WIDTH);
        int heads = perLayer("attention.head_count", ModelLimit.HEADS);
        int headSize = headSize(hidden, heads);
        boolean chunked = llama4 && !slidingWindowIsZero();
        int experts = (int) metadata.integer(key("expert_count"), ModelLimit.EXPERTS).orElse(0);
        List<LayerShape> layers = layers(chunked, experts);
        boolean anyExperts = layers.stream().anyMatch(layer -> layer.experts() > 0);
        return new ModelShape(
                architecture,
                vocabulary(),
                hidden,
                heads,
                metadata.has(key("attention.head_count_kv"))
                        ? perLayer("attention.head_count_kv", ModelLimit.HEADS)
                        : heads,
                headSize,
                layers,
                (float) requiredNumber("attention.layer_norm_rms_epsilon", 1e-12, 0.1),
                rope(headSize),
                chunked ? integer("attention.chunk_size", ModelLimit.CHUNK, CHUNK) : 0,
                llama4 && metadata.flag(key("use_qk_norm")).orElse(experts != EXPERTS_WITHOUT_NORM),
                chunked ? temperature() : Optional.empty(),
                anyExperts
                        ? metadata.required(key("expert_used_count"), ModelLimit.EXPERTS_PER_TOKEN)
                        : 0,
                !tensors.containsKey("output.weight"),
                metadata.integer(key("context_length"), ModelLimit.CONTEXT)
                        .orElseThrow(() -> metadata.failure(key("context_length") + " is missing")),
                GgufTokenizer.begin(metadata),
                GgufTokenizer.ends(metadata, tokenizer),
                Optional.empty());
    }

    private void refuseForeign() {
        for (String name : FOREIGN_FACTORS) {
            double factor = metadata.number(key(name), -1e30, 1e30).orElse(1.0);
            if (factor != 1 && factor != 0) {
                throw metadata.failure(key(name) + " is " + factor + ", which is not supported");
            }
        }
        if (!llama4 && metadata.integer(key("expert_count"), ModelLimit.EXPERTS).orElse(0) > 0) {
            throw metadata.failure(
                    key("expert_count")
                            + ": experts in a model of architecture llama (Mixtral) are not"
                            + " supported");
        }
    }

    private boolean slidingWindowIsZero() {
        return metadata.integer(key("attention.sliding_window"), 0, Integer.MAX_VALUE).orElse(1)
                == 0;
    }

    private int headSize(int hidden, int heads) {
        if (!metadata.has(key("attention.key_length")) && hidden % heads != 0) {
            throw metadata.failure(heads + " heads do not divide a width of " + hidden);
        }
        int headSize = integer("attention.key_length", ModelLimit.HEAD_SIZE, hidden / heads);
        if (!ModelLimit.HEAD_SIZE.admits(headSize)) {
            throw metadata.failure(
                    headSize
                            + " elements in a head, expected "
                            + ModelLimit.HEAD_SIZE.description());
        }
        requireEqual("attention.value_length", headSize);
        requireEqual("rope.dimension_count", headSize);
        return headSize;
    }

    private void requireEqual(String name, int headSize) {
        int found = integer(name, ModelLimit.HEAD_SIZE, headSize);
        if (found != headSize) {
            throw metadata.failure(
                    key(name)
                            + " is "
                            + found
                            + ", only the head size "
                            + headSize
                            + " is supported");
        }
    }

    // The list of tokens is what consumers go by; the key may be missing or about another padding.
    private int vocabulary() {
        if (tokenizer instanceof TokenizerData.Gguf tables) {
            if (!ModelLimit.VOCABULARY.admits(tables.tokens().size())) {
                throw metadata.failure("the vocabulary is empty");
            }
            return tables.tokens().size();
        }
        return metadata.required(key("vocab_size"), ModelLimit.VOCABULARY);
    }

    private List<LayerShape> layers(boolean chunked, int experts) {
        int count = metadata.required(key("block_count"), ModelLimit.LAYERS);
        for (StoredTensor tensor : tensors.values()) {
            OptionalInt layer = tensor.layer("blk.");
            if (layer.isPresent() && layer.getAsInt() >= count) {
                throw new VerificationFailed(
                        tensor.file(),
                        "tensor "
                                + Excerpt.of(tensor.name())
                                + " lies beyond the "
                                + count
                                + " layers of "
                                + key("block_count"));
            }
        }
        OptionalLong dense = metadata.uniform(key("feed_forward_length"), ModelLimit.WIDTH);
        OptionalLong expert = metadata.uniform(key("expert_feed_forward_length"), ModelLimit.WIDTH);
        List<LayerShape> layers = new ArrayList<>();
        for (int layer = 0; layer < count; layer++) {
            boolean rotary = !chunked || (layer + 1) % NO_ROPE_STEP != 0;
            boolean routed = routed(layer, experts);
            layers.add(
                    new LayerShape(
                            rotary,
                            routed ? experts : 0,
                            routed
                                    ? present("expert_feed_forward_length", expert)
                                    : present("feed_forward_length", dense)));
        }
        return layers;
    }

    /** Whether a layer has experts: its tensors say so, or the step where it has none at all. */
    private boolean routed(int layer, int experts) {
        Optional<String> expertTensor = first(layer, EXPERT_TENSORS);
        Optional<String> denseTensor = first(layer, DENSE_TENSORS);
        if (expertTensor.isPresent() && denseTensor.isPresent()) {
            throw metadata.failure(
                    "layer "
                            + layer
                            + " has both "
                            + expertTensor.get()
                            + " and "
                            + denseTensor.get());
        }
        if (expertTensor.isPresent() && experts == 0) {
            throw metadata.failure(
                    key("expert_count") + " is 0, but there is " + expertTensor.get());
        }
        if (expertTensor.isEmpty() && denseTensor.isEmpty()) {
            int step = integer("interleave_moe_layer_step", ModelLimit.STEP, 1);
            return experts > 0 && (layer + 1) % step == 0;
        }
        return expertTensor.isPresent();
    }

    private Optional<String> first(int layer, List<String> names) {
        return names.stream()
                .map(name -> "blk." + layer + "." + name + ".weight")
                .filter(tensors::containsKey)
                .findFirst();
    }

    private Optional<TemperatureShape> temperature() {
        double scale = number("attention.temperature_scale", 0, 1e6, TEMPERATURE_SCALE);
        long floor =
                metadata.integer(key("attention.temperature_length"), ModelLimit.TEMPERATURE_FLOOR)
                        .orElse(TEMPERATURE_FLOOR);
        return scale == 0
                ? Optional.empty()
                : Optional.of(new TemperatureShape(floor, (float) scale));
    }

    private RopeShape rope(int headSize) {
        double theta = number("rope.freq_base", 1, 1e15, 10_000);
        List<Scaling> scalings =
                Stream.concat(divisors(headSize).stream(), linear().stream()).toList();
        return new RopeShape(Pairing.ADJACENT, RopeFrequencies.of(headSize, theta, scalings));
    }

    // Spec §2.3: whatever scaling the publisher used has been baked into these divisors.
    private Optional<Scaling> divisors(int headSize) {
        StoredTensor stored = tensors.get(ROPE_DIVISORS);
        if (stored == null) {
            return Optional.empty();
        }
        int pairs = headSize / 2;
        if (stored.dtype() != DType.F32 || !stored.shape().equals(Shape.of(pairs))) {
            throw new VerificationFailed(
                    stored.file(),
                    ROPE_DIVISORS
                            + " is "
                            + stored.dtype()
                            + stored.shape()
                            + ", expected F32"
                            + Shape.of(pairs));
        }
        GgufCursor cursor = new GgufCursor(stored.file(), stored.bytes(), 0);
        List<Float> values =
                IntStream.range(0, pairs)
                        .mapToObj(pair -> Float.intBitsToFloat((int) cursor.u32()))
                        .toList();
        for (float value : values) {
            if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
                throw new VerificationFailed(
                        stored.file(), ROPE_DIVISORS + " holds " + value + ", not a divisor");
            }
        }
        return Optional.of(new Scaling.Divisors(values));
    }

    private Optional<Scaling> linear() {
        String type = metadata.string(key("rope.scaling.type")).orElse("linear");
        return switch (type) {
            case "none" -> Optional.empty();
            case "linear" -> {
                double factor =
                        number(
                                "rope.scaling.factor",
                                0,
                                1e9,
                                number("rope.scale_linear", 0, 1e9, 0));
                yield factor == 0 ? Optional.empty() : Optional.of(new Scaling.Linear(factor));
            }
            default ->
                    throw metadata.failure(
                            key("rope.scaling.type")
                                    + " is "
                                    + Excerpt.of(type)
                                    + ", expected none or linear");
        };
    }

    /** As {@link GgufMetadata#uniform}, for a key that the model must have. */
    private int perLayer(String name, ModelLimit limit) {
        return present(name, metadata.uniform(key(name), limit));
    }

    private int present(String name, OptionalLong found) {
        return Math.toIntExact(
                found.orElseThrow(() -> metadata.failure(key(name) + " is missing")));
    }

    private int integer(String name, ModelLimit limit, int otherwise) {
        return (int) metadata.integer(key(name), limit).orElse(otherwise);
    }

    private double number(String name, double least, double most, double otherwise) {
        return metadata.number(key(name), least, most).orElse(otherwise);
    }

    private double requiredNumber(String name, double least, double most) {
        return metadata.number(key(name), least, most)
                .orElseThrow(() -> metadata.failure(key(name) + " is missing"));
    }

    private String key(String name) {
        return architecture + "." + name;
    }
}
