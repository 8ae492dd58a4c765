package org.scout4j.grammar.schema;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives members their groups: names of one {@code properties} keyword come in its order, names that
 * stand nowhere in a list come anywhere. Where two lists contradict each other, the names that both
 * have come anywhere.
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
        if (rules.size() > 1) {
            loosen(rules);
        }
    }

    private void loosen(List<Form.Members> rules) {
        Map<String, Integer> position = new HashMap<>();
        Set<String> loose = new HashSet<>();
        for (Form.Members rule : rules) {
            Map<Integer, Integer> last = new HashMap<>();
            boolean contradicts = false;
            Set<String> shared = new HashSet<>();
            int own = 0;
            for (String name : rule.named().keySet()) {
                Integer before = position.putIfAbsent(name, own++);
                Integer group = groups.get(name);
                if (before != null && group != null) {
                    shared.add(name);
                    Integer earlier = last.put(group, before);
                    contradicts |= earlier != null && earlier > before;
                }
            }
            if (contradicts && rule.ordered()) {
                loose.addAll(shared);
            }
        }
        for (String name : loose) {
            groups.put(name, next++);
        }
    }

    int group(String name) {
        Integer group = groups.get(name);
        return group == null ? next++ : group;
    }
}
