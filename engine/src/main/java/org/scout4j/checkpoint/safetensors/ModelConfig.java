package org.scout4j.checkpoint.safetensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.checkpoint.ModelShape.Pairing;
import org.scout4j.checkpoint.ModelShape.RopeShape;
import org.scout4j.checkpoint.ModelShape.TemperatureShape;
import org.scout4j.checkpoint.RopeFrequencies;
import org.scout4j.checkpoint.RopeFrequencies.Scaling;
import org.scout4j.checkpoint.VisionShape;
import tools.jackson.databind.JsonNode;

/**
 * {@code config.json} of Llama 4 or dense Llama, in each of its spellings (spec "Model" §1). What
 * is absent gets the default of the publisher's own library; what would change the mathematics and
 * is not supported is refused by name.
 */
final class ModelConfig {
    private static final String CHUNKED = "chunked_attention";
    private static final String FULL = "full_attention";
    private static final String STOP_TOKENS = "eos_token_id";
    private static final int MOST_STOP_TOKENS = 256;

    private final JsonSection root;
    private final JsonSection text;
    private final boolean llama4;

    private ModelConfig(JsonSection root, JsonSection text, boolean llama4) {
        this.root = root;
        this.text = text;
        this.llama4 = llama4;
    }

    /**
     * Parses a configuration.
     *
     * @throws org.scout4j.error.VerificationFailed if it is damaged or not of a known type
     */
    static ModelConfig parse(Path file, byte[] json) {
        JsonSection root = JsonSection.parse(file, json);
        String type =
                root.text("model_type").orElseThrow(() -> root.failure("model_type", "is missing"));
        return switch (type) {
            case "llama4" ->
                    new ModelConfig(
                            root,
                            root.section("text_config")
                                    .orElseThrow(() -> root.failure("text_config", "is missing")),
                            true);
            case "llama4_text" -> new ModelConfig(root, root, true);
            case "llama" -> new ModelConfig(root, root, false);
            default ->
                    throw root.failure(
                            "model_type",
                            "is " + Excerpt.of(type) + ", expected llama4, llama4_text or llama");
        };
    }

    Path file() {
        return root.file();
    }

    /** {@code llama4} or {@code llama}. */
    String architecture() {
        return llama4 ? "llama4" : "llama";
    }

    /**
     * Whether the text model is part of a larger one, its tensors named {@code language_model.…}.
     */
    boolean multimodal() {
        return root != text;
    }

    /** Whether the projections of attention have biases. */
    boolean attentionBias() {
        return text.flag("attention_bias", false);
    }

    /** Whether dense feed-forwards have biases. */
    boolean feedForwardBias() {
        return !llama4 && text.flag("mlp_bias", false);
    }

    Optional<QuantisationConfig> quantisation() {
        return QuantisationConfig.find(List.of(root, text));
    }

    /** The model's name; of a path, what follows the last slash. */
    Optional<String> name() {
        return root.text("_name_or_path")
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .filter(name -> !name.isBlank());
    }

    /** Tokens that end a generation, as {@code eos_token_id} of any file names them. */
    static List<Integer> stopTokens(JsonSection section) {
        return section.wholes(STOP_TOKENS, ModelLimit.TOKEN, MOST_STOP_TOKENS).stream()
                .map(Math::toIntExact)
                .distinct()
                .toList();
    }

    /**
     * The validated numbers.
     *
     * @param vision whether the files hold a vision tower; one beside a text-only configuration is
     *     not part of the model
     * @param generation {@code generation_config.json}, whose stop tokens count more, if it is
     *     there
     * @throws org.scout4j.error.VerificationFailed naming the key that is out of range or asks for
     *     something unsupported
     */
    ModelShape shape(boolean vision, Optional<JsonSection> generation) {
        refuseUnsupported();
        int hidden = text.whole("hidden_size", ModelLimit.WIDTH, llama4 ? 5120 : 4096);
        int heads = text.whole("num_attention_heads", ModelLimit.HEADS, llama4 ? 40 : 32);
        int headSize = headSize(hidden, heads);
        int count = text.whole("num_hidden_layers", ModelLimit.LAYERS, llama4 ? 48 : 32);
        List<Boolean> rotary = rotary(count);
        List<LayerShape> layers = layers(count, rotary);
        boolean experts = layers.stream().anyMatch(layer -> layer.experts() > 0);
        return new ModelShape(
                architecture(),
                text.whole("vocab_size", ModelLimit.VOCABULARY, llama4 ? 202_048 : 32_000),
                hidden,
                heads,
                keyValueHeads(heads),
                headSize,
                layers,
                (float) text.number("rms_norm_eps", 1e-12, 0.1, llama4 ? 1e-5 : 1e-6),
                rope(headSize),
                llama4 ? attentionChunk(rotary) : 0,
                llama4 && text.flag("use_qk_norm", true),
                llama4 ? temperature() : Optional.empty(),
                experts ? text.whole("num_experts_per_tok", ModelLimit.EXPERTS_PER_TOKEN, 1) : 0,
                text.flag("tie_word_embeddings", root.flag("tie_word_embeddings", false)),
                text.whole("max_position_embeddings", ModelLimit.CONTEXT)
                        .orElse(llama4 ? 131_072L : 2048L),
                text.whole("bos_token_id", ModelLimit.TOKEN)
                        .or(() -> root.whole("bos_token_id", ModelLimit.TOKEN))
                        .map(Math::toIntExact),
                generation
                        .map(ModelConfig::stopTokens)
                        .filter(tokens -> !tokens.isEmpty())
                        .orElseGet(() -> stopTokens(text.has(STOP_TOKENS) ? text : root)),
                vision && multimodal() ? Optional.of(vision()) : Optional.empty());
    }

    private VisionShape vision() {
        return VisionConfig.read(
                root.section("vision_config")
                        .orElseThrow(() -> root.failure("vision_config", "is missing")));
    }

    private void refuseUnsupported() {
        String activation = text.text("hidden_act").orElse("silu");
        if (!activation.equals("silu")) {
            throw text.failure("hidden_act", "is " + Excerpt.of(activation) + ", expected silu");
        }
        refusePartialRotation(text);
    }

    private static void refusePartialRotation(JsonSection section) {
        double share = section.number("partial_rotary_factor", 0, 1, 1);
        if (share != 1) {
            throw section.failure("partial_rotary_factor", "is " + share + ", expected 1");
        }
    }

    private int headSize(int hidden, int heads) {
        boolean given = text.has("head_dim");
        if (given || (llama4 && !text.mentions("head_dim"))) {
            return text.whole("head_dim", ModelLimit.HEAD_SIZE, 128);
        }
        if (hidden % heads != 0 || !ModelLimit.HEAD_SIZE.admits(hidden / heads)) {
            throw text.failure(
                    "num_attention_heads", "is " + heads + ", which does not divide " + hidden);
        }
        return hidden / heads;
    }

    private int keyValueHeads(int heads) {
        boolean absent = !text.mentions("num_key_value_heads");
        return text.whole("num_key_value_heads", ModelLimit.HEADS, llama4 && absent ? 8 : heads);
    }

    private List<LayerShape> layers(int count, List<Boolean> rotary) {
        List<LayerShape> layers = new ArrayList<>();
        if (!llama4) {
            int width = text.whole("intermediate_size", ModelLimit.WIDTH, 11_008);
            for (int layer = 0; layer < count; layer++) {
                layers.add(new LayerShape(true, 0, width));
            }
            return layers;
        }
        int experts = text.whole("num_local_experts", ModelLimit.EXPERTS, 16);
        int expertWidth = text.whole("intermediate_size", ModelLimit.WIDTH, 8192);
        int denseWidth = text.whole("intermediate_size_mlp", ModelLimit.WIDTH, 16_384);
        Set<Integer> routed = experts == 0 ? Set.of() : routed(count);
        for (int layer = 0; layer < count; layer++) {
            boolean mixture = routed.contains(layer);
            layers.add(
                    new LayerShape(
                            rotary.get(layer),
                            mixture ? experts : 0,
                            mixture ? expertWidth : denseWidth));
        }
        return layers;
    }

    // The list wins over the step.
    private Set<Integer> routed(int count) {
        Set<Integer> routed = new HashSet<>();
        if (text.has("moe_layers")) {
            for (JsonNode layer : text.elements("moe_layers", count)) {
                if (!layer.isInt() || layer.intValue() < 0 || layer.intValue() >= count) {
                    throw text.unexpected("moe_layers", layer, "layers below " + count);
                }
                routed.add(layer.intValue());
            }
            return routed;
        }
        int step = text.whole("interleave_moe_layer_step", ModelLimit.STEP, 1);
        for (int layer = step - 1; layer < count; layer += step) {
            routed.add(layer);
        }
        return routed;
    }

    /** Which layers rotate: those with a 1 in {@code no_rope_layers}, else all but every n-th. */
    private List<Boolean> rotary(int count) {
        if (!llama4) {
            return Collections.nCopies(count, true);
        }
        List<JsonNode> listed = text.elements("no_rope_layers", (int) ModelLimit.LAYERS.most());
        List<Boolean> rotary = new ArrayList<>();
        if (listed.isEmpty()) { // an empty list means none
            int interval = text.whole("no_rope_layer_interval", ModelLimit.STEP, 4);
            for (int layer = 0; layer < count; layer++) {
                rotary.add((layer + 1) % interval != 0);
            }
            return rotary;
        }
        if (listed.size() != count) {
            throw text.failure(
                    "no_rope_layers", "has " + listed.size() + " entries, expected " + count);
        }
        for (JsonNode entry : listed) {
            boolean number = entry.isInt() && (entry.intValue() == 0 || entry.intValue() == 1);
            if (!number && !entry.isBoolean()) {
                throw text.unexpected("no_rope_layers", entry, "0 or 1");
            }
            rotary.add(entry.isBoolean() ? entry.booleanValue() : entry.intValue() == 1);
        }
        return rotary;
    }

    /** The chunk length, 0 if {@code layer_types} says that every layer sees everything. */
    private int attentionChunk(List<Boolean> rotary) {
        boolean absent = !text.mentions("attention_chunk_size");
        int chunk = text.whole("attention_chunk_size", ModelLimit.CHUNK, absent ? 8192 : 0);
        List<JsonNode> types = text.elements("layer_types", (int) ModelLimit.LAYERS.most());
        if (types.isEmpty()) {
            return chunk;
        }
        if (types.stream().allMatch(type -> isText(type, FULL))) {
            return 0;
        }
        if (types.size() != rotary.size()) {
            throw text.failure(
                    "layer_types", "has " + types.size() + " entries, expected " + rotary.size());
        }
        for (int layer = 0; layer < types.size(); layer++) {
            if (!isText(types.get(layer), rotary.get(layer) ? CHUNKED : FULL)) {
                throw text.unexpected(
                        "layer_types[" + layer + "]",
                        types.get(layer),
                        (rotary.get(layer) ? CHUNKED : FULL) + " as no_rope_layers has it");
            }
        }
        return chunk;
    }

    private static boolean isText(JsonNode node, String text) {
        return node.isString() && node.stringValue().equals(text);
    }

    private Optional<TemperatureShape> temperature() {
        if (!text.lenientFlag("attn_temperature_tuning", true)) {
            return Optional.empty();
        }
        long floor = text.whole("floor_scale", ModelLimit.TEMPERATURE_FLOOR).orElse(8192L);
        return Optional.of(
                new TemperatureShape(floor, (float) text.number("attn_scale", 0, 1e6, 0.1)));
    }

    private RopeShape rope(int headSize) {
        Optional<JsonSection> parameters = text.section("rope_parameters");
        double theta = theta(text, llama4 ? 500_000 : 10_000);
        if (parameters.isPresent()) {
            if (!parameters.get().sections().isEmpty()) {
                throw text.failure("rope_parameters", "differ by kind of layer");
            }
            theta = theta(parameters.get(), theta);
        }
        List<Scaling> scalings =
                parameters
                        .or(() -> text.section("rope_scaling"))
                        .flatMap(ModelConfig::scaling)
                        .stream()
                        .toList();
        return new RopeShape(
                llama4 ? Pairing.ADJACENT : Pairing.HALVES,
                RopeFrequencies.of(headSize, theta, scalings));
    }

    private static double theta(JsonSection section, double otherwise) {
        return section.number("rope_theta", 1, 1e15, otherwise);
    }

    private static Optional<Scaling> scaling(JsonSection section) {
        refusePartialRotation(section);
        String type = section.text("rope_type").or(() -> section.text("type")).orElse("default");
        return switch (type) {
            case "default" -> Optional.empty();
            case "linear" -> Optional.of(new Scaling.Linear(needed(section, "factor")));
            case "llama3" -> {
                double low = needed(section, "low_freq_factor");
                double high = needed(section, "high_freq_factor");
                if (high < low) {
                    throw section.failure(
                            "high_freq_factor",
                            "is " + high + ", less than the low_freq_factor " + low);
                }
                yield Optional.of(
                        new Scaling.Llama3(
                                needed(section, "factor"),
                                low,
                                high,
                                needed(section, "original_max_position_embeddings")));
            }
            default ->
                    throw section.failure(
                            "rope_type",
                            "is " + Excerpt.of(type) + ", expected default, linear or llama3");
        };
    }

    private static double needed(JsonSection section, String key) {
        if (!section.has(key)) {
            throw section.failure(key, "is missing");
        }
        return section.number(key, 1e-6, 1e12, 1);
    }
}
