package org.scout4j.checkpoint.safetensors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

/**
 * One safetensors file, its header checked: eight bytes of length, a JSON object of tensors, then
 * their data without gap or overlap, each as long as its type and shape say.
 *
 * @param tensors in the order of their data
 */
record SafetensorsFile(Path path, List<StoredTensor> tensors) {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The bound of the format's own library. */
    private static final long LONGEST_HEADER = 100_000_000;

    private static final int MOST_DIMENSIONS = 8;
    private static final String METADATA = "__metadata__";

    // The document is bounded by the header's length, the tokens by it and the number of tensors.
    private static final JsonFactory JSON =
            JsonSection.factory(
                    StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNumberLength(32)
                            .maxNameLength(4096)
                            .maxStringLength(16 << 20)
                            .build());

    SafetensorsFile {
        tensors = List.copyOf(tensors);
    }

    /** A tensor as the header announces it. */
    private record Announced(String name, DType dtype, Shape shape, long begin, long end) {}

    /**
     * Checks the header of a file's bytes.
     *
     * @param path for messages
     * @throws VerificationFailed naming what is wrong
     */
    static SafetensorsFile parse(Path path, MemorySegment bytes) {
        if (bytes.byteSize() < Long.BYTES) {
            throw new VerificationFailed(path, "too short for a safetensors file");
        }
        long length = bytes.get(LONG, 0);
        long most = Math.min(LONGEST_HEADER, bytes.byteSize() - Long.BYTES);
        if (length < 2 || length > most) {
            throw new VerificationFailed(
                    path,
                    "not a safetensors file, or cut: its header claims "
                            + Long.toUnsignedString(length)
                            + " bytes, at most "
                            + most
                            + " are possible");
        }
        List<Announced> announced = announced(path, bytes.asSlice(Long.BYTES, length));
        return new SafetensorsFile(
                path, located(path, bytes.asSlice(Long.BYTES + length), announced));
    }

    private static List<Announced> announced(Path path, MemorySegment header) {
        try (JsonParser parser =
                JSON.createParser(
                        ObjectReadContext.empty(),
                        JsonSection.utf8(new ByteBufferBackedInputStream(header.asByteBuffer())))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new VerificationFailed(path, "the header is not a JSON object");
            }
            List<Announced> tensors = new ArrayList<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals(METADATA)) {
                    parser.skipChildren();
                } else {
                    tensors.add(announced(path, parser, name));
                }
                if (!ModelLimit.TENSORS.admits(tensors.size())) {
                    throw new VerificationFailed(path, "more tensors than any model has");
                }
            }
            if (parser.nextToken() != null) {
                throw new VerificationFailed(path, "the header goes on behind its JSON object");
            }
            return tensors;
        } catch (JacksonException e) {
            throw JsonSection.malformed(path, e);
        }
    }

    private static Announced announced(Path path, JsonParser parser, String name) {
        requireToken(path, parser, name, JsonToken.START_OBJECT);
        Optional<DType> dtype = Optional.empty();
        long @Nullable [] extents = null;
        long @Nullable [] offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> dtype = Optional.of(dtype(path, parser, name));
                case "shape" -> extents = numbers(path, parser, name, MOST_DIMENSIONS);
                case "data_offsets" -> offsets = numbers(path, parser, name, 2);
                default -> parser.skipChildren();
            }
        }
        if (dtype.isEmpty() || extents == null || offsets == null || offsets.length != 2) {
            throw failure(path, name, "lacks one of dtype, shape and two data_offsets");
        }
        try {
            return new Announced(name, dtype.get(), Shape.of(extents), offsets[0], offsets[1]);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw failure(path, name, "has an impossible shape: " + e.getMessage());
        }
    }

    private static DType dtype(Path path, JsonParser parser, String name) {
        requireToken(path, parser, name, JsonToken.VALUE_STRING);
        String dtype = parser.getString();
        return switch (dtype) {
            case "F64" -> DType.F64;
            case "F32" -> DType.F32;
            case "F16" -> DType.F16;
            case "BF16" -> DType.BF16;
            case "F8_E4M3" -> DType.F8_E4M3;
            case "F8_E5M2" -> DType.F8_E5M2;
            case "I64" -> DType.I64;
            case "I32" -> DType.I32;
            case "I16" -> DType.I16;
            case "I8" -> DType.I8;
            case "U8" -> DType.U8;
            case "BOOL" -> DType.BOOL;
            default -> throw failure(path, name, "has the unknown type " + Excerpt.of(dtype));
        };
    }

    private static long[] numbers(Path path, JsonParser parser, String name, int most) {
        requireToken(path, parser, name, JsonToken.START_ARRAY);
        long[] numbers = new long[most];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            requireToken(path, parser, name, JsonToken.VALUE_NUMBER_INT);
            if (count == most) {
                throw failure(path, name, "has more than " + most + " dimensions or offsets");
            }
            numbers[count++] = parser.getLongValue();
        }
        return Arrays.copyOf(numbers, count);
    }

    private static void requireToken(
            Path path, JsonParser parser, String name, JsonToken expected) {
        if (parser.currentToken() != expected) {
            throw failure(
                    path, name, "is described by " + parser.currentToken() + ", not " + expected);
        }
    }

    private static List<StoredTensor> located(
            Path path, MemorySegment data, List<Announced> announced) {
        List<StoredTensor> tensors = new ArrayList<>();
        long end = 0;
        List<Announced> ordered =
                announced.stream()
                        .sorted(
                                Comparator.comparingLong(Announced::begin)
                                        .thenComparingLong(Announced::end))
                        .toList();
        for (Announced tensor : ordered) {
            requireExtent(path, tensor, end, data.byteSize());
            end = tensor.end();
            tensors.add(
                    new StoredTensor(
                            path,
                            tensor.name(),
                            tensor.dtype(),
                            tensor.shape(),
                            data.asSlice(tensor.begin(), tensor.end() - tensor.begin())));
        }
        if (end != data.byteSize()) {
            throw new VerificationFailed(
                    path,
                    "the tensors take "
                            + end
                            + " bytes, the file has "
                            + data.byteSize()
                            + ": bytes that no tensor claims");
        }
        return tensors;
    }

    // As the format demands, tensors follow each other without gap or overlap.
    private static void requireExtent(Path path, Announced tensor, long begin, long dataBytes) {
        if (tensor.begin() != begin || tensor.end() < tensor.begin() || tensor.end() > dataBytes) {
            throw failure(
                    path,
                    tensor.name(),
                    "lies at bytes "
                            + tensor.begin()
                            + " to "
                            + tensor.end()
                            + " of "
                            + dataBytes
                            + ", expected to begin at "
                            + begin);
        }
        long bytes;
        try {
            bytes = tensor.dtype().bytes(tensor.shape().elements());
        } catch (ArithmeticException e) {
            throw failure(path, tensor.name(), "has an impossible shape " + tensor.shape());
        }
        if (tensor.end() - tensor.begin() != bytes) {
            throw failure(
                    path,
                    tensor.name(),
                    "has "
                            + (tensor.end() - tensor.begin())
                            + " bytes, but "
                            + tensor.dtype()
                            + tensor.shape()
                            + " takes "
                            + bytes);
        }
    }

    private static VerificationFailed failure(Path path, String name, String detail) {
        return new VerificationFailed(path, "tensor " + Excerpt.of(name) + " " + detail);
    }
}
