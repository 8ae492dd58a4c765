package org.scout4j.tokenizer;

import java.util.Arrays;

/** A binary heap of numbers, smallest first. */
final class MergeQueue {
    private long[] heap;
    private int size;

    MergeQueue(int expected) {
        heap = new long[Math.max(expected, 16)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.addExact(size, size >> 1));
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent] <= value) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = value;
    }

    /** Removes the smallest; the heap must not be empty. */
    long removeFirst() {
        long first = heap[0];
        long last = heap[--size];
        int at = 0;
        for (int child; (child = 2 * at + 1) < size; at = child) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
        }
        heap[at] = last;
        return first;
    }
}
