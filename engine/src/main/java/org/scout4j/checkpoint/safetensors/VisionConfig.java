package org.scout4j.checkpoint.safetensors;

import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.VisionShape;

/**
 * {@code vision_config} of config.json (spec "Model" §1). What is absent gets the default of the
 * publisher's own library, which always computes the exact GELU, whatever {@code hidden_act} says.
 */
final class VisionConfig {
    private VisionConfig() {}

    /**
     * The numbers of the vision part.
     *
     * @throws org.scout4j.error.VerificationFailed naming the key that is out of range or
     *     contradicts another
     */
    static VisionShape read(JsonSection config) {
        requireColour(config);
        int hidden = config.whole("hidden_size", ModelLimit.WIDTH, 768);
        int width = config.whole("intermediate_size", ModelLimit.WIDTH, 5632);
        int shuffle = shuffle(config);
        long shuffled = (long) hidden * shuffle * shuffle;
        if (width != shuffled) {
            throw config.failure(
                    "intermediate_size",
                    "is "
                            + width
                            + ", expected "
                            + shuffled
                            + " = hidden_size / pixel_shuffle_ratio²");
        }
        return new VisionShape(
                config.whole("image_size", ModelLimit.IMAGE_SIDE, 448),
                config.whole("patch_size", ModelLimit.PATCH_SIDE, 14),
                hidden,
                config.whole("num_attention_heads", ModelLimit.HEADS, 16),
                config.whole("num_hidden_layers", ModelLimit.LAYERS, 34),
                width,
                shuffle,
                adapter(config),
                (float) config.number("rope_theta", 1, 1e15, 10_000),
                (float) config.number("norm_eps", 1e-12, 0.1, 1e-5));
    }

    private static void requireColour(JsonSection config) {
        int channels = config.whole("num_channels", ModelLimit.HEADS, 3);
        if (channels != 3) {
            throw config.failure("num_channels", "is " + channels + ", expected 3");
        }
    }

    /** Patches along a side of what becomes one token: the ratio's inverse. */
    private static int shuffle(JsonSection config) {
        double ratio = config.number("pixel_shuffle_ratio", 1.0 / 64, 1, 0.5);
        int shuffle = (int) Math.rint(1 / ratio);
        if (Math.abs(shuffle * ratio - 1) > 1e-6) {
            throw config.failure(
                    "pixel_shuffle_ratio", "is " + ratio + ", expected one over a whole number");
        }
        return shuffle;
    }

    private static int adapter(JsonSection config) {
        int in = config.whole("projector_input_dim", ModelLimit.WIDTH, 4096);
        int out = config.whole("projector_output_dim", ModelLimit.WIDTH, 4096);
        // Absent means as the projector's: the library's own default fits no published model.
        int vision = config.whole("vision_output_dim", ModelLimit.WIDTH, out);
        if (in != out || vision != out) {
            throw config.failure(
                    "projector_input_dim",
                    "is "
                            + in
                            + ", projector_output_dim "
                            + out
                            + ", vision_output_dim "
                            + vision
                            + "; expected the same number");
        }
        return out;
    }
}
