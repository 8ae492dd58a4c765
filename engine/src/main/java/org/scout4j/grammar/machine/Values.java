package org.scout4j.grammar.machine;

import java.util.List;

/** What a value may be, ready to be read: the alternatives of a node in one syntax. */
final class Values {
    /** Most levels of arrays and objects inside each other. */
    static final int MOST_LEVELS = 64;

    /** Height of values that are not known to end. */
    static final int ENDLESS = Integer.MAX_VALUE / 2;

    private List<Kind> kinds = List.of();
    private int height = ENDLESS;

    /** Alternatives of one kind. */
    sealed interface Kind permits Words, Number, Text, ArrayRule, ObjectRule {
        /** Levels of nesting that the flattest of its values needs. */
        int height();
    }

    /** Keywords. */
    record Words(List<String> words) implements Kind {
        @Override
        public int height() {
            return 0;
        }
    }

    /** Numbers by their spelling. */
    record Number(TextKind spelling) implements Kind {
        @Override
        public int height() {
            return 0;
        }
    }

    /** Strings. */
    record Text(TextKind content) implements Kind {
        @Override
        public int height() {
            return 0;
        }
    }

    /** Sets what it allows, once. */
    void fill(List<Kind> allowed) {
        kinds = List.copyOf(allowed);
    }

    List<Kind> kinds() {
        return kinds;
    }

    /** Levels of nesting that the flattest value needs. */
    int height() {
        return height;
    }

    /** Looks at the alternatives' heights again; whether its own became known. */
    boolean heightFound() {
        if (height != ENDLESS) {
            return false;
        }
        for (Kind kind : kinds) {
            height = Math.min(height, kind.height());
        }
        return height != ENDLESS;
    }

    /** Hands over what reading begins with, for a value's first byte. */
    void open(int value, Stack below, StackPool out) {
        for (Kind kind : kinds) {
            switch (kind) {
                case Words(List<String> words) -> {
                    for (String word : words) {
                        if (word.charAt(0) == value) {
                            out.emit(out.of(new Frame.Literal(word, 1), below));
                        }
                    }
                }
                case Number(TextKind spelling) -> {
                    if (value == '-' || value >= '0' && value <= '9') {
                        spelling.begin().step(value, below, out);
                    }
                }
                case Text(TextKind content) -> {
                    if (value == '"') {
                        out.emit(out.of(content.begin(), below));
                    }
                }
                case ArrayRule rule -> {
                    if (value == '[' && below.nesting + rule.height() <= MOST_LEVELS) {
                        out.emit(out.of(rule.begin(MOST_LEVELS - below.nesting), below));
                    }
                }
                case ObjectRule rule -> {
                    if (value == '{' && below.nesting + rule.height() <= MOST_LEVELS) {
                        out.emit(out.of(rule.begin(MOST_LEVELS - below.nesting), below));
                    }
                }
            }
        }
    }

    /** Whether a value can begin with a byte; not whether it fits the depth. */
    boolean opens(int value) {
        for (Kind kind : kinds) {
            boolean opens =
                    switch (kind) {
                        case Words(List<String> words) -> {
                            boolean any = false;
                            for (String word : words) {
                                any |= word.charAt(0) == value;
                            }
                            yield any;
                        }
                        case Number _ -> value == '-' || value >= '0' && value <= '9';
                        case Text _ -> value == '"';
                        case ArrayRule _ -> value == '[';
                        case ObjectRule _ -> value == '{';
                    };
            if (opens) {
                return true;
            }
        }
        return false;
    }
}
