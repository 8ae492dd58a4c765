package org.scout4j.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Floating-point numbers stored one by one. */
final class PlainFormats {
    /** The value of every byte: looking up is faster than computing, which has to find the NaNs. */
    private static final float[] E4M3 = new float[256];

    static {
        for (int bits = 0; bits < E4M3.length; bits++) {
            E4M3[bits] = NarrowFloats.fromE4m3((byte) bits);
        }
    }

    private PlainFormats() {}

    static void f64(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int i = 0; i < count; i++) {
            out[outOffset + i] = (float) bytes.get(LittleEndian.DOUBLE, offset + 8L * i);
        }
    }

    static void f32(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        MemorySegment.copy(bytes, LittleEndian.FLOAT, offset, out, outOffset, count);
    }

    static void f16(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int i = 0; i < count; i++) {
            out[outOffset + i] = LittleEndian.half(bytes, offset + 2L * i);
        }
    }

    static void bf16(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int i = 0; i < count; i++) {
            out[outOffset + i] =
                    NarrowFloats.fromBfloat16(bytes.get(LittleEndian.SHORT, offset + 2L * i));
        }
    }

    static void e4m3(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int i = 0; i < count; i++) {
            out[outOffset + i] = E4M3[LittleEndian.unsigned8(bytes, offset + i)];
        }
    }

    static void e5m2(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int i = 0; i < count; i++) {
            out[outOffset + i] =
                    NarrowFloats.fromE5m2(bytes.get(ValueLayout.JAVA_BYTE, offset + i));
        }
    }
}
