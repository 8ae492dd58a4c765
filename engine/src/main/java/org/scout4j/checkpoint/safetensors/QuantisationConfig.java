package org.scout4j.checkpoint.safetensors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;

/**
 * What {@code quantization_config} says (spec "Model" §5.4). Which tensors are quantised and how is
 * seen in the files; this only tells the sizes of groups where shapes leave them open, and refuses
 * kinds that cannot be read.
 *
 * @param groups numbers of neighbours in a row that share a scale factor
 * @param blocks rectangles that share a scale factor
 */
record QuantisationConfig(List<Long> groups, List<Block> blocks) {

    /** A rectangle of weights with one scale factor. */
    record Block(long rows, long columns) {}

    QuantisationConfig {
        groups = List.copyOf(groups);
        blocks = List.copyOf(blocks);
    }

    /**
     * Looks for the configuration.
     *
     * @param sections where the key may stand, first come first served
     * @throws org.scout4j.error.VerificationFailed naming a kind that is not supported
     */
    static Optional<QuantisationConfig> find(List<JsonSection> sections) {
        for (JsonSection section : sections) {
            for (String key : List.of("quantization_config", "compression_config")) {
                Optional<JsonSection> found = section.section(key);
                if (found.isPresent()) {
                    return found.map(QuantisationConfig::read);
                }
            }
        }
        return Optional.empty();
    }

    private static QuantisationConfig read(JsonSection config) {
        String method = config.text("quant_method").orElse("compressed-tensors");
        return switch (method) {
            case "compressed-tensors" -> compressedTensors(config);
            case "fbgemm_fp8" -> new QuantisationConfig(List.of(), List.of());
            case "fp8" ->
                    new QuantisationConfig(
                            List.of(), block(config, "weight_block_size").stream().toList());
            default ->
                    throw config.failure(
                            "quant_method",
                            "is "
                                    + Excerpt.of(method)
                                    + ", expected compressed-tensors, fbgemm_fp8 or fp8");
        };
    }

    private static QuantisationConfig compressedTensors(JsonSection config) {
        requireFormat(config);
        config.section("sparsity_config").ifPresent(QuantisationConfig::requireDense);
        config.section("transform_config")
                .flatMap(transform -> transform.section("config_groups"))
                .filter(groups -> !groups.sections().isEmpty())
                .ifPresent(_ -> {
                    throw config.failure(
                            "transform_config",
                            "asks for rotations of activations, which are not supported");
                });
        List<Long> groups = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        config.section("config_groups").stream()
                .flatMap(all -> all.sections().stream())
                .forEach(group -> {
                    requireFormat(group);
                    group.section("weights")
                            .ifPresent(weights -> addWeights(weights, groups, blocks));
                });
        return new QuantisationConfig(groups, blocks);
    }

    private static void addWeights(JsonSection weights, List<Long> groups, List<Block> blocks) {
        String type = weights.text("type").orElse("int");
        long bits = weights.whole("num_bits", ModelLimit.HEADS).orElse(8L);
        boolean known =
                switch (type) {
                    case "int" -> bits == 4 || bits == 8;
                    case "float" -> bits == 8;
                    default -> false;
                };
        if (!known) {
            throw weights.failure(
                    "num_bits",
                    "and type are "
                            + bits
                            + " and "
                            + Excerpt.of(type)
                            + "; 4 or 8 int and 8 float are supported");
        }
        // Some write −1 where there are no groups.
        if (weights.number("group_size", -1, (double) ModelLimit.GROUP.most(), -1) >= 1) {
            weights.whole("group_size", ModelLimit.GROUP).ifPresent(groups::add);
        }
        block(weights, "block_structure").ifPresent(blocks::add);
    }

    private static Optional<Block> block(JsonSection section, String key) {
        List<Long> sides = section.wholes(key, ModelLimit.GROUP, 2);
        return sides.size() == 2
                ? Optional.of(new Block(sides.get(0), sides.get(1)))
                : Optional.empty();
    }

    private static void requireFormat(JsonSection section) {
        String format = section.text("format").orElse("dense");
        switch (format) {
            case "pack-quantized",
                    "float-quantized",
                    "int-quantized",
                    "naive-quantized",
                    "mixed-precision",
                    "dense" -> {}
            default ->
                    throw section.failure(
                            "format",
                            "is "
                                    + Excerpt.of(format)
                                    + ", expected pack-quantized, float-quantized or"
                                    + " int-quantized");
        }
    }

    private static void requireDense(JsonSection sparsity) {
        String format = sparsity.text("format").orElse("dense");
        if (!format.equals("dense")) {
            throw sparsity.failure("format", "is " + Excerpt.of(format) + ", expected dense");
        }
    }
}
