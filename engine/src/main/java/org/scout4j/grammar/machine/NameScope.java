package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.regex.TextDfa;

/**
 * The names that the next member of an object may have, and what follows each. A name goes on only
 * while it can become one that is allowed.
 */
final class NameScope implements Texts {
    private final ObjectRule rule;
    private final ObjectRule.Tables sets;
    private final ObjectFrame frame;
    private final NameTree tree;
    private final TextKind kind;

    /** Properties that may come next, as bits. */
    private final long[] allowed;

    /** By other names: whether such a member may come next. */
    private final boolean[] allowedOthers;

    private final boolean anyOthers;

    private final int pending;

    /** Where a name stands in the tree and all automata; −1 where it fell out. */
    private final List<int[]> places = new ArrayList<>();

    /** Texts of the states; null where they do not matter any more. */
    private final List<@Nullable String> texts = new ArrayList<>();

    private final Map<Object, Integer> known = new HashMap<>();
    private final int start;

    NameScope(ObjectRule rule, ObjectFrame frame) {
        this.rule = rule;
        this.frame = frame;
        this.sets = rule.tables();
        this.tree = sets.tree;
        this.pending = rule.pending(frame);
        this.allowed = new long[sets.words];
        for (int property = 0; property < rule.members().size(); property++) {
            if (mayCome(property)) {
                allowed[property >>> 6] |= 1L << property;
            }
        }
        this.allowedOthers = new boolean[rule.others().size()];
        boolean any = false;
        for (int other = 0; other < allowedOthers.length; other++) {
            allowedOthers[other] = otherMayCome(other);
            any |= allowedOthers[other];
        }
        this.anyOthers = any;
        TextKind.Form form =
                switch (rule.syntax()) {
                    case JSON -> TextKind.Form.JSON;
                    case PYTHON -> TextKind.Form.PYTHON;
                    case ARGUMENTS -> TextKind.Form.NAME;
                };
        this.kind = TextKind.of(this, form);
        this.start = first(frame.recordsOthers() ? "" : null);
    }

    TextKind kind() {
        return kind;
    }

    /** Whether a property may come next, read in some way. */
    boolean mayCome(int property) {
        if ((frame.gone(property >>> 6) >>> property & 1) != 0) {
            return false;
        }
        long[] before = sets.requiredBefore[property];
        for (int word = 0; word < before.length; word++) {
            if ((before[word] & ~frame.gone(word)) != 0) {
                return false;
            }
        }
        if (rule.unhindered() || rule.feasible(frame.with(property, 0))) {
            return true;
        }
        for (int duty = 0; duty < rule.obligations().size(); duty++) {
            if (meets(duty, property) && rule.feasible(frame.with(property, met(duty, property)))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a property can meet a pending obligation. */
    boolean meets(int duty, int property) {
        return (pending >>> duty & 1) != 0
                && (sets.meeting[duty][property >>> 6] >>> property & 1) != 0;
    }

    /** What is met by a property's value that is read for one obligation. */
    int met(int duty, int property) {
        int candidates = 0;
        for (int other = 0; other < rule.obligations().size(); other++) {
            candidates |= meets(other, property) ? 1 << other : 0;
        }
        return rule.metTogether(duty, candidates);
    }

    /**
     * Other names wait until no required property is missing: a model that may invent members would
     * else never come to those that are asked for.
     */
    private boolean otherMayCome(int other) {
        if (rule.missing(frame) > 0) {
            return false;
        }
        TextDfa names = rule.others().get(other).names();
        if (frame.recordsOthers() && rule.namesLeft(names, frame.taken()) <= 0) {
            return false;
        }
        if (rule.unhindered()) {
            return true;
        }
        String any =
                frame.recordsOthers() ? NameSets.word(names, names.start(), frame.taken()) : "";
        if (rule.feasible(frame.withOther(any, 0))) {
            return true;
        }
        for (int duty = 0; duty < rule.obligations().size(); duty++) {
            if ((pending >>> duty & 1) != 0
                    && rule.namesLeft(sets.meetingOthers[duty][other], frame.taken()) > 0
                    && rule.feasible(
                            frame.withOther(
                                    NameSets.word(
                                            sets.meetingOthers[duty][other],
                                            sets.meetingOthers[duty][other].start(),
                                            frame.taken()),
                                    1 << duty))) {
                return true;
            }
        }
        return false;
    }

    private int first(@Nullable String text) {
        int[] place = new int[1 + allowedOthers.length + rule.obligations().size()];
        place[0] = tree.leadsTo(0, allowed) ? 0 : DEAD;
        for (int other = 0; other < allowedOthers.length; other++) {
            place[1 + other] =
                    allowedOthers[other] ? rule.others().get(other).names().start() : DEAD;
        }
        for (int duty = 0; duty < rule.obligations().size(); duty++) {
            place[1 + allowedOthers.length + duty] =
                    (pending >>> duty & 1) != 0 && anyOthers
                            ? rule.obligations().get(duty).names().start()
                            : DEAD;
        }
        return anyOthers ? state(place, text) : place[0];
    }

    private int state(int[] place, @Nullable String begun) {
        boolean alive = place[0] != DEAD;
        String text = begun != null && matters(place, begun) ? begun : null;
        for (int other = 0; other < allowedOthers.length; other++) {
            int at = place[1 + other];
            if (at != DEAD && text != null && !namesLeft(other, at, text)) {
                place[1 + other] = DEAD;
            }
            alive |= place[1 + other] != DEAD;
        }
        if (!alive) {
            return DEAD;
        }
        Object key = text != null ? text : new Place(place);
        Integer number = known.get(key);
        if (number == null) {
            number = places.size();
            known.put(key, number);
            places.add(place);
            texts.add(text);
        }
        return number;
    }

    /**
     * Whether a name that begins so may have to be remembered, or may be one that was taken. If
     * not, that holds for all that it can become.
     */
    private boolean matters(int[] place, String text) {
        if (frame.count() + 1 < rule.min()) {
            return true;
        }
        for (int duty = 0; duty < rule.obligations().size(); duty++) {
            if ((rule.undone() >>> duty & 1) != 0
                    && place[1 + allowedOthers.length + duty] != DEAD) {
                return true;
            }
        }
        for (String name : frame.taken()) {
            if (name.startsWith(text)) {
                return true;
            }
        }
        return false;
    }

    private record Place(int[] at) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Place(int[] there) && Arrays.equals(at, there);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(at);
        }
    }

    /** Whether some name that begins so was not taken. */
    private boolean namesLeft(int other, int at, String text) {
        TextDfa names = rule.others().get(other).names();
        if (names.universal(at)) {
            return true;
        }
        int used = 0;
        for (String name : frame.taken()) {
            used += name.startsWith(text) && names.contains(name) ? 1 : 0;
        }
        return used == 0 || NameSets.count(names, at, used + 1) > used;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int next(int state, int codePoint) {
        if (!anyOthers) {
            return nextInTree(state, codePoint);
        }
        int[] place = places.get(state);
        int[] to = new int[place.length];
        to[0] = place[0] == DEAD ? DEAD : nextInTree(place[0], codePoint);
        for (int index = 1; index < place.length; index++) {
            to[index] = place[index] == DEAD ? DEAD : dfa(index).next(place[index], codePoint);
        }
        String text = texts.get(state);
        return state(to, text == null ? null : text + Character.toString(codePoint));
    }

    private int nextInTree(int node, int codePoint) {
        int child = tree.child(node, codePoint);
        return child >= 0 && tree.leadsTo(child, allowed) ? child : DEAD;
    }

    private TextDfa dfa(int index) {
        return index <= allowedOthers.length
                ? rule.others().get(index - 1).names()
                : rule.obligations().get(index - 1 - allowedOthers.length).names();
    }

    @Override
    public int sameUpTo(int state, int codePoint) {
        if (anyOthers && texts.get(state) != null && aliveAfter(places.get(state), codePoint)) {
            return codePoint;
        }
        int[] place = anyOthers ? places.get(state) : new int[] {state};
        int end = TextDfa.MAX_CODE_POINT;
        if (place[0] != DEAD) {
            int child = tree.childFrom(place[0], codePoint);
            end = child == codePoint ? codePoint : child - 1;
        }
        for (int index = 1; index < place.length; index++) {
            if (place[index] != DEAD) {
                end = Math.min(end, DfaTexts.sameUpTo(dfa(index), place[index], codePoint));
            }
        }
        return end;
    }

    private boolean aliveAfter(int[] place, int codePoint) {
        if (place[0] != DEAD && nextInTree(place[0], codePoint) != DEAD) {
            return true;
        }
        for (int index = 1; index <= allowedOthers.length; index++) {
            if (place[index] != DEAD && dfa(index).next(place[index], codePoint) != DEAD) {
                return true;
            }
        }
        return false;
    }

    private int property(int state) {
        int node = anyOthers ? places.get(state)[0] : state;
        int property = node == DEAD ? -1 : tree.property(node);
        return property >= 0 && (allowed[property >>> 6] >>> property & 1) != 0 ? property : -1;
    }

    @Override
    public boolean accepts(int state) {
        return property(state) >= 0 || otherAt(state) >= 0;
    }

    /** The set of other names that the text is in; −1 if there is none. */
    private int otherAt(int state) {
        if (!anyOthers) {
            return -1;
        }
        String text = texts.get(state);
        if (text != null && frame.taken().contains(text)) {
            return -1;
        }
        int[] place = places.get(state);
        for (int other = 0; other < allowedOthers.length; other++) {
            int at = place[1 + other];
            if (at != DEAD && rule.others().get(other).names().accepts(at)) {
                return other;
            }
        }
        return -1;
    }

    @Override
    public boolean open(int state) {
        if (anyOthers) {
            int[] place = places.get(state);
            for (int other = 0; other < allowedOthers.length; other++) {
                int at = place[1 + other];
                if (at != DEAD && rule.others().get(other).names().total(at)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean universal(int state) {
        return anyOthers
                && texts.get(state) == null
                && open(state)
                && next(state, 'x') == state
                && sameUpTo(state, 0) == TextDfa.MAX_CODE_POINT;
    }

    @Override
    public void leave(int state, Stack below, StackPool out) {
        Stack under = below.below();
        int property = property(state);
        if (property >= 0) {
            Values value = rule.members().get(property).value();
            emit(value, frame.with(property, 0), under, out);
            for (int duty = 0; duty < rule.obligations().size(); duty++) {
                if (meets(duty, property)) {
                    Values dutiful = rule.obligations().get(duty).value();
                    emit(dutiful, frame.with(property, met(duty, property)), under, out);
                }
            }
            return;
        }
        int other = otherAt(state);
        if (other < 0) {
            return;
        }
        String text = texts.get(state);
        String name = text == null ? "" : text; // one that is not kept, as it does not matter
        emit(rule.others().get(other).value(), frame.withOther(name, 0), under, out);
        int candidates = 0;
        for (int duty = 0; duty < rule.obligations().size(); duty++) {
            int at = places.get(state)[1 + allowedOthers.length + duty];
            if (at != DEAD && rule.obligations().get(duty).names().accepts(at)) {
                candidates |= 1 << duty;
            }
        }
        for (int duty = 0; duty < rule.obligations().size(); duty++) {
            if ((candidates >>> duty & 1) != 0) {
                Values dutiful = rule.obligations().get(duty).value();
                int met = rule.metTogether(duty, candidates);
                emit(dutiful, frame.withOther(name, met), under, out);
            }
        }
    }

    /** Whether a property may come next. */
    boolean allows(int property) {
        return (allowed[property >>> 6] >>> property & 1) != 0;
    }

    /** Whether a member with such another name may come next. */
    boolean allowsOther(int other) {
        return allowedOthers[other];
    }

    private void emit(Values value, ObjectFrame after, Stack under, StackPool out) {
        if (!rule.feasible(after)) {
            return;
        }
        Stack object = out.of(after, under);
        if (value.height() > Values.MOST_LEVELS - object.nesting) {
            return;
        }
        if (rule.syntax() == Syntax.ARGUMENTS) {
            out.emit(out.of(new Frame.Await(value, false, false), object));
        } else {
            out.emit(out.of(new Frame.Colon(value, rule.syntax()), object));
        }
    }
}
