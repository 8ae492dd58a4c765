package org.scout4j.grammar.value;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.regex.TextDfa;

/** Some values of one kind. */
public sealed interface Alternative {

    /** Some of null, true and false; at least one. */
    record Keywords(boolean allowsNull, boolean allowsTrue, boolean allowsFalse)
            implements Alternative {}

    /**
     * Numbers, by how they may be spelt.
     *
     * @param spelling over ASCII, not empty; never allows the empty text
     */
    record Numbers(TextDfa spelling) implements Alternative {}

    /**
     * Strings, by their content: Unicode code points after escapes are resolved. Where content is
     * not {@link TextDfa#any()}, the least length is 0, as it is part of the automaton then; so is
     * the largest where that needs few states.
     *
     * @param content not empty; its shortest text is not above the largest length
     * @param minLength least code points
     * @param maxLength most code points
     */
    record Strings(TextDfa content, int minLength, int maxLength) implements Alternative {
        /** Whether texts of the content must be counted. */
        public boolean bounded() {
            return maxLength != UNBOUNDED && content != TextDfa.any();
        }
    }

    /**
     * Arrays.
     *
     * @param prefix what the first items may be, item by item
     * @param rest what every item after them may be; null = there are none
     * @param min least items
     * @param max most items; at most the prefix's length if there is no rest
     * @param minMatching least items that take {@link Slot#matching}; 0 = no such rule
     * @param maxMatching most such items; {@link #UNBOUNDED} = no such rule
     * @param unique whether no two items may be equal
     */
    record Arrays(
            List<Slot> prefix,
            @Nullable Slot rest,
            int min,
            int max,
            int minMatching,
            int maxMatching,
            boolean unique)
            implements Alternative {
        public Arrays {
            prefix = List.copyOf(prefix);
        }
    }

    /**
     * What one item may be. An array with a rule about matching items ({@code contains}) counts
     * those that were read as {@code matching}. With a largest number of them, every other item
     * must be read as {@code other}; with a least number only, other items are read as {@code any}.
     *
     * @param any everything the place allows
     * @param matching what of it counts; null = nothing, or no rule
     * @param other what of it does not count; null = nothing, or no rule
     */
    record Slot(ValueNode any, @Nullable ValueNode matching, @Nullable ValueNode other) {
        /** A place in an array without a rule about matching items. */
        public static Slot of(ValueNode any) {
            return new Slot(any, null, null);
        }
    }

    /**
     * Objects. A name is either one of the properties, or in exactly one or none of the other
     * classes; in none means that no such member may be there.
     *
     * @param properties named members, in the schema's order; only those that may be there
     * @param others all further members that may be there, by disjoint sets of names that hold none
     *     of the properties' names
     * @param min least members
     * @param max most members
     * @param obligations each must be met by a member of its own or shared with other obligations
     */
    record Objects(
            List<Property> properties,
            List<OtherNames> others,
            int min,
            int max,
            List<Obligation> obligations)
            implements Alternative {
        public Objects {
            properties = List.copyOf(properties);
            others = List.copyOf(others);
            obligations = List.copyOf(obligations);
        }
    }

    /**
     * A named member.
     *
     * @param group members of one group come in the order of the list; those of different groups in
     *     any order
     */
    record Property(String name, ValueNode value, boolean required, int group) {}

    /** Members whose names are in a set. */
    record OtherNames(TextDfa names, ValueNode value) {}

    /**
     * There must be at least one member with such a name and such a value.
     *
     * @param names may overlap the properties' names and others'
     * @param value already narrowed to what those names allow
     */
    record Obligation(TextDfa names, ValueNode value) {}

    /** No upper bound. */
    int UNBOUNDED = Integer.MAX_VALUE;
}
