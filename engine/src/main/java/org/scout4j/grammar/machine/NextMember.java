package org.scout4j.grammar.machine;

import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.regex.TextDfa;

/**
 * A member that brings an object nearer to its end.
 *
 * @param after the object after it
 */
record NextMember(String name, Values value, ObjectFrame after) {
    /** A required property, else a member that meets an obligation, else the flattest. */
    static NextMember of(ObjectFrame frame) {
        ObjectRule rule = frame.rule();
        NameScope scope = rule.scope(frame);
        @Nullable NextMember flattest = null;
        for (int property = 0; property < rule.members().size(); property++) {
            if (!scope.allows(property)) {
                continue;
            }
            ObjectRule.Member member = rule.members().get(property);
            for (int duty = 0; duty < rule.obligations().size(); duty++) {
                if (scope.meets(duty, property)) {
                    ObjectFrame after = frame.with(property, scope.met(duty, property));
                    if (rule.feasible(after)) {
                        Values value = rule.obligations().get(duty).value();
                        return new NextMember(member.name(), value, after);
                    }
                }
            }
            ObjectFrame after = frame.with(property, 0);
            if (rule.feasible(after)) {
                NextMember choice = new NextMember(member.name(), member.value(), after);
                if (member.required()) {
                    return choice;
                }
                flattest = flatter(choice, flattest);
            }
        }
        for (int other = 0; other < rule.others().size(); other++) {
            if (scope.allowsOther(other)) {
                for (int duty = 0; duty < rule.obligations().size(); duty++) {
                    TextDfa names = rule.tables().meetingOthers[duty][other];
                    if ((rule.pending(frame) >>> duty & 1) != 0
                            && rule.namesLeft(names, frame.taken()) > 0) {
                        Values value = rule.obligations().get(duty).value();
                        NextMember choice = other(frame, names, value, 1 << duty);
                        if (rule.feasible(choice.after)) {
                            return choice;
                        }
                    }
                }
                ObjectRule.Others others = rule.others().get(other);
                flattest = flatter(other(frame, others.names(), others.value(), 0), flattest);
            }
        }
        if (flattest == null) {
            throw new IllegalStateException("an object cannot be completed");
        }
        return flattest;
    }

    private static NextMember other(ObjectFrame frame, TextDfa names, Values value, int met) {
        String name = NameSets.word(names, names.start(), frame.taken());
        return new NextMember(name, value, frame.withOther(name, met));
    }

    private static NextMember flatter(NextMember one, @Nullable NextMember two) {
        return two == null
                        || one.value.height() < two.value.height()
                                && one.after.rule().feasible(one.after)
                ? one
                : two;
    }
}
