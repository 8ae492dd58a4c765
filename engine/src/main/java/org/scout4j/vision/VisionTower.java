package org.scout4j.vision;

import java.util.List;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Tensor;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.VisionShape;

/** The tower. */
public final class VisionTower implements VisionEncoder {
    public VisionTower(Checkpoint checkpoint, Backend backend, int tilesAtOnce) {}

    public static int tilesAtOnce(VisionShape shape) {
        return Math.max(1, 1024 / (shape.patches() + 1));
    }

    @Override
    public int tokensPerTile() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int tileSize() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void encode(List<Tile> tiles, Tensor out, int[] firstRows) {
        throw new UnsupportedOperationException();
    }
}
