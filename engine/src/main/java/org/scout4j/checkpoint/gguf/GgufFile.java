package org.scout4j.checkpoint.gguf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelFiles;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.checkpoint.StoredTensor;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tensor.DType;
import org.scout4j.tensor.Shape;

/**
 * One GGUF file, its header checked: counts against the file's size, names unique, every tensor
 * inside the file, aligned, of a known type, overlapping no other (spec "Model" §5.3).
 *
 * @param tensors in the order of their data
 */
record GgufFile(Path path, GgufMetadata metadata, List<StoredTensor> tensors) {
    static final String ALIGNMENT = "general.alignment";

    private static final int MAGIC = 0x46554747; // "GGUF", little endian
    private static final long MOST_DIMENSIONS = 4;
    private static final int LONGEST_NAME = 512;
    private static final long MOST_NAME_CHARACTERS = 64 << 20;
    private static final long LARGEST_ALIGNMENT = 1 << 20;
    // name length, dimension count, type and offset
    private static final int SMALLEST_TENSOR = 8 + 4 + 4 + 8;

    GgufFile {
        tensors = List.copyOf(tensors);
    }

    /** A tensor as the header announces it, before its place is known to lie inside the file. */
    private record Announced(String name, DType dtype, Shape shape, long bytes, long offset) {}

    /** Maps a file and checks its header. */
    static GgufFile map(Path path, Arena arena) {
        return parse(path, ModelFiles.map(path, arena));
    }

    /**
     * Checks the header of a file's bytes.
     *
     * @param path for messages
     * @throws VerificationFailed naming what is wrong
     */
    static GgufFile parse(Path path, MemorySegment bytes) {
        GgufCursor cursor = new GgufCursor(path, bytes, 0);
        requireVersion(cursor);
        long tensorCount =
                cursor.count("the number of tensors", SMALLEST_TENSOR, ModelLimit.TENSORS.most());
        long pairCount = GgufMetadata.pairCount(cursor);
        GgufMetadata metadata = GgufMetadata.read(cursor, bytes, pairCount);
        long alignment = alignment(metadata);
        List<Announced> announced = announced(cursor, tensorCount, alignment);
        long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
        return new GgufFile(path, metadata, located(path, bytes, announced, dataStart));
    }

    private static void requireVersion(GgufCursor cursor) {
        if (cursor.remaining() < Integer.BYTES || cursor.u32() != MAGIC) {
            throw new VerificationFailed(cursor.file(), "not a GGUF file: it does not begin so");
        }
        long version = cursor.u32();
        if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3)) {
            throw new VerificationFailed(
                    cursor.file(), "a big-endian GGUF file; only little-endian ones are read");
        }
        if (version != 2 && version != 3) {
            throw new VerificationFailed(
                    cursor.file(), "GGUF version " + version + "; versions 2 and 3 are read");
        }
    }

    private static long alignment(GgufMetadata metadata) {
        long alignment = metadata.integer(ALIGNMENT, 1, LARGEST_ALIGNMENT).orElse(32);
        if (Long.bitCount(alignment) != 1) {
            throw metadata.failure(ALIGNMENT + " is " + alignment + ", expected a power of two");
        }
        return alignment;
    }

    private static List<Announced> announced(GgufCursor cursor, long count, long alignment) {
        List<Announced> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long characters = 0;
        for (long i = 0; i < count; i++) {
            Announced tensor = announced(cursor);
            if (!names.add(tensor.name())) {
                throw cursor.failure("tensor " + Excerpt.of(tensor.name()) + " occurs twice");
            }
            characters += tensor.name().length();
            if (characters > MOST_NAME_CHARACTERS) {
                throw cursor.failure("the tensors' names are longer than any model's");
            }
            if (tensor.offset() % alignment != 0) {
                throw cursor.failure(
                        "tensor "
                                + Excerpt.of(tensor.name())
                                + " begins at "
                                + tensor.offset()
                                + ", not a multiple of "
                                + alignment);
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private static Announced announced(GgufCursor cursor) {
        String name = cursor.string("the name of a tensor", LONGEST_NAME);
        String shown = "tensor " + Excerpt.of(name);
        long dimensions = cursor.u32();
        if (dimensions > MOST_DIMENSIONS) {
            throw cursor.failure(shown + " has " + dimensions + " dimensions, at most 4 are known");
        }
        long[] extents = new long[(int) dimensions];
        for (int i = extents.length - 1; i >= 0; i--) { // the file's order is fastest first
            extents[i] = cursor.i64();
        }
        long id = cursor.u32();
        DType dtype =
                GgufTensorType.of(id)
                        .orElseThrow(() -> cursor.failure(shown + " has the unknown type " + id));
        try {
            Shape shape = Shape.of(extents);
            long bytes = Math.multiplyExact(dtype.bytes(shape.columns()), shape.rows());
            return new Announced(name, dtype, shape, bytes, cursor.i64());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw cursor.failure(shown + ": impossible size: " + e.getMessage());
        }
    }

    private static List<StoredTensor> located(
            Path path, MemorySegment bytes, List<Announced> announced, long dataStart) {
        long dataBytes = Math.max(0, bytes.byteSize() - dataStart);
        List<Announced> ordered =
                announced.stream()
                        .sorted(
                                Comparator.comparingLong(Announced::offset)
                                        .thenComparingLong(Announced::bytes))
                        .toList();
        List<StoredTensor> tensors = new ArrayList<>();
        long end = 0;
        for (Announced tensor : ordered) {
            String shown = "tensor " + Excerpt.of(tensor.name());
            if (tensor.offset() < 0
                    || tensor.offset() > dataBytes
                    || tensor.bytes() > dataBytes - tensor.offset()) {
                throw new VerificationFailed(
                        path,
                        shown
                                + " needs bytes "
                                + Long.toUnsignedString(tensor.offset())
                                + " and "
                                + tensor.bytes()
                                + " on of the data, the file has "
                                + dataBytes);
            }
            if (tensor.offset() < end) {
                throw new VerificationFailed(path, shown + " overlaps the tensor before it");
            }
            end = tensor.offset() + tensor.bytes();
            tensors.add(
                    new StoredTensor(
                            path,
                            tensor.name(),
                            tensor.dtype(),
                            tensor.shape(),
                            bytes.asSlice(dataStart + tensor.offset(), tensor.bytes())));
        }
        return tensors;
    }
}
