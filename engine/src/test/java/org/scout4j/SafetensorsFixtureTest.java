package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.scout4j.tensor.Shape;

class SafetensorsFixtureTest {

    // The file's own header and the spec of E4M3FN (byte 0x38 is 1, 0xFE is -448) say what to
    // expect.
    @Test
    void readsNamesTypesShapesAndValues() {
        SafetensorsFixture fixture = SafetensorsFixture.open("quant/FP8.safetensors");

        assertThat(fixture.names()).containsExactlyInAnyOrder("raw", "e4m3fn", "e5m2");
        assertThat(fixture.dtype("raw")).isEqualTo("U8");
        assertThat(fixture.shape("e4m3fn")).isEqualTo(Shape.of(256, 1));
        assertThat(fixture.ints("raw")).startsWith(0, 1, 2).endsWith(254, 255);
        assertThat(fixture.bytes("raw")).endsWith((byte) 254, (byte) 255);
        assertThat(fixture.floats("e4m3fn")[0x38]).isEqualTo(1f);
        assertThat(fixture.floats("e4m3fn")[0xFE]).isEqualTo(-448f);
    }

    @Test
    void readsTheGeneratorsInformation() {
        SafetensorsFixture fixture = SafetensorsFixture.open("quant/Q4_K.safetensors");

        assertThat(fixture.metadata()).containsKey("info");
        assertThat(fixture.info().get("elements").asInt()).isEqualTo(256);
    }

    @Test
    void namesWhatIsMissing() {
        SafetensorsFixture fixture = SafetensorsFixture.open("quant/FP8.safetensors");

        assertThatThrownBy(() -> fixture.floats("weights"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weights")
                .hasMessageContaining("e4m3fn");
        assertThatThrownBy(() -> fixture.floats("raw")).hasMessageContaining("U8");
        assertThatThrownBy(() -> SafetensorsFixture.open("quant/NONE.safetensors"))
                .hasMessageContaining("golden/quant/NONE.safetensors");
    }
}
