package org.scout4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A small safetensors file, read as plainly as possible: the judge of what the command writes. */
record Safetensors(JsonNode header, ByteBuffer data) {

    static Safetensors read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);
        return new Safetensors(
                JsonMapper.shared().readTree(new String(header, StandardCharsets.UTF_8)),
                bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    Set<String> names() {
        return new TreeSet<>(header.propertyNames());
    }

    long[] shape(String name) {
        return header.path(name)
                .path("shape")
                .valueStream()
                .mapToLong(JsonNode::longValue)
                .toArray();
    }

    float[] floats(String name) {
        ByteBuffer bytes = bytes(name, "F32");
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    int[] ints(String name) {
        ByteBuffer bytes = bytes(name, "I32");
        int[] values = new int[bytes.remaining() / Integer.BYTES];
        bytes.asIntBuffer().get(values);
        return values;
    }

    private ByteBuffer bytes(String name, String dtype) {
        JsonNode entry = header.path(name);
        if (!entry.path("dtype").stringValue("absent").equals(dtype)) {
            throw new IllegalArgumentException(name + " is " + entry);
        }
        int from = entry.path("data_offsets").path(0).intValue();
        int to = entry.path("data_offsets").path(1).intValue();
        return data.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    }
}
