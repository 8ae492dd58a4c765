package org.scout4j.vision;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.VisionRole;

/** The tower's weights as its backend holds them, positions and class token apart. */
record VisionWeights(
        Tensor patchEmbedding,
        Affine preNorm,
        List<Layer> layers,
        Affine postNorm,
        Tensor adapterIn,
        Tensor adapterOut,
        Tensor projector) {
    VisionWeights {
        layers = List.copyOf(layers);
    }

    /** A product or norm with what is added to it. */
    record Affine(Tensor weight, Tensor bias) {}

    /** One layer. */
    record Layer(
            Affine attentionNorm,
            Affine query,
            Affine key,
            Affine value,
            Affine output,
            Affine feedForwardNorm,
            Affine up,
            Affine down) {}

    /** Places all weights of a checkpoint that has a vision part. */
    static VisionWeights place(Checkpoint checkpoint, Backend backend, int layers) {
        Placing placing = new Placing(checkpoint, backend);
        List<Layer> placed = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            placed.add(placing.layer(layer));
        }
        return new VisionWeights(
                placing.one(VisionRole.PATCH_EMBEDDING, 0),
                placing.both(VisionRole.PRE_NORM, VisionRole.PRE_NORM_BIAS, 0),
                placed,
                placing.both(VisionRole.POST_NORM, VisionRole.POST_NORM_BIAS, 0),
                placing.one(VisionRole.ADAPTER_IN, 0),
                placing.one(VisionRole.ADAPTER_OUT, 0),
                placing.one(VisionRole.PROJECTOR, 0));
    }

    private record Placing(Checkpoint checkpoint, Backend backend) {

        Tensor one(VisionRole role, int layer) {
            return backend.place(checkpoint.visionWeight(role, layer));
        }

        Affine both(VisionRole weight, VisionRole bias, int layer) {
            return new Affine(one(weight, layer), one(bias, layer));
        }

        Layer layer(int layer) {
            return new Layer(
                    both(VisionRole.ATTENTION_NORM, VisionRole.ATTENTION_NORM_BIAS, layer),
                    both(VisionRole.QUERY, VisionRole.QUERY_BIAS, layer),
                    both(VisionRole.KEY, VisionRole.KEY_BIAS, layer),
                    both(VisionRole.VALUE, VisionRole.VALUE_BIAS, layer),
                    both(VisionRole.ATTENTION_OUTPUT, VisionRole.ATTENTION_OUTPUT_BIAS, layer),
                    both(VisionRole.FEED_FORWARD_NORM, VisionRole.FEED_FORWARD_NORM_BIAS, layer),
                    both(VisionRole.UP, VisionRole.UP_BIAS, layer),
                    both(VisionRole.DOWN, VisionRole.DOWN_BIAS, layer));
        }
    }
}
