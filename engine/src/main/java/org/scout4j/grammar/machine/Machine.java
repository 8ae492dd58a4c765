package org.scout4j.grammar.machine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The automaton over bytes, made while it is used. A state is a set of stacks, together with how
 * much white space has just been read; transitions are kept once they have been worked out. For one
 * thread at a time.
 *
 * <p>State numbers are the set's number times 128 plus the white space, so that what follows white
 * space is worked out once for all amounts of it.
 */
final class Machine {
    static final int DEAD = -1;

    /** Most blanks in a row on one line, before and after a line break. */
    static final int MOST_BLANKS_BEFORE = 8;

    static final int MOST_BLANKS_AFTER = 100;

    private static final int NEW_LINE = MOST_BLANKS_BEFORE + 1;
    private static final int SPACE_BITS = 7;
    private static final int SPACE_MASK = (1 << SPACE_BITS) - 1;
    private static final long LOOPS_KNOWN = 1L << 63;
    private static final int PAGE_BITS = 5;
    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;
    private static final int PAGES = 256 >>> PAGE_BITS;
    private static final int MOST_STACKS_KEPT = 200_000;
    private static final int MOST_SETS_KEPT = 24_000;

    private final List<Frame> beginnings;
    private StackPool pool = new StackPool();
    private Stack[][] sets = new Stack[64][];

    /** Transitions by set and by group of 32 bytes; a group that was not asked for is null. */
    private int[][] pages = new int[64 * PAGES][];

    private boolean[] spaced = new boolean[64];
    private boolean[] open = new boolean[64];
    private long[] loops = new long[64];
    private int count;
    private int pageCount;
    private Map<Set, Integer> numbers = new HashMap<>();
    private int[] chosen = new int[16];
    private int generation;

    Machine(List<Frame> beginnings) {
        this.beginnings = beginnings;
        reset();
    }

    private void reset() {
        pool = new StackPool();
        sets = new Stack[64][];
        pages = new int[64 * PAGES][];
        spaced = new boolean[64];
        open = new boolean[64];
        loops = new long[64];
        numbers = new HashMap<>();
        count = 1;
        pageCount = 0;
    }

    private record Set(int[] stacks) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Set(int[] those) && Arrays.equals(stacks, those);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(stacks);
        }
    }

    /** Counts how often all states were forgotten; their numbers change then. */
    int generation() {
        return generation;
    }

    /** Forgets all states if there are too many; only between two operations. */
    void trim() {
        if (count > MOST_SETS_KEPT || pool.size() > MOST_STACKS_KEPT) {
            reset();
            generation++;
        }
    }

    /** The state in which an answer begins. */
    int start() {
        pool.clear();
        for (Frame frame : beginnings) {
            pool.emit(pool.of(frame, pool.bottom()));
        }
        return emittedState();
    }

    /** The stacks of a state. */
    Stack[] stacks(int state) {
        return sets[state >>> SPACE_BITS];
    }

    /** How much white space has just been read. */
    int space(int state) {
        return state & SPACE_MASK;
    }

    /** The state of stacks that another generation made. */
    int adopt(Stack[] stacks, int space) {
        pool.clear();
        for (Stack stack : stacks) {
            pool.emit(pool.adopt(stack));
        }
        return emittedState() | space;
    }

    /** The state of one stack, without white space before. */
    int stateOf(Stack stack) {
        if (stack.state < 0) {
            stack.state = newSet(new Stack[] {stack}) << SPACE_BITS;
        }
        return stack.state;
    }

    StackPool pool() {
        return pool;
    }

    /** The state after a byte; {@link #DEAD} if it cannot come. */
    int next(int state, int value) {
        int set = state >>> SPACE_BITS;
        int[] page = pages[set * PAGES + (value >>> PAGE_BITS)];
        int to = page == null ? 0 : page[value & PAGE_MASK];
        if (to == 0) {
            to = find(set, value);
        }
        if (value > ' ' || to < 0 || !spaced[to >>> SPACE_BITS]) {
            return to;
        }
        int space = spaceAfter(state & SPACE_MASK, value);
        return space >= 0 ? to | space : withoutSpaced(set, value);
    }

    private static int spaceAfter(int space, int value) {
        if (value == '\n') {
            return space < NEW_LINE ? NEW_LINE : DEAD;
        }
        return space == MOST_BLANKS_BEFORE || space == NEW_LINE + MOST_BLANKS_AFTER
                ? DEAD
                : space + 1;
    }

    private static boolean blank(int value) {
        return value == ' ' || value == '\n' || value == '\t';
    }

    private int find(int set, int value) {
        Stack[] stacks = sets[set];
        int to = step(stacks, value, true);
        note(set, value, to);
        if (value >= ' ' && value <= 0x7E && value != '"' && value != '\\') {
            sameRange(set, value, to);
        }
        return to;
    }

    private void note(int set, int value, int to) {
        int number = set * PAGES + (value >>> PAGE_BITS);
        int[] page = pages[number];
        if (page == null) {
            page = new int[1 << PAGE_BITS];
            pages[number] = page;
            pageCount++;
        }
        page[value & PAGE_MASK] = to;
    }

    /** Neighbours among the plain characters that lead to the same. */
    private void sameRange(int set, int value, int to) {
        Stack[] stacks = sets[set];
        int last = 0x7E;
        for (Stack stack : stacks) {
            TextFrame text = wholeText(stack);
            if (text == null) {
                return;
            }
            last = Math.min(last, text.kind().texts().sameUpTo(text.state(), value));
        }
        for (int same = value + 1; same <= last; same++) {
            if (same != '"' && same != '\\') {
                note(set, same, to);
            }
        }
    }

    private int step(Stack[] stacks, int value, boolean spaces) {
        pool.clear();
        boolean blank = blank(value);
        for (Stack stack : stacks) {
            if (blank && stack.frame.spaced()) {
                if (spaces) {
                    pool.emit(stack);
                }
            } else {
                stack.frame.step(value, stack.below(), pool);
                if (blank
                        && spaces
                        && stack.frame.mayLeave()
                        && stack.frame instanceof TextFrame text
                        && stack.below().frame.spaced()) {
                    pool.emit(text.left(stack.below(), pool));
                }
            }
        }
        return pool.emittedCount() == 0 ? DEAD : emittedState();
    }

    /** After more white space than may be: only what takes it as part of a text goes on. */
    private int withoutSpaced(int set, int value) {
        return step(sets[set], value, false);
    }

    private int emittedState() {
        int stacks = pool.emittedCount();
        if (stacks == 1) {
            return stateOf(pool.emitted(0));
        }
        if (chosen.length < stacks) {
            chosen = new int[stacks * 2];
        }
        for (int index = 0; index < stacks; index++) {
            chosen[index] = pool.emitted(index).number;
        }
        Set key = new Set(Arrays.copyOf(chosen, stacks));
        Arrays.sort(key.stacks);
        Integer known = numbers.get(key);
        if (known == null) {
            Stack[] members = new Stack[stacks];
            for (int index = 0; index < stacks; index++) {
                members[index] = pool.emitted(index);
            }
            known = newSet(members) << SPACE_BITS;
            numbers.put(key, known);
        }
        return known;
    }

    private int newSet(Stack[] stacks) {
        if (count == sets.length) {
            sets = Arrays.copyOf(sets, count * 2);
            pages = Arrays.copyOf(pages, count * 2 * PAGES);
            spaced = Arrays.copyOf(spaced, count * 2);
            open = Arrays.copyOf(open, count * 2);
            loops = Arrays.copyOf(loops, count * 2);
        }
        sets[count] = stacks;
        for (Stack stack : stacks) {
            spaced[count] |= stack.frame.spaced();
            open[count] |= isOpenText(stack);
        }
        return count++;
    }

    /** Whether the answer may end in a state. */
    boolean mayEnd(int state) {
        for (Stack stack : stacks(state)) {
            if (stack.isBottom() || stack.frame.mayLeave() && stack.below().isBottom()) {
                return true;
            }
        }
        return false;
    }

    /** Whether one reading is inside a text that can go on with anything. */
    boolean openText(int state) {
        return open[state >>> SPACE_BITS];
    }

    /** Characters after which one reading stays as it is; see {@link CharacterClasses}. */
    long loops(int state) {
        int set = state >>> SPACE_BITS;
        if (loops[set] == 0) {
            long most = LOOPS_KNOWN;
            for (Stack stack : sets[set]) {
                TextFrame text = wholeText(stack);
                if (text != null && text.kind().unbounded() && text.length() >= text.kind().min()) {
                    long classes = CharacterClasses.loops(text.kind().texts(), text.state());
                    most = Long.bitCount(classes) >= Long.bitCount(most) ? classes : most;
                }
            }
            loops[set] = most | LOOPS_KNOWN;
        }
        return loops[set] & ~LOOPS_KNOWN;
    }

    private static boolean isOpenText(Stack stack) {
        return stack.frame instanceof TextFrame text
                && text.kind().form().quoted()
                && text.kind().unbounded()
                && text.kind().texts().open(text.state());
    }

    static @Nullable TextFrame wholeText(Stack stack) {
        return stack.frame instanceof TextFrame text && text.whole() && text.kind().form().quoted()
                ? text
                : null;
    }
}
