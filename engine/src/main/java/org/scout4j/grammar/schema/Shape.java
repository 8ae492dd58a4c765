package org.scout4j.grammar.schema;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;

/**
 * One alternative of a term, for values of one type: an {@link Alternative} whose inner values are
 * still terms, some of which may hold nothing.
 */
sealed interface Shape {
    record Numbers(NumberRules.Key rules, Alternative.Numbers numbers) implements Shape {}

    record Texts(TextRules.Key rules, Alternative.Strings strings) implements Shape {}

    record Arrays(
            List<Slot> prefix,
            @Nullable Slot rest,
            int min,
            int max,
            int minMatching,
            int maxMatching,
            Form.@Nullable Unique unique)
            implements Shape {
        Slot slot(int index) {
            return index < prefix.size() ? prefix.get(index) : requireNonNull(rest);
        }
    }

    /** See {@link Alternative.Slot}. */
    record Slot(Term any, @Nullable Term matching, @Nullable Term other) {}

    record Objects(
            List<Member> members, List<Others> others, int min, int max, List<Others> obligations)
            implements Shape {}

    /** See {@link Alternative.Property}. */
    record Member(String name, Term value, boolean required, int group) {}

    /** Names and what their values are: a class of other names, or an obligation. */
    record Others(TextDfa names, Term value) {}
}
