package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.ModelShape.LayerShape;
import org.scout4j.checkpoint.ModelShape.Pairing;
import org.scout4j.checkpoint.ModelShape.RopeShape;

/** The published models' sizes, spec "Model" §7. */
class WeightPlanTest {

    @Test
    void scoutHas107BillionParametersAndUsesSixteenOfThem() {
        WeightPlan plan =
                new WeightPlan(
                        model(
                                IntStream.range(0, 48)
                                        .mapToObj(i -> new LayerShape(i % 4 != 3, 16, 8192))
                                        .toList()));
        assertThat(plan.parameters()).isEqualTo(107_769_861_120L);
        assertThat(plan.activeParameters()).isEqualTo(16_137_912_320L);
    }

    @Test
    void maverickHas400BillionParameters() {
        WeightPlan plan =
                new WeightPlan(
                        model(
                                IntStream.range(0, 48)
                                        .mapToObj(i ->
                                                i % 2 == 1
                                                        ? new LayerShape(i % 4 != 3, 128, 8192)
                                                        : new LayerShape(i % 4 != 3, 0, 16_384))
                                        .toList()));
        assertThat(plan.parameters()).isEqualTo(400_711_848_960L);
    }

    private static ModelShape model(List<LayerShape> layers) {
        return new ModelShape(
                "llama4",
                202_048,
                5120,
                40,
                8,
                128,
                layers,
                1e-5f,
                new RopeShape(Pairing.ADJACENT, List.of()),
                8192,
                true,
                Optional.empty(),
                1,
                false,
                10_485_760,
                Optional.of(200_000),
                List.of(200_001, 200_007, 200_008),
                Optional.empty());
    }
}
