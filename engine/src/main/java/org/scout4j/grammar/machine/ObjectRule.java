package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;

/**
 * What an object may hold. A member begins only if all that is required afterwards can still come.
 */
final class ObjectRule implements Values.Kind {
    private static final int MOST_SCOPES = 1024;

    /** The same where scopes keep texts. */
    private static final int MOST_RECORDING_SCOPES = 16;

    /** A named member; see {@link Alternative.Property}. */
    record Member(String name, Values value, boolean required, int group) {}

    /** Members by a set of names. */
    record Others(TextDfa names, Values value) {}

    private final Syntax syntax;
    private final List<Member> members;
    private final List<Others> others;
    private final List<Others> obligations;
    private final int min;
    private final int max;
    private int height = Values.ENDLESS;

    /** Everything that is needed only once such an object is read. */
    private @Nullable Tables tables;

    private @Nullable ObjectRule[] flatter = new @Nullable ObjectRule[0];
    private int tallest = -1;

    ObjectRule(
            Syntax syntax,
            List<Member> members,
            List<Others> others,
            List<Others> obligations,
            int min,
            int max) {
        this.syntax = syntax;
        this.members = members;
        this.others = others;
        this.obligations = obligations;
        this.min = min;
        this.max = max;
    }

    static ObjectRule of(Alternative.Objects objects, Syntax syntax, Shapes shapes) {
        Syntax inside = syntax.inside();
        List<Member> members = new ArrayList<>(objects.properties().size());
        for (Alternative.Property property : objects.properties()) {
            members.add(
                    new Member(
                            property.name(),
                            shapes.values(property.value(), inside),
                            property.required(),
                            property.group()));
        }
        List<Others> others = new ArrayList<>(objects.others().size());
        for (Alternative.OtherNames other : objects.others()) {
            TextDfa names =
                    syntax == Syntax.ARGUMENTS ? shapes.arguments(other.names()) : other.names();
            if (!names.isEmpty()) {
                others.add(new Others(names, shapes.values(other.value(), inside)));
            }
        }
        List<Others> obligations = new ArrayList<>(objects.obligations().size());
        for (Alternative.Obligation obligation : objects.obligations()) {
            obligations.add(
                    new Others(obligation.names(), shapes.values(obligation.value(), inside)));
        }
        return new ObjectRule(syntax, members, others, obligations, objects.min(), objects.max());
    }

    /** Sets of properties, and what was worked out about them. */
    static final class Tables {
        final int words;
        final long[] required;

        /** By property: itself and those before it in its group. */
        final long[][] upTo;

        /** By property: the required ones before it in its group. */
        final long[][] requiredBefore;

        final NameTree tree;

        /** By obligation: the properties that can meet it. */
        final long[][] meeting;

        /** By obligation and other names: the names in both. */
        final TextDfa[][] meetingOthers;

        /** Obligations that are unmet again if a name that met them comes again, as bits. */
        final int undone;

        final Map<ObjectFrame, NameScope> scopes = new HashMap<>();

        Tables(List<Member> members, List<Others> others, List<Others> obligations) {
            int count = members.size();
            words = (count + 63) >>> 6;
            required = new long[words];
            upTo = new long[count][];
            requiredBefore = new long[count][];
            String[] names = new String[count];
            Map<Integer, long[]> groups = new HashMap<>();
            for (int index = 0; index < count; index++) {
                Member member = members.get(index);
                names[index] = member.name();
                long[] group = groups.computeIfAbsent(member.group(), _ -> new long[words]);
                long[] before = group.clone();
                for (int word = 0; word < words; word++) {
                    before[word] &= required[word];
                }
                requiredBefore[index] = before;
                group[index >>> 6] |= 1L << index;
                upTo[index] = group.clone();
                if (member.required()) {
                    required[index >>> 6] |= 1L << index;
                }
            }
            tree = new NameTree(names);
            meeting = new long[obligations.size()][words];
            meetingOthers = new TextDfa[obligations.size()][others.size()];
            int lost = 0;
            for (int obligation = 0; obligation < meeting.length; obligation++) {
                TextDfa wanted = obligations.get(obligation).names();
                for (int index = 0; index < count; index++) {
                    if (wanted.contains(names[index])) {
                        meeting[obligation][index >>> 6] |= 1L << index;
                    }
                }
                for (int other = 0; other < others.size(); other++) {
                    meetingOthers[obligation][other] =
                            NameSets.both(wanted, others.get(other).names());
                    if (!meetingOthers[obligation][other].isEmpty()
                            && others.get(other).value() != obligations.get(obligation).value()) {
                        lost |= 1 << obligation;
                    }
                }
            }
            undone = lost;
        }
    }

    Tables tables() {
        Tables made = tables;
        if (made == null) {
            made = new Tables(members, others, obligations);
            tables = made;
        }
        return made;
    }

    Syntax syntax() {
        return syntax;
    }

    List<Member> members() {
        return members;
    }

    List<Others> others() {
        return others;
    }

    List<Others> obligations() {
        return obligations;
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    /** The count of members as far as it matters. */
    int count(int count) {
        return max == Alternative.UNBOUNDED ? Math.min(count, min) : count;
    }

    /** The object after its opening brace, where so many levels are left, its own included. */
    ObjectFrame begin(int levels) {
        ObjectRule rule = within(levels - 1);
        return new ObjectFrame(
                rule, ObjectFrame.Phase.OPEN, new long[rule.tables().words], 0, 0, List.of());
    }

    /** What may be the next member's name; shared by equal frames. */
    NameScope scope(ObjectFrame frame) {
        Map<ObjectFrame, NameScope> scopes = tables().scopes;
        ObjectFrame key = frame.in(ObjectFrame.Phase.NEXT);
        NameScope scope = scopes.get(key);
        if (scope == null) {
            if (scopes.size() >= (key.recordsOthers() ? MOST_RECORDING_SCOPES : MOST_SCOPES)) {
                scopes.clear();
            }
            scope = new NameScope(this, key);
            scopes.put(key, scope);
        }
        return scope;
    }

    /** The same rule without members whose values need more levels. */
    private ObjectRule within(int levels) {
        if (tallest < 0) {
            tallest = tallest();
        }
        return tallest <= levels ? this : flattened(levels);
    }

    private ObjectRule flattened(int levels) {
        if (flatter.length == 0) {
            flatter = new @Nullable ObjectRule[Values.MOST_LEVELS];
        }
        ObjectRule made = flatter[levels];
        if (made == null) {
            List<Member> flatMembers = new ArrayList<>(members);
            flatMembers.removeIf(member -> member.value().height() > levels);
            List<Others> flatOthers = new ArrayList<>(others);
            flatOthers.removeIf(other -> other.value().height() > levels);
            made = new ObjectRule(syntax, flatMembers, flatOthers, obligations, min, max);
            flatter[levels] = made;
        }
        return made;
    }

    private int tallest() {
        int most = 0;
        for (Member member : members) {
            most = Math.max(most, member.value().height());
        }
        for (Others other : others) {
            most = Math.max(most, other.value().height());
        }
        return most;
    }

    @Override
    public int height() {
        return height;
    }

    /** Whether an object of values with at most so many levels is possible; notes its height. */
    boolean heightFound(int levels) {
        if (height != Values.ENDLESS) {
            return false;
        }
        int available = 0;
        for (Member member : members) {
            if (member.value().height() <= levels) {
                available++;
            } else if (member.required()) {
                return false;
            }
        }
        for (Others other : others) {
            if (available < min && other.value().height() <= levels) {
                available += NameSets.count(other.names(), other.names().start(), min);
            }
        }
        for (Others obligation : obligations) {
            if (obligation.value().height() > levels) {
                return false;
            }
        }
        if (available < min) {
            return false;
        }
        height = levels + 1;
        return true;
    }

    /** Whether members never stand in each other's way. */
    boolean unhindered() {
        return min == 0 && max == Alternative.UNBOUNDED && obligations.isEmpty();
    }

    /** Whether what has been read can be ended, perhaps after further members. */
    boolean feasible(ObjectFrame frame) {
        Tables sets = tables();
        long total = frame.count() + (long) missing(frame);
        if (total > max) {
            return false;
        }
        if (frame.count() < min) {
            long available = (long) frame.count() + members.size() - frame.goneCount();
            for (int other = 0; other < others.size() && available < min; other++) {
                available += namesLeft(others.get(other).names(), frame.taken());
            }
            if (available < min) {
                return false;
            }
        }
        int pending = pending(frame);
        return pending == 0 || new Duties(this, sets, frame, pending).fit((int) (max - total));
    }

    /** Required properties that have not come. */
    int missing(ObjectFrame frame) {
        int missing = 0;
        long[] required = tables().required;
        for (int word = 0; word < required.length; word++) {
            missing += Long.bitCount(required[word] & ~frame.gone(word));
        }
        return missing;
    }

    /** Names of a set that were not taken, at most as many as ever matter. */
    int namesLeft(TextDfa names, List<String> taken) {
        int used = 0;
        for (String name : taken) {
            used += names.contains(name) ? 1 : 0;
        }
        return NameSets.count(names, names.start(), Math.max(min, 64) + used) - used;
    }

    /** Obligations that are unmet again if a name that met them comes again, as bits. */
    int undone() {
        return tables().undone;
    }

    /** Obligations that no member has met, as bits. */
    int pending(ObjectFrame frame) {
        return (1 << obligations.size()) - 1 & ~frame.met();
    }

    /** The pending obligations that are met by a value read for one of them. */
    int metTogether(int obligation, int candidates) {
        int met = 0;
        for (int other = 0; other < obligations.size(); other++) {
            if ((candidates >>> other & 1) != 0
                    && obligations.get(other).value() == obligations.get(obligation).value()) {
                met |= 1 << other;
            }
        }
        return met;
    }

    @Override
    public String toString() {
        return "object of " + Arrays.toString(members.stream().map(Member::name).toArray());
    }
}
