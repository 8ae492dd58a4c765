package org.scout4j.checkpoint.gguf;

import java.util.Optional;

/** Types of metadata values; the id is the position. */
enum GgufValueType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    /** u64 length, then UTF-8. */
    STRING(-1),
    /** u32 element type, u64 count, then the elements. */
    ARRAY(-1),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int bytes;

    GgufValueType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of a value; −1 where each value has its own. */
    int bytes() {
        return bytes;
    }

    static Optional<GgufValueType> of(long id) {
        GgufValueType[] types = values();
        return id >= 0 && id < types.length ? Optional.of(types[(int) id]) : Optional.empty();
    }
}
