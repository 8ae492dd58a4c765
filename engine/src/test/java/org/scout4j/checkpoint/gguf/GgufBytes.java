package org.scout4j.checkpoint.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Writes GGUF files from the format's description, right or wrong as a test needs them. Values of
 * tensors count up, so that every element of a file is another.
 */
final class GgufBytes {
    static final Path FILE = Path.of("model.gguf");

    static final int U8 = 0;
    static final int U32 = 4;
    static final int I32 = 5;
    static final int F32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int U64 = 10;

    static final int TYPE_F32 = 0;
    static final int TYPE_Q8_0 = 8;

    private final Map<String, byte[]> pairs = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private int version = 3;
    private int alignment = 32;
    private long claimedTensors = -1;
    private long claimedPairs = -1;
    private LongUnaryOperator offset = planned -> planned;
    private int counter = 1;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tensor(int type, long[] extents, byte[] data) {}

    GgufBytes version(int number) {
        version = number;
        return this;
    }

    GgufBytes claim(long tensorCount, long pairCount) {
        claimedTensors = tensorCount;
        claimedPairs = pairCount;
        return this;
    }

    /** How the offset that is written comes from the right one. */
    GgufBytes offsets(LongUnaryOperator change) {
        offset = change;
        return this;
    }

    GgufBytes alignment(int bytes) {
        alignment = bytes;
        return u32("general.alignment", bytes);
    }

    GgufBytes text(String key, String value) {
        return pair(key, STRING, string(value));
    }

    GgufBytes u32(String key, long value) {
        return pair(key, U32, le(4).putInt((int) value).array());
    }

    GgufBytes f32(String key, float value) {
        return pair(key, F32, le(4).putFloat(value).array());
    }

    GgufBytes flag(String key, boolean value) {
        return pair(key, BOOL, new byte[] {(byte) (value ? 1 : 0)});
    }

    GgufBytes texts(String key, List<String> values) {
        byte[][] each = values.stream().map(GgufBytes::string).toArray(byte[][]::new);
        return array(key, STRING, values.size(), join(each));
    }

    GgufBytes ints(String key, int... values) {
        byte[] all = new byte[4 * values.length];
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
        return array(key, I32, values.length, all);
    }

    GgufBytes array(String key, int element, long count, byte[] content) {
        return pair(
                key,
                ARRAY,
                join(le(4).putInt(element).array(), le(8).putLong(count).array(), content));
    }

    GgufBytes pair(String key, int type, byte[] value) {
        pairs.put(key, join(le(4).putInt(type).array(), value));
        return this;
    }

    GgufBytes without(String name) {
        pairs.remove(name);
        tensors.remove(name);
        return this;
    }

    /** An F32 tensor, fastest dimension first. */
    GgufBytes tensor(String name, long... extents) {
        long elements = 1;
        for (long extent : extents) {
            elements *= extent;
        }
        byte[] data = new byte[Math.toIntExact(4 * elements)];
        FloatBuffer values = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (values.hasRemaining()) {
            values.put(counter++);
        }
        return tensor(name, TYPE_F32, extents, data);
    }

    GgufBytes tensor(String name, int type, long[] extents, byte[] data) {
        tensors.put(name, new Tensor(type, extents, data));
        return this;
    }

    MemorySegment segment() {
        return MemorySegment.ofArray(bytes()).asReadOnly();
    }

    GgufFile parse() {
        return GgufFile.parse(FILE, segment());
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(le(4).putInt(version).array());
        out.writeBytes(
                le(8).putLong(claimedTensors >= 0 ? claimedTensors : tensors.size()).array());
        out.writeBytes(le(8).putLong(claimedPairs >= 0 ? claimedPairs : pairs.size()).array());
        pairs.forEach((key, value) -> {
            out.writeBytes(string(key));
            out.writeBytes(value);
        });
        long planned = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            out.writeBytes(string(tensor.getKey()));
            Tensor t = tensor.getValue();
            out.writeBytes(le(4).putInt(t.extents().length).array());
            for (long extent : t.extents()) {
                out.writeBytes(le(8).putLong(extent).array());
            }
            out.writeBytes(le(4).putInt(t.type()).array());
            out.writeBytes(le(8).putLong(offset.applyAsLong(planned)).array());
            planned += pad(t.data().length);
        }
        out.writeBytes(new byte[pad(out.size()) - out.size()]);
        for (Tensor tensor : tensors.values()) {
            out.writeBytes(tensor.data());
            out.writeBytes(new byte[pad(tensor.data().length) - tensor.data().length]);
        }
        return out.toByteArray();
    }

    private int pad(int length) {
        return Math.ceilDiv(length, alignment) * alignment;
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return join(le(8).putLong(utf8.length).array(), utf8);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static ByteBuffer le(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
