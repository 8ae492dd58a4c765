package org.scout4j;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.scout4j.tensor.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A golden safetensors file, read whole. Independent of the engine's own reader so that it can
 * judge it.
 */
public final class SafetensorsFixture {
    private final String path;
    private final ByteBuffer data;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private record Entry(String dtype, Shape shape, int begin, int end) {
        int count() {
            return Math.toIntExact(shape.elements());
        }
    }

    private SafetensorsFixture(String path, byte[] file) {
        this.path = path;
        ByteBuffer whole = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(whole.getLong());
        int dataBegin = Long.BYTES + headerLength;
        this.data = whole.slice(dataBegin, file.length - dataBegin).order(ByteOrder.LITTLE_ENDIAN);
        String header = new String(file, Long.BYTES, headerLength, UTF_8);
        for (Map.Entry<String, JsonNode> property :
                JsonMapper.shared().readTree(header).properties()) {
            if (property.getKey().equals("__metadata__")) {
                property.getValue().properties().forEach(this::addMetadata);
            } else {
                entries.put(property.getKey(), entry(property.getValue()));
            }
        }
    }

    private void addMetadata(Map.Entry<String, JsonNode> property) {
        metadata.put(property.getKey(), property.getValue().asString());
    }

    private static Entry entry(JsonNode description) {
        JsonNode extents = description.get("shape");
        long[] shape = new long[extents.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = extents.get(i).asLong();
        }
        JsonNode offsets = description.get("data_offsets");
        return new Entry(
                description.get("dtype").asString(),
                Shape.of(shape),
                offsets.get(0).asInt(),
                offsets.get(1).asInt());
    }

    /**
     * Reads a file of {@code src/test/resources/golden}.
     *
     * @param path below {@code golden}, for example {@code quant/Q4_K.safetensors}
     */
    public static SafetensorsFixture open(String path) {
        String resource = "/golden/" + path;
        try (InputStream in = SafetensorsFixture.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no test resource " + resource);
            }
            return new SafetensorsFixture(path, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file that is not a test resource. */
    public static SafetensorsFixture open(Path file) {
        try {
            return new SafetensorsFixture(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tensors, in the order of the header. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    public boolean contains(String name) {
        return entries.containsKey(name);
    }

    /** The free-form pairs of the header. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** The JSON object that the generators leave under the metadata key {@code info}. */
    public JsonNode info() {
        return JsonMapper.shared().readTree(metadata.getOrDefault("info", "{}"));
    }

    /** The type as safetensors spells it: {@code F32}, {@code BF16}, {@code I32}, {@code U8}… */
    public String dtype(String name) {
        return find(name).dtype();
    }

    public Shape shape(String name) {
        return find(name).shape();
    }

    /** A copy of the stored bytes, little endian. */
    public byte[] bytes(String name) {
        Entry entry = find(name);
        byte[] bytes = new byte[entry.end() - entry.begin()];
        data.get(entry.begin(), bytes);
        return bytes;
    }

    /** The values of an F32, F16 or BF16 tensor. */
    public float[] floats(String name) {
        Entry entry = find(name);
        float[] values = new float[entry.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (entry.dtype()) {
                        case "F32" -> data.getFloat(entry.begin() + 4 * i);
                        case "F16" -> Float.float16ToFloat(data.getShort(entry.begin() + 2 * i));
                        case "BF16" ->
                                Float.intBitsToFloat(data.getShort(entry.begin() + 2 * i) << 16);
                        default -> throw notA("floating-point", name, entry);
                    };
        }
        return values;
    }

    /** The values of an integer or boolean tensor; 64-bit ones must fit in 32 bits. */
    public int[] ints(String name) {
        Entry entry = find(name);
        int[] values = new int[entry.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (entry.dtype()) {
                        case "I64" -> Math.toIntExact(data.getLong(entry.begin() + 8 * i));
                        case "I32" -> data.getInt(entry.begin() + 4 * i);
                        case "U16" -> Short.toUnsignedInt(data.getShort(entry.begin() + 2 * i));
                        case "I16" -> data.getShort(entry.begin() + 2 * i);
                        case "I8" -> data.get(entry.begin() + i);
                        case "U8", "BOOL" -> Byte.toUnsignedInt(data.get(entry.begin() + i));
                        default -> throw notA("integer", name, entry);
                    };
        }
        return values;
    }

    private Entry find(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    path + " has no tensor " + name + ", only " + entries.keySet());
        }
        return entry;
    }

    private IllegalArgumentException notA(String kind, String name, Entry entry) {
        return new IllegalArgumentException(
                path + ": " + name + " is " + entry.dtype() + ", not a " + kind + " tensor");
    }
}
