package org.scout4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class GridsTest {

    // zlib.crc32 of gguf 0.19.0's unpacked grids as int8.
    @Test
    void areThoseOfGguf() {
        assertThat(crc32(Grids.IQ2_XXS, 8)).isEqualTo(0x9924FF02L);
        assertThat(crc32(Grids.IQ2_XS, 8)).isEqualTo(0xFA1E1BFDL);
        assertThat(crc32(Grids.IQ2_S, 8)).isEqualTo(0x25AE5BF1L);
        assertThat(crc32(Grids.IQ3_XXS, 4)).isEqualTo(0x07BA9ED0L);
        assertThat(crc32(Grids.IQ3_S, 4)).isEqualTo(0xF576E4F3L);
        assertThat(crc32(Grids.IQ1, 8)).isEqualTo(0xB85E6CCFL);
    }

    private static long crc32(long[] grid, int length) {
        CRC32 crc = new CRC32();
        for (long entry : grid) {
            for (int i = 0; i < length; i++) {
                crc.update((int) (entry >>> (8 * i)));
            }
        }
        return crc.getValue();
    }
}
