package org.scout4j.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * The validated numbers of a model, from config.json or GGUF metadata (spec "Model" §1, §5.3).
 * Every value has been checked: positive, consistent with the others, within what memory could ever
 * hold.
 *
 * @param architecture {@code llama4} or {@code llama}
 * @param vocabulary number of token ids
 * @param hidden width of the residual stream
 * @param heads query heads
 * @param kvHeads key/value heads; divides {@code heads}
 * @param headSize elements of one head; {@code heads * headSize} need not equal {@code hidden}
 * @param layers one entry a layer, in order
 * @param normEpsilon added to the mean square in every RMS norm, also that of queries and keys
 * @param rope rotary frequencies, for the layers that rotate
 * @param attentionChunk positions that a rotary layer of Llama 4 sees at once (aligned to multiples
 *     of itself); 0 when there are no chunks
 * @param normaliseQueriesAndKeys whether rotary layers normalise queries and keys per head
 * @param temperature attention temperature of the unrotated layers; empty when switched off
 * @param expertsPerToken routed experts used for one token; 0 without expert layers
 * @param tiedEmbeddings the output head is the embedding table
 * @param contextLength largest position the publisher claims plus one
 * @param bosToken token that begins a sequence, where the file names one
 * @param stopTokens tokens that end a generation (end of text, of message, of turn)
 * @param vision the vision tower; empty for a checkpoint that reads text only
 */
public record ModelShape(
        String architecture,
        int vocabulary,
        int hidden,
        int heads,
        int kvHeads,
        int headSize,
        List<LayerShape> layers,
        float normEpsilon,
        RopeShape rope,
        int attentionChunk,
        boolean normaliseQueriesAndKeys,
        Optional<TemperatureShape> temperature,
        int expertsPerToken,
        boolean tiedEmbeddings,
        long contextLength,
        Optional<Integer> bosToken,
        List<Integer> stopTokens,
        Optional<VisionShape> vision) {

    public ModelShape {
        layers = List.copyOf(layers);
        stopTokens = List.copyOf(stopTokens);
    }

    /** The same model with this vision part. */
    public ModelShape withVision(VisionShape part) {
        return new ModelShape(
                architecture,
                vocabulary,
                hidden,
                heads,
                kvHeads,
                headSize,
                layers,
                normEpsilon,
                rope,
                attentionChunk,
                normaliseQueriesAndKeys,
                temperature,
                expertsPerToken,
                tiedEmbeddings,
                contextLength,
                bosToken,
                stopTokens,
                Optional.of(part));
    }

    /**
     * One layer.
     *
     * @param rotary rotary positions (and chunked attention, if the model has chunks); otherwise no
     *     positions and full attention
     * @param experts number of routed experts; 0 for a dense layer
     * @param width inner width: of the dense feed-forward, or of each expert and the shared expert
     */
    public record LayerShape(boolean rotary, int experts, int width) {}

    /**
     * Rotary position embedding.
     *
     * @param pairing which two elements of a head are rotated together
     * @param frequencies radians a position, scaled as the file asks (spec §2.3); one a pair
     */
    public record RopeShape(Pairing pairing, List<Float> frequencies) {
        public RopeShape {
            frequencies = List.copyOf(frequencies);
        }
    }

    /** Which two elements of a head are rotated together. */
    public enum Pairing {
        /** (2j, 2j + 1): Llama 4, and every GGUF file. */
        ADJACENT,
        /** (j, j + size / 2): dense Llama from Hugging Face. */
        HALVES
    }

    /**
     * Attention temperature: queries at position p are multiplied by {@code 1 + scale * ln(1 +
     * floor((p + 1) / floor))}.
     */
    public record TemperatureShape(long floor, float scale) {}
}
