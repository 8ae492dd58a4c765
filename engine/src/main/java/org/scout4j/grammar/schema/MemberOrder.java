package org.scout4j.grammar.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives members their groups: names of one {@code properties} keyword come in its order, all others
 * anywhere.
 */
final class MemberOrder {
    private final Map<String, Integer> groups = new HashMap<>();
    private int next;

    /** Groups for the names of some rules. */
    MemberOrder(List<Form.Members> rules) {
        for (Form.Members rule : rules) {
            if (rule.ordered()) {
                int group = next++;
                for (String name : rule.named().keySet()) {
                    groups.putIfAbsent(name, group);
                }
            }
        }
    }

    int group(String name) {
        Integer group = groups.get(name);
        return group == null ? next++ : group;
    }
}
