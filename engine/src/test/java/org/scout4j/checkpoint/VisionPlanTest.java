package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Numbers of Scout's vision part (spec "Model" §7). */
class VisionPlanTest {
    private static final VisionShape SCOUT =
            new VisionShape(336, 14, 1408, 16, 34, 5632, 2, 4096, 10_000f, 1e-5f);
    private static final VisionPlan PLAN = new VisionPlan(SCOUT, 5120);

    @Test
    void scoutsParameters() {
        long adapter = elements(VisionRole.ADAPTER_IN, VisionRole.ADAPTER_OUT);
        assertThat(adapter).isEqualTo(39_845_888);
        assertThat(elements(VisionRole.PROJECTOR)).isEqualTo(20_971_520);
        assertThat(PLAN.parameters()).isEqualTo(871_932_416);
        assertThat(PLAN.parameters() - adapter - elements(VisionRole.PROJECTOR))
                .isEqualTo(811_115_008);
    }

    @Test
    void slotsAddUpToTheParameters() {
        assertThat(PLAN.slots().mapToLong(slot -> PLAN.extents(slot.role()).elements()).sum())
                .isEqualTo(PLAN.parameters());
    }

    @Test
    void scoutsTile() {
        assertThat(SCOUT.grid()).isEqualTo(24);
        assertThat(SCOUT.headSize()).isEqualTo(88);
        assertThat(SCOUT.tokensPerTile()).isEqualTo(144);
        assertThat(SCOUT.shuffledWidth()).isEqualTo(5632);
    }

    private static long elements(VisionRole... roles) {
        return Stream.of(roles).mapToLong(role -> PLAN.extents(role).elements()).sum();
    }
}
