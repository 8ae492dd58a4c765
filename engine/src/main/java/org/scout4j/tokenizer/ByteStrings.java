package org.scout4j.tokenizer;

import java.util.Arrays;

/** A growing list of byte strings that lie one behind the other in one array. */
final class ByteStrings {
    private byte[] bytes = new byte[1 << 12];
    private int[] ends = new int[1 << 8];
    private int size;

    void add(byte[] string) {
        int start = start(size);
        int end = Math.addExact(start, string.length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, grown(bytes.length, end));
        }
        System.arraycopy(string, 0, bytes, start, string.length);
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, grown(size, size + 1));
        }
        ends[size++] = end;
    }

    private static int grown(int length, int needed) {
        return Math.max(needed, (int) Math.min(length * 2L, Integer.MAX_VALUE - 8));
    }

    int size() {
        return size;
    }

    /** Bytes of all strings together. */
    int totalLength() {
        return start(size);
    }

    int length(int index) {
        return ends[index] - start(index);
    }

    byte[] get(int index) {
        return Arrays.copyOfRange(bytes, start(index), ends[index]);
    }

    /** Copies one string into an array. */
    void copy(int index, byte[] target, int at) {
        System.arraycopy(bytes, start(index), target, at, length(index));
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }
}
