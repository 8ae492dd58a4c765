package org.scout4j.grammar.machine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds a short way from a stack to the end of the answer: at each level the flattest values. */
final class Completion {
    private static final int MOST_EDGES = 64;
    private final StackPool pool;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Completion(StackPool pool) {
        this.pool = pool;
    }

    /** The bytes that complete the answer. */
    byte[] from(Stack stack) {
        Stack at = stack;
        while (!at.isBottom()) {
            at = on(at);
        }
        return out.toByteArray();
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes what leads one step nearer to the end. */
    private Stack on(Stack at) {
        Stack below = at.below();
        return switch (at.frame) {
            case Frame.End _ -> at;
            case Frame.Literal(String text, int read) -> {
                write(text.substring(read));
                yield below;
            }
            case Frame.Await(Values values, boolean _, boolean _) -> value(values, below);
            case Frame.Colon(Values values, Syntax _) -> {
                write(":");
                yield value(values, below);
            }
            case TextFrame text -> text(text, at);
            case ArrayFrame array -> array(array, below);
            case ObjectFrame object -> object(object, below);
            case CallsFrame calls -> calls(calls, below);
            case CallsFrame.Name name -> call(name.rule(), name.from(), name.at(), below);
            case CallsFrame.Arguments(CallsFrame.Call call) -> {
                Values whole = call.whole();
                if (call.none() || whole == null) {
                    write(")");
                    yield below;
                }
                write("**");
                yield value(whole, pool.of(new Frame.Literal(")", 0), below));
            }
        };
    }

    private Stack value(Values values, Stack below) {
        Values.Kind flattest = values.kinds().getFirst();
        for (Values.Kind kind : values.kinds()) {
            flattest = kind.height() < flattest.height() ? kind : flattest;
        }
        int levels = Values.MOST_LEVELS - below.nesting;
        return switch (flattest) {
            case Values.Words words -> {
                write(words.words().getFirst());
                yield below;
            }
            case Values.Number(TextKind spelling) -> pool.of(spelling.begin(), below);
            case Values.Text(TextKind content) -> {
                write("\"");
                yield pool.of(content.begin(), below);
            }
            case ArrayRule rule -> {
                write("[");
                yield pool.of(rule.begin(levels), below);
            }
            case ObjectRule rule -> {
                write("{");
                yield pool.of(rule.begin(levels), below);
            }
        };
    }

    private Stack text(TextFrame begun, Stack at) {
        TextFrame text = begun;
        while (!text.whole()) {
            text = anyByte(text, at.below());
        }
        int state = text.state();
        Texts texts = text.kind().texts();
        for (int length = text.length(); length < text.kind().min(); length++) {
            write("a");
            state = texts.next(state, 'a');
        }
        state = shortest(texts, state, text.kind().form());
        if (text.kind().form() == TextKind.Form.RAW) {
            return texts.left(state, at.below(), pool);
        }
        write(text.kind().form() == TextKind.Form.NAME ? "=" : "\"");
        pool.clear();
        texts.leave(state, at.below(), pool);
        return pool.emitted(0);
    }

    private TextFrame anyByte(TextFrame text, Stack below) {
        for (int value = 0; value < 256; value++) {
            pool.clear();
            text.step(value, below, pool);
            if (pool.emittedCount() > 0) {
                out.write(value);
                return (TextFrame) pool.emitted(0).frame;
            }
        }
        throw new IllegalStateException("an incomplete character cannot be completed");
    }

    /** A text that leads to a state. */
    private record Way(int state, String text) {}

    /** Writes a shortest text to where it may end. */
    private int shortest(Texts texts, int start, TextKind.Form form) {
        String known = texts.shortest(start);
        if (known != null) {
            write(form.quoted() ? escaped(known) : known);
            return after(texts, start, known);
        }
        Set<Integer> seen = new HashSet<>();
        ArrayDeque<Way> queue = new ArrayDeque<>();
        seen.add(start);
        queue.add(new Way(start, ""));
        while (!queue.isEmpty()) {
            Way way = queue.remove();
            if (texts.accepts(way.state)) {
                write(form.quoted() ? escaped(way.text) : way.text);
                return way.state;
            }
            int edges = 0;
            for (int low = 0; low <= Character.MAX_CODE_POINT && edges < MOST_EDGES; ) {
                int high = texts.sameUpTo(way.state, low);
                int codePoint = NameSets.readable(low, high);
                int to = texts.next(way.state, codePoint);
                if (to != Texts.DEAD && !surrogate(codePoint)) {
                    edges++;
                    if (seen.add(to)) {
                        queue.add(new Way(to, way.text + Character.toString(codePoint)));
                    }
                }
                low = high + 1;
            }
        }
        throw new IllegalStateException("a text cannot be completed");
    }

    private static int after(Texts texts, int start, String text) {
        int state = start;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            state = texts.next(state, text.codePointAt(at));
        }
        return state;
    }

    private static boolean surrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static String escaped(CharSequence text) {
        StringBuilder escaped = new StringBuilder();
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < 0x20) {
                escaped.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private Stack array(ArrayFrame array, Stack below) {
        ArrayRule rule = array.rule();
        boolean item =
                array.phase() == ArrayFrame.Phase.NEXT
                        || array.phase() == ArrayFrame.Phase.NEXT_CLOSE;
        if (!item && rule.mayClose(array.count(), array.matches())) {
            write("]");
            return below;
        }
        if (array.phase() == ArrayFrame.Phase.AFTER) {
            write(",");
        }
        ArrayRule.Place place = rule.place(array.count());
        Values matching = place.matching();
        Values other = place.other();
        boolean match =
                matching != null
                        && rule.feasible(array.count() + 1, array.matches() + 1)
                        && (other == null
                                || rule.countsMore(array.matches())
                                || !rule.feasible(array.count() + 1, array.matches()));
        Values chosen = match ? matching : other;
        if (chosen == null) {
            throw new IllegalStateException("an array cannot be completed");
        }
        if (rule.unique()) {
            return distinct(chosen, array.after(match ? 1 : 0), below);
        }
        return value(chosen, pool.of(array.after(match ? 1 : 0), below));
    }

    /** An item that differs from the earlier ones. */
    private Stack distinct(Values values, ArrayFrame after, Stack below) {
        for (Values.Kind kind : values.kinds()) {
            switch (kind) {
                case Values.Words(List<String> words) -> {
                    for (String word : words) {
                        ArrayFrame taking = after.taking(word);
                        if (!after.taken().contains(word) && taking.mayStand()) {
                            write(word);
                            return pool.of(taking, below);
                        }
                    }
                }
                case Values.Number(TextKind spelling) -> {
                    TextKind item = after.rule().item(spelling, true, after.taken());
                    if (item.texts().start() != Texts.DEAD) {
                        return pool.of(item.begin(), pool.of(after, below));
                    }
                }
                case Values.Text(TextKind content) -> {
                    TextKind item = after.rule().item(content, false, after.taken());
                    if (item.texts().start() != Texts.DEAD) {
                        write("\"");
                        return pool.of(item.begin(), pool.of(after, below));
                    }
                }
                case ArrayRule _, ObjectRule _ -> {}
            }
        }
        throw new IllegalStateException("an array of different items cannot be completed");
    }

    private Stack object(ObjectFrame object, Stack below) {
        boolean member =
                object.phase() == ObjectFrame.Phase.NEXT
                        || object.phase() == ObjectFrame.Phase.NEXT_CLOSE;
        boolean arguments = object.rule().syntax() == Syntax.ARGUMENTS;
        if (!member && object.mayClose()) {
            write(arguments ? ")" : "}");
            return below;
        }
        if (object.phase() == ObjectFrame.Phase.AFTER) {
            write(",");
        }
        NextMember choice = NextMember.of(object);
        write(arguments ? choice.name() + "=" : "\"" + escaped(choice.name()) + "\":");
        return value(choice.value(), pool.of(choice.after(), below));
    }

    private Stack calls(CallsFrame calls, Stack below) {
        return switch (calls.phase()) {
            case START -> {
                write("[");
                yield pool.of(new CallsFrame(calls.rule(), CallsFrame.Phase.CALL, 0), below);
            }
            case CALL, NEXT ->
                    call(
                            calls.rule(),
                            0,
                            0,
                            pool.of(
                                    new CallsFrame(
                                            calls.rule(),
                                            CallsFrame.Phase.AFTER,
                                            calls.count() + 1),
                                    below));
            case AFTER -> {
                write("]");
                yield below;
            }
        };
    }

    private Stack call(CallsFrame.Rule rule, int index, int read, Stack below) {
        CallsFrame.Call call = rule.calls().get(index);
        out.writeBytes((call.name().substring(read) + "(").getBytes(StandardCharsets.ISO_8859_1));
        if (call.whole() != null) {
            return pool.of(new CallsFrame.Arguments(call), below);
        }
        ObjectRule flattest = call.named().getFirst();
        for (ObjectRule named : call.named()) {
            flattest = named.height() < flattest.height() ? named : flattest;
        }
        return pool.of(flattest.begin(Values.MOST_LEVELS - below.nesting), below);
    }
}
