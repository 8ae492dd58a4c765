package org.scout4j.checkpoint.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.ModelLimit;
import org.scout4j.error.VerificationFailed;

/**
 * The key-value pairs of a GGUF file. Reading them checks their extents only; values stay in the
 * file until somebody asks for them by type. Every complaint names the key.
 */
final class GgufMetadata {
    private static final long MOST_PAIRS = 65_536;
    private static final int LONGEST_KEY = 65_535;
    private static final int LONGEST_STRING = 16 << 20;

    /** Elements of all arrays together: Llama 4's vocabulary, types and merges are 0.85 million. */
    private static final long MOST_ELEMENTS = 1 << 24;

    /** Bytes of one list of strings: Llama 4's merges take 9 MB. */
    private static final long LARGEST_LIST = 64 << 20;

    // key length, value type and the smallest value
    private static final int SMALLEST_PAIR = 8 + 4 + 1;

    private final Path file;
    private final MemorySegment bytes;
    private final Map<String, Value> values;

    /**
     * Where a value lies.
     *
     * @param element type of the elements of an array
     * @param offset of the value; of the first element, for arrays
     * @param count elements; 1 for others
     */
    private record Value(
            GgufValueType type, @Nullable GgufValueType element, long offset, long count) {}

    private GgufMetadata(Path file, MemorySegment bytes, Map<String, Value> values) {
        this.file = file;
        this.bytes = bytes;
        this.values = values;
    }

    /** How many pairs follow; refused if the file could not hold so many. */
    static long pairCount(GgufCursor cursor) {
        return cursor.count("the number of metadata pairs", SMALLEST_PAIR, MOST_PAIRS);
    }

    /** Reads {@code count} pairs and leaves the cursor behind them. */
    static GgufMetadata read(GgufCursor cursor, MemorySegment bytes, long count) {
        Map<String, Value> values = new HashMap<>();
        long elements = 0;
        long keyBytes = 0;
        for (long pair = 0; pair < count; pair++) {
            String key = cursor.string("the name of a metadata pair", LONGEST_KEY);
            keyBytes += key.length();
            Value value = value(cursor, key);
            elements += value.count();
            if (elements > MOST_ELEMENTS || keyBytes > LARGEST_LIST) {
                throw cursor.failure("the metadata are larger than any model's");
            }
            if (values.putIfAbsent(key, value) != null) {
                throw cursor.failure("the metadata key " + Excerpt.of(key) + " occurs twice");
            }
        }
        return new GgufMetadata(cursor.file(), bytes, values);
    }

    private static Value value(GgufCursor cursor, String key) {
        GgufValueType type = type(cursor, key);
        if (type != GgufValueType.ARRAY) {
            long offset = cursor.position();
            skip(cursor, type, 1);
            return new Value(type, null, offset, 1);
        }
        GgufValueType element = type(cursor, key);
        if (element == GgufValueType.ARRAY) {
            throw cursor.failure(Excerpt.of(key) + " is an array of arrays");
        }
        long unit = element == GgufValueType.STRING ? Long.BYTES : element.bytes();
        long count = cursor.count("the length of array " + Excerpt.of(key), unit, MOST_ELEMENTS);
        long offset = cursor.position();
        skip(cursor, element, count);
        return new Value(type, element, offset, count);
    }

    private static GgufValueType type(GgufCursor cursor, String key) {
        long id = cursor.u32();
        return GgufValueType.of(id)
                .orElseThrow(() ->
                        cursor.failure(Excerpt.of(key) + " has the unknown value type " + id));
    }

    private static void skip(GgufCursor cursor, GgufValueType type, long count) {
        if (type == GgufValueType.STRING) {
            for (long i = 0; i < count; i++) {
                cursor.skip(cursor.count("the length of a string", 1, Long.MAX_VALUE));
            }
        } else {
            cursor.skip(Math.multiplyExact(count, type.bytes()));
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Whether any key begins so. */
    boolean hasPrefix(String prefix) {
        return values.keySet().stream().anyMatch(key -> key.startsWith(prefix));
    }

    Optional<String> string(String key) {
        return Optional.ofNullable(values.get(key))
                .map(value -> {
                    require(key, value, GgufValueType.STRING);
                    return at(value).string(key, LONGEST_STRING);
                });
    }

    Optional<Boolean> flag(String key) {
        return Optional.ofNullable(values.get(key))
                .map(value -> {
                    require(key, value, GgufValueType.BOOL);
                    int stored = at(value).u8();
                    if (stored > 1) {
                        throw failure(key + " is the byte " + stored + ", not a boolean");
                    }
                    return stored == 1;
                });
    }

    /** A whole number that the limit admits. */
    OptionalLong integer(String key, ModelLimit limit) {
        return integer(key, limit.least(), limit.most());
    }

    OptionalLong integer(String key, long least, long most) {
        Value value = values.get(key);
        return value == null
                ? OptionalLong.empty()
                : OptionalLong.of(
                        inRange(key, integerAt(key, value.type(), at(value)), least, most));
    }

    /** As {@link #integer}, for a key that a model must have. */
    int required(String key, ModelLimit limit) {
        return Math.toIntExact(
                integer(key, limit)
                        .orElseThrow(() ->
                                failure(key + " is missing; expected " + limit.description())));
    }

    /**
     * A number that some files give once and others once for each layer; then all must be equal.
     */
    OptionalLong uniform(String key, ModelLimit limit) {
        Value value = values.get(key);
        if (value == null || value.type() != GgufValueType.ARRAY) {
            return integer(key, limit);
        }
        List<Long> each = integers(key, limit.least(), limit.most(), ModelLimit.LAYERS.most());
        if (each.stream().distinct().count() != 1) {
            throw failure(key + " differs from layer to layer, which is not supported");
        }
        return OptionalLong.of(each.getFirst());
    }

    /** A finite number between two others, inclusive. */
    Optional<Double> number(String key, double least, double most) {
        return Optional.ofNullable(values.get(key))
                .map(value -> {
                    double number =
                            switch (value.type()) {
                                case FLOAT32 -> Float.intBitsToFloat((int) at(value).u32());
                                case FLOAT64 -> Double.longBitsToDouble(at(value).i64());
                                default -> integerAt(key, value.type(), at(value));
                            };
                    if (!(number >= least && number <= most)) {
                        throw failure(
                                key
                                        + " is "
                                        + number
                                        + ", expected a number from "
                                        + least
                                        + " to "
                                        + most);
                    }
                    return number;
                });
    }

    /** Elements of an array; 0 if there is no such key. */
    long length(String key) {
        Value value = values.get(key);
        if (value == null) {
            return 0;
        }
        require(key, value, GgufValueType.ARRAY);
        return value.count();
    }

    /** An array of strings; empty if there is no such key. */
    List<String> strings(String key, long most) {
        Value value = values.get(key);
        if (value == null) {
            return List.of();
        }
        requireArray(key, value, most);
        if (value.element() != GgufValueType.STRING) {
            throw failure(key + " is an array of " + value.element() + ", expected STRING");
        }
        GgufCursor cursor = at(value);
        List<String> strings = new ArrayList<>();
        for (long i = 0; i < value.count(); i++) {
            strings.add(cursor.string(key, LONGEST_STRING));
            if (cursor.position() - value.offset() > LARGEST_LIST) {
                throw failure(key + " is larger than any model's");
            }
        }
        return List.copyOf(strings);
    }

    /** An array of whole numbers; empty if there is no such key. */
    List<Long> integers(String key, long least, long greatest, long most) {
        Value value = values.get(key);
        if (value == null) {
            return List.of();
        }
        requireArray(key, value, most);
        GgufValueType element = value.element();
        if (element == null) {
            throw failure(key + " has no element type");
        }
        GgufCursor cursor = at(value);
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < value.count(); i++) {
            numbers.add(inRange(key, integerAt(key, element, cursor), least, greatest));
        }
        return List.copyOf(numbers);
    }

    /** An array of finite numbers; empty if there is no such key. */
    List<Double> numbers(String key, long most) {
        Value value = values.get(key);
        if (value == null) {
            return List.of();
        }
        requireArray(key, value, most);
        if (value.element() != GgufValueType.FLOAT32) {
            throw failure(key + " is an array of " + value.element() + ", expected FLOAT32");
        }
        GgufCursor cursor = at(value);
        List<Double> numbers = new ArrayList<>();
        for (long i = 0; i < value.count(); i++) {
            numbers.add((double) Float.intBitsToFloat((int) cursor.u32()));
        }
        return List.copyOf(numbers);
    }

    private void requireArray(String key, Value value, long most) {
        require(key, value, GgufValueType.ARRAY);
        if (value.count() > most) {
            throw failure(key + " has " + value.count() + " elements, more than any model's");
        }
    }

    private long integerAt(String key, GgufValueType type, GgufCursor cursor) {
        return switch (type) {
            case UINT8 -> cursor.u8();
            case INT8 -> (byte) cursor.u8();
            case UINT16 -> cursor.u16();
            case INT16 -> (short) cursor.u16();
            case UINT32 -> cursor.u32();
            case INT32 -> (int) cursor.u32();
            case INT64 -> cursor.i64();
            case UINT64 -> {
                long number = cursor.i64();
                if (number < 0) {
                    throw failure(key + " is " + Long.toUnsignedString(number) + ", too large");
                }
                yield number;
            }
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
                    throw failure(key + " has the type " + type + ", expected a whole number");
        };
    }

    private long inRange(String key, long number, long least, long most) {
        if (number < least || number > most) {
            throw failure(
                    key
                            + " is "
                            + number
                            + ", expected a whole number from "
                            + least
                            + " to "
                            + most);
        }
        return number;
    }

    private void require(String key, Value value, GgufValueType expected) {
        if (value.type() != expected) {
            throw failure(key + " has the type " + value.type() + ", expected " + expected);
        }
    }

    private GgufCursor at(Value value) {
        return new GgufCursor(file, bytes, value.offset());
    }

    VerificationFailed failure(String detail) {
        return new VerificationFailed(file, detail);
    }
}
