package org.scout4j.grammar.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

/** Hand-built sets of values and random ones. */
final class Nodes {
    private Nodes() {}

    static ValueNode string() {
        return ValueNode.of(new Alternative.Strings(TextDfa.any(), 0, Alternative.UNBOUNDED));
    }

    static ValueNode string(int min, int max) {
        return ValueNode.of(new Alternative.Strings(TextDfa.any(), min, max));
    }

    static ValueNode string(TextDfa content) {
        return ValueNode.of(new Alternative.Strings(content, 0, Alternative.UNBOUNDED));
    }

    static ValueNode keywords() {
        return ValueNode.of(new Alternative.Keywords(true, true, true));
    }

    static ValueNode integer() {
        return ValueNode.of(integers());
    }

    static Alternative.Numbers integers() {
        TextDfa.Builder builder = new TextDfa.Builder();
        int start = builder.state(false);
        int minus = builder.state(false);
        int zero = builder.state(true);
        int digits = builder.state(true);
        builder.edge(start, '-', '-', minus);
        for (int from : new int[] {start, minus}) {
            builder.edge(from, '0', '0', zero);
            builder.edge(from, '1', '9', digits);
        }
        builder.edge(digits, '0', '9', digits);
        return new Alternative.Numbers(builder.build(start));
    }

    /** Any JSON value; numbers are integers. */
    static ValueNode anything() {
        ValueNode node = new ValueNode();
        node.fill(
                List.of(
                        new Alternative.Keywords(true, true, true),
                        integers(),
                        new Alternative.Strings(TextDfa.any(), 0, Alternative.UNBOUNDED),
                        array(node),
                        object(
                                List.of(),
                                List.of(new Alternative.OtherNames(TextDfa.any(), node)))));
        return node;
    }

    static Alternative.Arrays array(ValueNode item) {
        return array(item, 0, Alternative.UNBOUNDED);
    }

    static Alternative.Arrays array(ValueNode item, int min, int max) {
        return new Alternative.Arrays(
                List.of(), Alternative.Slot.of(item), min, max, 0, Alternative.UNBOUNDED, false);
    }

    static Alternative.Objects object(
            List<Alternative.Property> properties, List<Alternative.OtherNames> others) {
        return new Alternative.Objects(properties, others, 0, Alternative.UNBOUNDED, List.of());
    }

    static Alternative.Property required(String name, ValueNode value) {
        return new Alternative.Property(name, value, true, 0);
    }

    static Alternative.Property optional(String name, ValueNode value) {
        return new Alternative.Property(name, value, false, 0);
    }

    /** Exactly these words. */
    static TextDfa words(String... words) {
        TextDfa.Builder builder = new TextDfa.Builder();
        NameTree tree = new NameTree(words);
        for (int node = 0; node < tree.nodes(); node++) {
            builder.state(tree.property(node) >= 0);
        }
        edges(builder, tree, -1);
        return builder.build(0);
    }

    /** All texts but these words. */
    static TextDfa allBut(String... words) {
        TextDfa.Builder builder = new TextDfa.Builder();
        NameTree tree = new NameTree(words);
        for (int node = 0; node < tree.nodes(); node++) {
            builder.state(tree.property(node) < 0);
        }
        int other = builder.state(true);
        builder.edge(other, 0, TextDfa.MAX_CODE_POINT, other);
        edges(builder, tree, other);
        return builder.build(0);
    }

    private static void edges(TextDfa.Builder builder, NameTree tree, int other) {
        for (int node = 0; node < tree.nodes(); node++) {
            int from = 0;
            for (int at = tree.childFrom(node, 0);
                    at <= TextDfa.MAX_CODE_POINT;
                    at = tree.childFrom(node, at + 1)) {
                if (other >= 0 && from < at) {
                    builder.edge(node, from, at - 1, other);
                }
                builder.edge(node, at, at, tree.child(node, at));
                from = at + 1;
            }
            if (other >= 0 && from <= TextDfa.MAX_CODE_POINT) {
                builder.edge(node, from, TextDfa.MAX_CODE_POINT, other);
            }
        }
    }

    /** Texts of letters from a range, of some length at most. */
    static TextDfa letters(char low, char high, int most) {
        TextDfa.Builder builder = new TextDfa.Builder();
        int before = builder.state(true);
        int start = before;
        for (int length = 0; length < most; length++) {
            int next = builder.state(true);
            builder.edge(before, low, high, next);
            before = next;
        }
        return builder.build(start);
    }

    /** A random set of values, at most so deep before it refers to itself. */
    static ValueNode random(SplittableRandom random, int depth) {
        ValueNode root = new ValueNode();
        fill(root, random, depth, List.of(root));
        return root;
    }

    private static void fill(
            ValueNode node, SplittableRandom random, int depth, List<ValueNode> around) {
        List<Alternative> alternatives = new ArrayList<>();
        int count = 1 + (random.nextInt(3) == 0 ? 1 : 0);
        for (int index = 0; index < count; index++) {
            alternatives.add(alternative(random, depth, around));
        }
        boolean finite = false;
        for (Alternative alternative : alternatives) {
            finite |=
                    !(alternative instanceof Alternative.Arrays
                            || alternative instanceof Alternative.Objects);
        }
        if (!finite) {
            alternatives.add(scalar(random));
        }
        node.fill(alternatives);
    }

    private static Alternative scalar(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> new Alternative.Keywords(random.nextBoolean(), true, random.nextBoolean());
            case 1 -> integers();
            case 2 -> new Alternative.Numbers(words("7", "1.5", "-3e2"));
            case 3 ->
                    new Alternative.Strings(
                            words("a", "ab", "é", "日本", "\n", "\"q\""), 0, Alternative.UNBOUNDED);
            case 4 -> new Alternative.Strings(allBut("", "a", "name"), 0, Alternative.UNBOUNDED);
            case 5 -> {
                int min = random.nextInt(4);
                yield new Alternative.Strings(
                        TextDfa.any(),
                        min,
                        random.nextBoolean() ? min + random.nextInt(4) : Alternative.UNBOUNDED);
            }
            case 6 ->
                    new Alternative.Strings(
                            letters('a', random.nextBoolean() ? 'c' : 'é', 3),
                            0,
                            Alternative.UNBOUNDED);
            default -> new Alternative.Strings(TextDfa.any(), 0, Alternative.UNBOUNDED);
        };
    }

    private static Alternative alternative(
            SplittableRandom random, int depth, List<ValueNode> around) {
        return switch (depth == 0 ? 0 : random.nextInt(5)) {
            case 0, 1 -> scalar(random);
            case 2 -> random.nextInt(3) == 0 ? unique(random) : arrays(random, depth, around);
            case 3 -> random.nextInt(4) == 0 ? duties(random) : objects(random, depth, around);
            default -> objects(random, depth, around);
        };
    }

    private static ValueNode inside(SplittableRandom random, int depth, List<ValueNode> around) {
        if (random.nextInt(6) == 0) {
            return around.get(random.nextInt(around.size()));
        }
        ValueNode node = new ValueNode();
        List<ValueNode> further = new ArrayList<>(around);
        further.add(node);
        fill(node, random, depth - 1, further);
        return node;
    }

    private static Alternative arrays(SplittableRandom random, int depth, List<ValueNode> around) {
        List<Alternative.Slot> prefix = new ArrayList<>();
        for (int index = random.nextInt(3); index > 0; index--) {
            prefix.add(Alternative.Slot.of(inside(random, depth, around)));
        }
        boolean rest = prefix.isEmpty() || random.nextBoolean();
        if (rest && random.nextInt(3) == 0) {
            Alternative.Slot slot =
                    new Alternative.Slot(
                            string(), string(words("m", "mm")), string(allBut("m", "mm")));
            int least = random.nextInt(3);
            int most = random.nextBoolean() ? Alternative.UNBOUNDED : least + random.nextInt(2);
            return new Alternative.Arrays(
                    List.of(), slot, random.nextInt(3), 4, least, most, false);
        }
        int max =
                !rest
                        ? random.nextInt(prefix.size() + 1)
                        : random.nextBoolean() ? Alternative.UNBOUNDED : random.nextInt(5);
        int min = random.nextInt(Math.min(max, 3) + 1);
        return new Alternative.Arrays(
                prefix,
                rest ? Alternative.Slot.of(inside(random, depth, around)) : null,
                min,
                max,
                0,
                Alternative.UNBOUNDED,
                false);
    }

    private static Alternative unique(SplittableRandom random) {
        ValueNode items =
                switch (random.nextInt(5)) {
                    case 0 -> string(words("a", "ab", "é", "b"));
                    case 1 ->
                            ValueNode.of(new Alternative.Numbers(words("7", "1.5", "7.0", "-300")));
                    case 2 -> keywords();
                    case 3 -> string(0, 1);
                    default ->
                            ValueNode.of(
                                    new Alternative.Keywords(true, true, false),
                                    integers(),
                                    new Alternative.Strings(
                                            TextDfa.any(), 0, Alternative.UNBOUNDED));
                };
        return new Alternative.Arrays(
                List.of(),
                Alternative.Slot.of(items),
                random.nextInt(4),
                random.nextBoolean() ? 4 : Alternative.UNBOUNDED,
                0,
                Alternative.UNBOUNDED,
                true);
    }

    private static Alternative duties(SplittableRandom random) {
        List<Alternative.Property> properties =
                List.of(
                        new Alternative.Property("a", string(), random.nextBoolean(), 0),
                        new Alternative.Property("ab", string(), false, random.nextInt(2)));
        List<Alternative.OtherNames> others =
                random.nextBoolean()
                        ? List.of()
                        : List.of(new Alternative.OtherNames(allBut("a", "ab"), string()));
        List<Alternative.Obligation> obligations = new ArrayList<>();
        obligations.add(new Alternative.Obligation(TextDfa.any(), string(words("m", "mm"))));
        if (random.nextBoolean()) {
            obligations.add(new Alternative.Obligation(letters('a', 'b', 3), string(words("q"))));
        }
        int max = random.nextBoolean() ? Alternative.UNBOUNDED : 2 + random.nextInt(2);
        return new Alternative.Objects(properties, others, random.nextInt(3), max, obligations);
    }

    private static Alternative objects(SplittableRandom random, int depth, List<ValueNode> around) {
        String[] names = {"a", "ab", "name", "é", "x\"y", "zz"};
        List<Alternative.Property> properties = new ArrayList<>();
        List<String> used = new ArrayList<>();
        int required = 0;
        for (String name : names) {
            if (random.nextInt(2) == 0) {
                boolean must = random.nextInt(3) == 0;
                required += must ? 1 : 0;
                properties.add(
                        new Alternative.Property(
                                name, inside(random, depth, around), must, random.nextInt(2)));
                used.add(name);
            }
        }
        List<Alternative.OtherNames> others = new ArrayList<>();
        int capacity = properties.size();
        switch (random.nextInt(4)) {
            case 0 -> {
                others.add(
                        new Alternative.OtherNames(
                                allBut(used.toArray(String[]::new)),
                                inside(random, depth, around)));
                capacity = 20;
            }
            case 1 -> {
                others.add(
                        new Alternative.OtherNames(
                                words("p", "pq"), inside(random, depth, around)));
                capacity += 2;
            }
            default -> {}
        }
        int min = random.nextInt(3) == 0 ? random.nextInt(Math.min(capacity, 4) + 1) : 0;
        int max =
                random.nextInt(3) == 0
                        ? Math.max(min, required) + random.nextInt(3)
                        : Alternative.UNBOUNDED;
        return new Alternative.Objects(properties, others, min, max, List.of());
    }
}
