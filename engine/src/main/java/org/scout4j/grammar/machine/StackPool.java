package org.scout4j.grammar.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.GrammarRefused;

/** Makes stacks, each once, and collects those that a step ends in. For one thread. */
final class StackPool {
    /** Most readings of one text that are followed side by side. */
    static final int MOST_STACKS = 1024;

    private @Nullable Stack[] table = new @Nullable Stack[1 << 10];
    private int made;
    private final Stack bottom;

    private Stack[] emitted = new Stack[16];
    private int emittedCount;

    /** Number of the step that is being made; wrong only after 2³² of them. */
    private int step = 1;

    StackPool() {
        bottom = new Stack(new Frame.End(), null, 0, made++);
    }

    /** The stack of a complete answer. */
    Stack bottom() {
        return bottom;
    }

    /** Number of stacks made. */
    int size() {
        return made;
    }

    /** The stack of a frame on another stack. */
    Stack of(Frame frame, Stack below) {
        int hash = frame.hashCode() * 31 + below.number * 0x9E3779B9;
        hash ^= hash >>> 15;
        int mask = table.length - 1;
        int slot = hash & mask;
        for (Stack found = table[slot]; found != null; found = table[slot]) {
            if (found.hash == hash && found.below() == below && found.frame.equals(frame)) {
                return found;
            }
            slot = (slot + 1) & mask;
        }
        Stack stack = new Stack(frame, below, hash, made++);
        table[slot] = stack;
        if (made > table.length / 2) {
            grow();
        }
        return stack;
    }

    private void grow() {
        @Nullable Stack[] old = table;
        table = new @Nullable Stack[old.length * 4];
        int mask = table.length - 1;
        for (Stack stack : old) {
            if (stack != null) {
                int slot = stack.hash & mask;
                while (table[slot] != null) {
                    slot = (slot + 1) & mask;
                }
                table[slot] = stack;
            }
        }
    }

    /** The same stack in this pool, for one of another pool. */
    Stack adopt(Stack other) {
        return other.isBottom() ? bottom : of(other.frame, adopt(other.below()));
    }

    /** Notes a stack that the step may end in. */
    void emit(Stack stack) {
        if (stack.step == step) {
            return;
        }
        stack.step = step;
        if (emittedCount == MOST_STACKS) {
            throw new GrammarRefused(
                    GrammarRefused.Reason.TOO_COMPLEX,
                    "",
                    "",
                    "This is too ambiguous: after some texts more than "
                            + MOST_STACKS
                            + " readings have to be followed side by side.");
        }
        if (emittedCount == emitted.length) {
            emitted = Arrays.copyOf(emitted, emittedCount * 2);
        }
        emitted[emittedCount++] = stack;
    }

    /** Forgets what was emitted, before a step. */
    void clear() {
        emittedCount = 0;
        step++;
    }

    int emittedCount() {
        return emittedCount;
    }

    Stack emitted(int index) {
        return emitted[index];
    }
}
