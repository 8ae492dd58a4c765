package org.scout4j.checkpoint.safetensors;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes safetensors files from the format's description. Values of float tensors count up, so that
 * every element of a file is another.
 */
final class SafetensorsBytes {
    static final Path FILE = Path.of("model.safetensors");

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private int counter = 1;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tensor(String dtype, long[] shape, byte[] data) {}

    /** An F32 tensor. */
    SafetensorsBytes tensor(String name, long... shape) {
        long elements = 1;
        for (long extent : shape) {
            elements *= extent;
        }
        byte[] data = new byte[Math.toIntExact(4 * elements)];
        FloatBuffer values = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (values.hasRemaining()) {
            values.put(counter++);
        }
        return tensor(name, "F32", shape, data);
    }

    SafetensorsBytes tensor(String name, String dtype, long[] shape, byte[] data) {
        tensors.put(name, new Tensor(dtype, shape, data));
        return this;
    }

    SafetensorsBytes without(String name) {
        tensors.remove(name);
        return this;
    }

    SafetensorsFile parse() {
        return SafetensorsFile.parse(FILE, MemorySegment.ofArray(bytes()).asReadOnly());
    }

    byte[] bytes() {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        tensors.forEach((name, tensor) -> {
            header.append(",\"").append(name).append("\":{\"dtype\":\"");
            header.append(tensor.dtype()).append("\",\"shape\":");
            header.append(Arrays.toString(tensor.shape())).append(",\"data_offsets\":[");
            header.append(data.size()).append(',');
            data.writeBytes(tensor.data());
            header.append(data.size()).append("]}");
        });
        return file(header.append('}').toString(), data.toByteArray());
    }

    /** A file of any header. */
    static byte[] file(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return le(8 + json.length + data.length).putLong(json.length).put(json).put(data).array();
    }

    /** I32 values. */
    static byte[] words(int... values) {
        byte[] bytes = new byte[4 * values.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
        return bytes;
    }

    static ByteBuffer le(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
