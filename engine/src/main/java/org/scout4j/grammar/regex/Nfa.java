package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.grammar.CompileBudget;

/**
 * A pattern as a graph: nodes that read a code point, that split, that assert something about their
 * place, and one at the end. Built from its end to its start, so each node knows what comes next.
 */
final class Nfa {
    /** What a node does. */
    enum Kind {
        /** Reads a code point of a set, then goes on. */
        READ,
        /** Goes on in two ways. */
        SPLIT,
        START,
        END,
        BOUNDARY,
        NO_BOUNDARY,
        /** Looks ahead or behind: an assertion by number. */
        LOOK,
        /** The pattern is found; whatever follows. */
        FOUND,
        /** The pattern is found if the text ends here. */
        FOUND_AT_END
    }

    private static final Kind[] KINDS = Kind.values();

    private final Alphabet alphabet;
    private final CompileBudget budget;
    private final Ints kind = new Ints(64);
    private final Ints next = new Ints(64);

    /** Second way of a split, set of a read, number of a look. */
    private final Ints other = new Ints(64);

    private final List<long[]> sets = new ArrayList<>();
    private final List<Pattern.Look> looks = new ArrayList<>();
    private final int start;

    /**
     * @param anywhere whether the match may begin at any place
     * @param toTheEnd whether it must end where the text ends
     */
    Nfa(
            Pattern pattern,
            boolean anywhere,
            boolean toTheEnd,
            Alphabet alphabet,
            CompileBudget budget) {
        this.alphabet = alphabet;
        this.budget = budget;
        int end = node(toTheEnd ? Kind.FOUND_AT_END : Kind.FOUND, -1, -1);
        int begin = compile(pattern, end);
        start = anywhere && !pattern.anchored() ? anywhere(begin) : begin;
    }

    private int anywhere(int begin) {
        long[] all = new long[(alphabet.size() + 63) / 64];
        for (int one = 0; one < alphabet.size(); one++) {
            all[one >>> 6] |= 1L << one;
        }
        int loop = node(Kind.SPLIT, begin, -1);
        other.set(loop, node(Kind.READ, loop, set(all)));
        return loop;
    }

    private int node(Kind is, int then, int with) {
        budget.spend(1);
        kind.add(is.ordinal());
        next.add(then);
        other.add(with);
        return kind.size() - 1;
    }

    private int set(long[] classes) {
        sets.add(classes);
        return sets.size() - 1;
    }

    /** The node from which the pattern and then another node is matched. */
    private int compile(Pattern pattern, int then) {
        return switch (pattern) {
            case Pattern.Nothing _ -> then;
            case Pattern.Chars chars -> node(Kind.READ, then, set(alphabet.bits(chars.set())));
            case Pattern.Sequence sequence -> {
                int at = then;
                for (int part = sequence.parts().size() - 1; part >= 0; part--) {
                    at = compile(sequence.parts().get(part), at);
                }
                yield at;
            }
            case Pattern.Choice choice -> {
                int at = compile(choice.options().getLast(), then);
                for (int option = choice.options().size() - 2; option >= 0; option--) {
                    at = node(Kind.SPLIT, compile(choice.options().get(option), then), at);
                }
                yield at;
            }
            case Pattern.Repeat repeat -> repeat(repeat, then);
            case Pattern.Start _ -> node(Kind.START, then, -1);
            case Pattern.End _ -> node(Kind.END, then, -1);
            case Pattern.Boundary boundary ->
                    node(boundary.negated() ? Kind.NO_BOUNDARY : Kind.BOUNDARY, then, -1);
            case Pattern.Look look -> {
                looks.add(look);
                yield node(Kind.LOOK, then, looks.size() - 1);
            }
        };
    }

    private int repeat(Pattern.Repeat repeat, int then) {
        int at = then;
        int copies = repeat.min();
        if (repeat.max() == Integer.MAX_VALUE) {
            int loop = node(Kind.SPLIT, -1, then);
            int body = compile(repeat.body(), loop);
            next.set(loop, body);
            at = copies > 0 ? body : loop;
            copies--;
        } else {
            for (int option = repeat.min(); option < repeat.max(); option++) {
                at = node(Kind.SPLIT, compile(repeat.body(), at), then);
            }
        }
        for (int copy = 0; copy < copies; copy++) {
            at = compile(repeat.body(), at);
        }
        return at;
    }

    int start() {
        return start;
    }

    int nodes() {
        return kind.size();
    }

    Kind kind(int node) {
        return KINDS[kind.get(node)];
    }

    int next(int node) {
        return next.get(node);
    }

    int other(int node) {
        return other.get(node);
    }

    /** Whether a reading node takes code points of this class. */
    boolean reads(int node, int one) {
        return (sets.get(other.get(node))[one >>> 6] >>> one & 1) != 0;
    }

    List<Pattern.Look> looks() {
        return looks;
    }
}
