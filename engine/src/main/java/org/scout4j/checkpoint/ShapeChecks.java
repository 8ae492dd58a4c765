package org.scout4j.checkpoint;

import java.nio.file.Path;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.error.VerificationFailed;

/** What the numbers of a model must satisfy together; each alone was checked where it was read. */
final class ShapeChecks {
    private ShapeChecks() {}

    /**
     * Checks a shape as a whole.
     *
     * @param file where the numbers come from, for messages
     * @throws VerificationFailed naming the numbers that contradict each other
     */
    static void requireConsistent(Path file, ModelShape shape) {
        require(
                shape.heads() % shape.kvHeads() == 0,
                file,
                shape.heads() + " heads cannot share " + shape.kvHeads() + " key/value heads");
        require(
                shape.headSize() % 2 == 0,
                file,
                "head size " + shape.headSize() + " is odd, rotary positions need pairs");
        long queries = (long) shape.heads() * shape.headSize();
        require(
                ModelLimit.WIDTH.admits(queries),
                file,
                shape.heads() + " heads of " + shape.headSize() + " are wider than any model");
        long matrices = shape.layers().stream().mapToLong(LayerShape::experts).sum();
        require(
                ModelLimit.EXPERT_MATRICES.admits(matrices),
                file,
                matrices + " experts over all layers are more than any model has");
        requireRouting(file, shape);
        for (float frequency : shape.rope().frequencies()) {
            require(
                    Float.isFinite(frequency) && frequency > 0,
                    file,
                    "rotary frequency " + frequency + " is not a positive number");
        }
        shape.bosToken().ifPresent(token -> requireToken(file, shape, token));
        shape.stopTokens().forEach(token -> requireToken(file, shape, token));
    }

    /**
     * Checks the numbers of a vision part together.
     *
     * @param file where the numbers come from, for messages
     * @throws VerificationFailed naming the numbers that contradict each other
     */
    static void requireConsistent(Path file, VisionShape vision) {
        require(
                vision.imageSize() % vision.patchSize() == 0,
                file,
                "patches of "
                        + vision.patchSize()
                        + " pixels do not divide tiles of "
                        + vision.imageSize());
        long grid = vision.grid();
        require(
                ModelLimit.PATCHES.admits(grid * grid),
                file,
                grid * grid + " patches in a tile are more than any model has");
        require(
                grid % vision.shuffle() == 0,
                file,
                "squares of "
                        + vision.shuffle()
                        + " by "
                        + vision.shuffle()
                        + " patches do not divide a grid of "
                        + grid);
        require(
                vision.hidden() % vision.heads() == 0 && vision.headSize() % 4 == 0,
                file,
                vision.heads()
                        + " heads do not divide the vision width "
                        + vision.hidden()
                        + " into heads of a multiple of 4");
        long shuffled = (long) vision.hidden() * vision.shuffle() * vision.shuffle();
        require(
                ModelLimit.WIDTH.admits(shuffled),
                file,
                "shuffled patches of " + shuffled + " numbers are wider than any model");
    }

    private static void requireRouting(Path file, ModelShape shape) {
        for (LayerShape layer : shape.layers()) {
            require(
                    layer.experts() == 0
                            || (shape.expertsPerToken() > 0
                                    && shape.expertsPerToken() <= layer.experts()),
                    file,
                    shape.expertsPerToken()
                            + " experts for one token cannot be chosen from "
                            + layer.experts());
        }
    }

    private static void requireToken(Path file, ModelShape shape, int token) {
        require(
                token >= 0 && token < shape.vocabulary(),
                file,
                "special token " + token + " lies outside the vocabulary of " + shape.vocabulary());
    }

    private static void require(boolean holds, Path file, String otherwise) {
        if (!holds) {
            throw new VerificationFailed(file, otherwise);
        }
    }
}
