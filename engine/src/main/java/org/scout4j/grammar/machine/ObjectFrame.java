package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An object that is being read, or the arguments of a call. */
final class ObjectFrame implements Frame {
    /** What comes next. */
    enum Phase {
        /** After the brace: a member or the end. */
        OPEN,
        /** After a member: a comma or the end. */
        AFTER,
        /** After a comma: a member. */
        NEXT,
        /** The same, after a blank. */
        NEXT_CLOSE
    }

    private final ObjectRule rule;
    private final Phase phase;

    /** Properties that were read, or cannot come because a later one of their group was. */
    private final long[] gone;

    private final int count;
    private final int met;
    private final List<String> taken;
    private final int hash;

    /**
     * @param count members, as far as it matters
     * @param met obligations that a member has met, as bits
     * @param taken names beside the properties' that must not come again
     */
    ObjectFrame(ObjectRule rule, Phase phase, long[] gone, int count, int met, List<String> taken) {
        this.rule = rule;
        this.phase = phase;
        this.gone = gone;
        this.count = count;
        this.met = met;
        this.taken = taken;
        this.hash =
                ((((System.identityHashCode(rule) * 31 + phase.ordinal()) * 31
                                                                        + Arrays.hashCode(gone))
                                                                * 31
                                                        + count)
                                                * 31
                                        + met)
                                * 31
                        + taken.hashCode();
    }

    ObjectFrame in(Phase newPhase) {
        return newPhase == phase ? this : new ObjectFrame(rule, newPhase, gone, count, met, taken);
    }

    ObjectRule rule() {
        return rule;
    }

    Phase phase() {
        return phase;
    }

    long gone(int word) {
        return gone[word];
    }

    int goneCount() {
        int bits = 0;
        for (long word : gone) {
            bits += Long.bitCount(word);
        }
        return bits;
    }

    int count() {
        return count;
    }

    int met() {
        return met;
    }

    List<String> taken() {
        return taken;
    }

    /** The same after a property and its value. */
    ObjectFrame with(int property, int nowMet) {
        long[] upTo = rule.tables().upTo[property];
        long[] nowGone = gone.clone();
        for (int word = 0; word < nowGone.length; word++) {
            nowGone[word] |= upTo[word];
        }
        return new ObjectFrame(
                rule,
                Phase.AFTER,
                nowGone,
                rule.count(count + 1),
                met | nowMet,
                stillTaken(count + 1));
    }

    /** The same after another member. */
    ObjectFrame withOther(String name, int nowMet) {
        List<String> nowTaken = stillTaken(count + 1);
        if (count + 1 < rule.min() || nowMet != 0) {
            nowTaken = new ArrayList<>(nowTaken);
            nowTaken.add(name);
            nowTaken.sort(null);
        }
        return new ObjectFrame(
                rule,
                Phase.AFTER,
                gone,
                rule.count(count + 1),
                met | nowMet,
                List.copyOf(nowTaken));
    }

    /** Names matter until there are members enough, or if one may have met an obligation. */
    private List<String> stillTaken(int members) {
        return members < rule.min() || !rule.obligations().isEmpty() ? taken : List.of();
    }

    /** Whether the name of another member matters afterwards. */
    boolean recordsOthers() {
        return count + 1 < rule.min() || !taken.isEmpty() || rule.pending(this) != 0;
    }

    boolean mayClose() {
        return count >= rule.min() && rule.missing(this) == 0 && rule.pending(this) == 0;
    }

    @Override
    public void step(int value, Stack below, StackPool out) {
        if (phase != Phase.NEXT && phase != Phase.NEXT_CLOSE && value == closing()) {
            if (mayClose()) {
                out.emit(below);
            }
        } else if (phase == Phase.AFTER) {
            if (value == ',' && rule.scope(this).start() != Texts.DEAD) {
                out.emit(out.of(in(Phase.NEXT), below));
            }
        } else if (value == ' ' && phase == Phase.NEXT && rule.syntax() != Syntax.JSON) {
            out.emit(out.of(in(Phase.NEXT_CLOSE), below));
        } else if (rule.syntax() == Syntax.ARGUMENTS || value == '"') {
            name(value, below, out);
        }
    }

    private void name(int value, Stack below, StackPool out) {
        NameScope scope = rule.scope(this);
        if (scope.start() == Texts.DEAD) {
            return;
        }
        Stack object = out.of(in(Phase.NEXT), below);
        TextFrame name = scope.kind().begin();
        if (rule.syntax() == Syntax.ARGUMENTS) {
            name.step(value, object, out); // a bare name: this is its first byte
        } else {
            out.emit(out.of(name, object));
        }
    }

    private char closing() {
        return rule.syntax() == Syntax.ARGUMENTS ? ')' : '}';
    }

    @Override
    public boolean spaced() {
        return rule.syntax() == Syntax.JSON;
    }

    @Override
    public int levels() {
        return 1;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof ObjectFrame frame
                        && frame.hash == hash
                        && frame.rule == rule
                        && frame.phase == phase
                        && frame.count == count
                        && frame.met == met
                        && Arrays.equals(frame.gone, gone)
                        && frame.taken.equals(taken);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
