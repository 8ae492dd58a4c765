package org.scout4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

class FiniteCheckTest {
    private static final Path FILE = Path.of("model.gguf");

    @Test
    void nanAndInfinityAreNamedInEveryPlainType() {
        assertRefused(DType.F32, buffer(16).putFloat(8, Float.NaN), 2);
        assertRefused(DType.F32, buffer(16).putFloat(12, Float.NEGATIVE_INFINITY), 3);
        assertRefused(DType.F64, buffer(16).putDouble(8, Double.NaN), 1);
        assertRefused(DType.F16, buffer(16).putShort(10, (short) 0xfc00), 5);
        assertRefused(DType.F16, buffer(16).putShort(10, (short) 0x7e01), 5);
        assertRefused(DType.BF16, buffer(16).putShort(0, (short) 0x7f80), 0);
        assertRefused(DType.BF16, buffer(16).putShort(14, (short) 0xffc0), 7);
    }

    @Test
    void theLargestFiniteNumbersPass() {
        assertPasses(DType.F32, buffer(4).putFloat(0, -Float.MAX_VALUE));
        assertPasses(DType.F64, buffer(8).putDouble(0, Double.MAX_VALUE));
        assertPasses(DType.F16, buffer(2).putShort(0, (short) 0xfbff));
        assertPasses(DType.BF16, buffer(2).putShort(0, (short) 0x7f7f));
    }

    @Test
    void theBudgetIsKept() {
        TensorSource bad = tensor(DType.F32, buffer(16).putFloat(8, Float.NaN));
        FiniteCheck small = new FiniteCheck(15);
        assertThatCode(() -> small.scan(FILE, bad)).doesNotThrowAnyException();
        FiniteCheck enough = new FiniteCheck(16);
        assertThatThrownBy(() -> enough.scan(FILE, bad)).isInstanceOf(VerificationFailed.class);
    }

    private static void assertRefused(DType dtype, ByteBuffer content, long element) {
        assertThatThrownBy(() -> FiniteCheck.requireFinite(FILE, tensor(dtype, content)))
                .isInstanceOf(VerificationFailed.class)
                .hasMessage("model.gguf: norm: element " + element + " is not a finite number");
    }

    private static void assertPasses(DType dtype, ByteBuffer content) {
        assertThatCode(() -> FiniteCheck.requireFinite(FILE, tensor(dtype, content)))
                .doesNotThrowAnyException();
    }

    private static TensorSource tensor(DType dtype, ByteBuffer content) {
        MemorySegment bytes = MemorySegment.ofBuffer(content.rewind());
        return TensorSource.rowMajor(
                "norm", dtype, Shape.of(bytes.byteSize() / dtype.blockBytes()), bytes);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
