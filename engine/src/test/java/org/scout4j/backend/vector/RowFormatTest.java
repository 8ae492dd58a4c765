package org.scout4j.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.backend.SyntheticWeights;
import org.scout4j.checkpoint.TensorSource;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.WeightDecoder;

/** Kernels decode to the very values of the tensor room's decoder. */
class RowFormatTest {

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void decodesToTheSameValues(int bits) {
        Kernels kernels = Kernels.of(bits);
        kernels.formats().forEach((dtype, format) -> check(kernels, dtype, format));
    }

    private static void check(Kernels kernels, DType dtype, RowFormat format) {
        SplittableRandom random = new SplittableRandom(1);
        int lanes = kernels.lanes();
        int block = dtype.blockElements();
        for (int columns :
                new int[] {block, 3 * block, 1024, block < 32 ? 77 / block * block : 512}) {
            TensorSource source = SyntheticWeights.matrix(dtype, 1, columns, random);
            float[] expected = SyntheticWeights.decoded(source);
            float[] panel = new float[Panels.GROUPS * Panels.GROUP * Panels.ROWS];
            Arrays.fill(panel, Float.NaN);
            int row = random.nextInt(Panels.ROWS);
            try (Arena arena = Arena.ofConfined()) {
                // Not at an aligned address: rows of blocks never are.
                MemorySegment bytes = arena.allocate(source.bytes().byteSize() + 2, 2);
                MemorySegment.copy(source.bytes(), 0, bytes, 2, source.bytes().byteSize());
                format.decode(bytes, 2, columns, panel, row * lanes, new byte[RowFormat.SPARE]);
            }
            int padded = Math.ceilDiv(columns, Panels.GROUP) * Panels.GROUP;
            for (int c = 0; c < padded; c++) {
                int at = place(lanes, c, row);
                // Adding zero makes 0 of −0: they are the same value.
                assertThat(panel[at] + 0f)
                        .as("%s, column %d of %d", dtype, c, columns)
                        .isEqualTo(c < columns ? expected[c] + 0f : 0f);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyFloat8(int bits) {
        Kernels kernels = Kernels.of(bits);
        RowFormat format = Lanes.kernels(RowFormat.class, F8Rows.class, bits);
        float[] panel = new float[Panels.GROUPS * Panels.GROUP * Panels.ROWS];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(256);
            for (int i = 0; i < 256; i++) {
                bytes.set(ValueLayout.JAVA_BYTE, i, (byte) i);
            }
            format.decode(bytes, 0, 256, panel, 0, new byte[RowFormat.SPARE]);
            for (int i = 0; i < 256; i++) {
                float expected = WeightDecoder.element(DType.F8_E4M3, bytes, i);
                float actual = panel[place(kernels.lanes(), i, 0)];
                assertThat(Float.compare(actual, expected)).as("e4m3 %x", i).isZero();
            }
        }
    }

    /** Where column c of a row lies in a panel. */
    private static int place(int lanes, int c, int row) {
        int group = c / Panels.GROUP;
        int vector = c % Panels.GROUP / lanes;
        return (vector * Panels.CHAIN + group * Panels.ROWS + row) * lanes + c % lanes;
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyFloat16AndBfloat16(int bits) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(1 << 17, 2);
            for (int i = 0; i < 1 << 16; i++) {
                bytes.set(ValueLayout.JAVA_BYTE, 2 * i, (byte) i);
                bytes.set(ValueLayout.JAVA_BYTE, 2 * i + 1, (byte) (i >>> 8));
            }
            float[] run = new float[1 << 16];
            RunFormat half = Lanes.kernels(RunFormat.class, F16Rows.class, bits);
            half.decodeRun(bytes, 0, run.length, run, 0);
            for (int i = 0; i < run.length; i++) {
                float expected = Float.float16ToFloat((short) i);
                assertThat(Float.compare(run[i], expected)).as("float16 %x", i).isZero();
            }
            RunFormat brain = Lanes.kernels(RunFormat.class, Bf16Rows.class, bits);
            // From an odd element on: runs need no alignment.
            brain.decodeRun(bytes, 2, run.length - 1, run, 0);
            for (int i = 1; i < run.length; i++) {
                float expected = Float.intBitsToFloat(i << 16);
                assertThat(Float.compare(run[i - 1], expected)).as("bfloat16 %x", i).isZero();
            }
        }
    }
}
