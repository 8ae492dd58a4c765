package org.scout4j.checkpoint.safetensors;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.scout4j.checkpoint.ModelShape;

/** A config.json to be bent by tests: keys with their values as JSON text. */
final class SmallConfig {
    static final Path FILE = Path.of("config.json");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Llama 4 of four layers: experts in 1 and 3, no rotation in 3. */
    static SmallConfig llama4() {
        return new SmallConfig()
                .with("model_type", "\"llama4_text\"")
                .with("vocab_size", "7")
                .with("hidden_size", "8")
                .with("num_hidden_layers", "4")
                .with("num_attention_heads", "4")
                .with("num_key_value_heads", "2")
                .with("head_dim", "6")
                .with("intermediate_size", "5")
                .with("intermediate_size_mlp", "10")
                .with("num_local_experts", "3")
                .with("num_experts_per_tok", "1")
                .with("interleave_moe_layer_step", "2");
    }

    static SmallConfig llama() {
        return new SmallConfig()
                .with("model_type", "\"llama\"")
                .with("vocab_size", "7")
                .with("hidden_size", "8")
                .with("num_hidden_layers", "2")
                .with("num_attention_heads", "4")
                .with("intermediate_size", "10");
    }

    SmallConfig with(String key, String json) {
        values.put(key, json);
        return this;
    }

    SmallConfig without(String key) {
        values.remove(key);
        return this;
    }

    ModelConfig parse() {
        return ModelConfig.parse(FILE, json().getBytes(StandardCharsets.UTF_8));
    }

    ModelShape shape() {
        return parse().shape(false, Optional.empty());
    }

    String json() {
        return values.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(",\n", "{", "}"));
    }
}
