package org.scout4j.grammar.machine;

import java.util.Arrays;
import org.scout4j.grammar.regex.TextDfa;

/** Whether all pending obligations of an object can be met by members that can still come. */
final class Duties {
    private static final int NOBODY = -1;

    private final ObjectRule rule;
    private final ObjectRule.Tables sets;
    private final ObjectFrame frame;
    private final int pending;

    /** By obligation: the property that meets it, or the number of properties + other names. */
    private final int[] chosen;

    Duties(ObjectRule rule, ObjectRule.Tables sets, ObjectFrame frame, int pending) {
        this.rule = rule;
        this.sets = sets;
        this.frame = frame;
        this.pending = pending;
        this.chosen = new int[rule.obligations().size()];
        Arrays.fill(chosen, NOBODY);
    }

    /** Whether they can be met with so many members beside the required ones. */
    boolean fit(int room) {
        return fit(0, room);
    }

    private boolean fit(int obligation, int room) {
        if (obligation == chosen.length) {
            return true;
        }
        if ((pending >>> obligation & 1) == 0) {
            return fit(obligation + 1, room);
        }
        int members = rule.members().size();
        for (int member = 0; member < members + rule.others().size(); member++) {
            if (!can(obligation, member)) {
                continue;
            }
            boolean shared = sharedWith(obligation, member);
            if (!shared && (member < members ? busy(member) : crowded(obligation, member))) {
                continue;
            }
            boolean free =
                    shared || member < members && (sets.required[member >>> 6] >>> member & 1) != 0;
            if (free || room > 0) {
                chosen[obligation] = member;
                boolean fits = fit(obligation + 1, free ? room : room - 1);
                chosen[obligation] = NOBODY;
                if (fits) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean can(int obligation, int member) {
        if (member >= rule.members().size()) {
            TextDfa names = sets.meetingOthers[obligation][member - rule.members().size()];
            return rule.namesLeft(names, frame.taken()) > 0;
        }
        long possible = sets.meeting[obligation][member >>> 6] & ~frame.gone(member >>> 6);
        return (possible >>> member & 1) != 0;
    }

    /** Whether an earlier obligation with the same values is met by the same member. */
    private boolean sharedWith(int obligation, int member) {
        for (int earlier = 0; earlier < obligation; earlier++) {
            if (chosen[earlier] == member
                    && rule.obligations().get(earlier).value()
                            == rule.obligations().get(obligation).value()
                    && (member < rule.members().size() || sameNames(earlier, obligation, member))) {
                return true;
            }
        }
        return false;
    }

    private boolean sameNames(int one, int two, int member) {
        int other = member - rule.members().size();
        return !NameSets.both(sets.meetingOthers[one][other], sets.meetingOthers[two][other])
                .isEmpty();
    }

    private boolean busy(int member) {
        for (int taken : chosen) {
            if (taken == member) {
                return true;
            }
        }
        return false;
    }

    /** Whether no further name is left for the obligation among such other names. */
    private boolean crowded(int obligation, int member) {
        int using = 0;
        for (int taken : chosen) {
            using += taken == member ? 1 : 0;
        }
        int other = member - rule.members().size();
        return rule.namesLeft(sets.meetingOthers[obligation][other], frame.taken()) <= using;
    }
}
