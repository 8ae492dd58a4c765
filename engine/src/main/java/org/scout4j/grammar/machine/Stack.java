package org.scout4j.grammar.machine;

import org.jspecify.annotations.Nullable;

/** A frame and the stack below it. Equal stacks of one pool are the same object. */
final class Stack {
    final Frame frame;
    private final @Nullable Stack below;
    final int hash;

    /** Levels of arrays and objects, this frame's included. */
    final int nesting;

    /** Its place in the pool, in the order of making. */
    final int number;

    /** The state that has this stack alone; −1 = not made yet. For {@link Machine}. */
    int state = -1;

    /** The step that it was last handed over in. For {@link StackPool}. */
    int step;

    Stack(Frame frame, @Nullable Stack below, int hash, int number) {
        this.frame = frame;
        this.below = below;
        this.hash = hash;
        this.number = number;
        this.nesting = below == null ? 0 : below.nesting + frame.levels();
    }

    /** What lies below; the bottom lies on itself. */
    Stack below() {
        return below == null ? this : below;
    }

    boolean isBottom() {
        return below == null;
    }
}
