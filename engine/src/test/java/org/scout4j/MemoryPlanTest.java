package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.vision.VisionTower;

class MemoryPlanTest {

    /** 126 896 parameters in F32, the buffers of the tower, and no more cache than without. */
    @Test
    void theVisionPartCounts() {
        Path model = golden("gguf/scout-tiny.q4_0.gguf");
        Path part = golden("mmproj/scout-mm-tiny.mmproj.f32.gguf");
        VisionShape shape = new VisionShape(84, 14, 48, 4, 3, 192, 2, 40, 10_000f, 1e-5f);
        int tiles = VisionTower.tilesAtOnce(shape);
        assertThat(tiles).isEqualTo(512 / 37);

        MemoryPlan text = Scout.plan(model, LoadOptions.defaults());
        MemoryPlan both = Scout.plan(model, LoadOptions.builder().mmproj(part).build());

        assertThat(both.weightBytes() - text.weightBytes()).isEqualTo(4 * 126_896);
        assertThat(both.workBytes() - text.workBytes())
                .isEqualTo(VisionTower.workBytes(shape, 64, tiles) + 64L * 9 * 64 * Float.BYTES);
        assertThat(both.cacheBytes()).isEqualTo(text.cacheBytes());
    }
}
