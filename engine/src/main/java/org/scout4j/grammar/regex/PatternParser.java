package org.scout4j.grammar.regex;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.GrammarRefused.Reason;

/**
 * Reads ECMA-262 regular expressions (§22.2.1) as with the {@code u} flag, and where that has no
 * meaning for them, as Annex B does for what schemas in the wild contain: {@code \-}, a brace or
 * bracket that closes nothing, {@code [\w-.]}.
 */
final class PatternParser {
    /** Deeper nesting is refused, so that the stack of the thread suffices. */
    private static final int MOST_NESTED = 200;

    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final PatternText text;
    private final ClassParser classes;
    private final boolean names;
    private final int groups;
    private int depth;

    PatternParser(String pattern) {
        text = new PatternText(pattern);
        groups = text.groups();
        names = text.hasNamedGroups();
        classes = new ClassParser(text);
    }

    /** All of it. */
    Pattern parse() {
        Pattern all = choice();
        if (!text.atEnd()) {
            throw text.invalid("a group is closed that was not opened");
        }
        return all;
    }

    private Pattern choice() {
        if (++depth > MOST_NESTED) {
            throw text.refused(
                    Reason.TOO_COMPLEX, "groups are nested deeper than " + MOST_NESTED + " levels");
        }
        List<Pattern> options = new ArrayList<>();
        CodePoints.Builder single = new CodePoints.Builder();
        boolean anySingle = false;
        do {
            Pattern option = sequence();
            if (option instanceof Pattern.Chars chars) {
                single.add(chars.set());
                anySingle = true;
            } else {
                options.add(option);
            }
        } while (text.take('|'));
        if (anySingle) {
            options.add(new Pattern.Chars(single.build()));
        }
        depth--;
        return options.size() == 1 ? options.getFirst() : new Pattern.Choice(List.copyOf(options));
    }

    private Pattern sequence() {
        List<Pattern> parts = new ArrayList<>();
        while (!text.atEnd() && text.peek() != '|' && text.peek() != ')') {
            Pattern part = term();
            if (!(part instanceof Pattern.Nothing)) {
                parts.add(part);
            }
        }
        return Pattern.sequence(parts);
    }

    private Pattern term() {
        int first = text.next();
        Pattern atom =
                switch (first) {
                    case '^' -> new Pattern.Start();
                    case '$' -> new Pattern.End();
                    case '(' -> group();
                    case '[' -> new Pattern.Chars(classes.parse());
                    case '.' -> new Pattern.Chars(CodePoints.LINE_ENDS.not());
                    case '\\' -> escape();
                    case '*', '+', '?' -> throw nothingToRepeat();
                    case '{' -> {
                        text.back();
                        if (text.quantifier() != null) {
                            throw nothingToRepeat();
                        }
                        yield literal(text.next());
                    }
                    default -> literal(first);
                };
        return quantified(atom);
    }

    private GrammarRefused nothingToRepeat() {
        return text.invalid("a quantifier has nothing to repeat");
    }

    private static Pattern literal(int codePoint) {
        return new Pattern.Chars(CodePoints.of(codePoint, codePoint));
    }

    private Pattern quantified(Pattern atom) {
        int min = 0;
        int max = UNBOUNDED;
        if (text.take('+')) {
            min = 1;
        } else if (text.take('?')) {
            max = 1;
        } else if (!text.take('*')) {
            int[] counts = text.quantifier();
            if (counts == null) {
                return atom;
            }
            min = counts[0];
            max = counts[1];
        }
        if (min > max) {
            throw text.invalid("a quantifier's numbers are out of order");
        }
        boolean repeatable = !(atom instanceof Pattern.Look look) || !look.behind();
        if (!repeatable
                || atom instanceof Pattern.Start
                || atom instanceof Pattern.End
                || atom instanceof Pattern.Boundary) {
            throw nothingToRepeat();
        }
        text.take('?');
        return Pattern.repeat(atom, min, max);
    }

    private Pattern group() {
        if (!text.take('?')) {
            return closed(choice());
        }
        if (text.take(':')) {
            return closed(choice());
        }
        if (text.take('=')) {
            return new Pattern.Look(closed(choice()), false, false);
        }
        if (text.take('!')) {
            return new Pattern.Look(closed(choice()), false, true);
        }
        if (!text.take('<')) {
            throw text.invalid("after \"(?\" comes none of : = ! <");
        }
        if (text.take('=')) {
            return new Pattern.Look(closed(choice()), true, false);
        }
        if (text.take('!')) {
            return new Pattern.Look(closed(choice()), true, true);
        }
        text.groupName();
        return closed(choice());
    }

    private Pattern closed(Pattern body) {
        if (!text.take(')')) {
            throw text.invalid("a group is not closed");
        }
        // A group is one thing to repeat, whatever it holds.
        return body instanceof Pattern.Start
                        || body instanceof Pattern.End
                        || body instanceof Pattern.Boundary
                        || body instanceof Pattern.Look
                ? new Pattern.Sequence(List.of(body))
                : body;
    }

    private Pattern escape() {
        if (text.atEnd()) {
            throw text.invalid("it ends with a backslash");
        }
        int letter = text.peek();
        if (letter == 'b' || letter == 'B') {
            text.next();
            return new Pattern.Boundary(letter == 'B');
        }
        if (letter == 'k' && names || letter >= '1' && letter <= '9' && refersBack()) {
            throw text.refused(
                    Reason.UNSUPPORTED,
                    "back references cannot be enforced; write out the choices");
        }
        return new Pattern.Chars(classes.escape(false));
    }

    private boolean refersBack() {
        return text.decimalAhead() <= groups;
    }
}
