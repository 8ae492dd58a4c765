package org.scout4j.grammar.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.regex.DfaAlgebra;
import org.scout4j.grammar.regex.NumberSet;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;

/**
 * Turns terms into shapes: multiplies out "and" over "or", one type at a time, because most
 * branches of real schemas say nothing about most types.
 */
final class Expander implements NameSource {
    private static final int NUMBER = Terms.NUMBER;
    private static final int STRING = Terms.STRING;
    private static final int ARRAY = Terms.ARRAY;

    /** Shapes of a term for one type. */
    private record Question(Term term, int type) {}

    /** A conjunction that still has choices. */
    private record Branch(Rules rules, @Nullable Choices choices) {}

    /** A choice to be made, and those after it. */
    private record Choices(Term choice, @Nullable Choices others) {}

    private final Terms terms;
    private final CompileBudget budget;
    private final ObjectShaper objects;
    private final ArrayShaper arrays;
    private final Disjointness disjointness;
    private final Map<Question, List<Shape>> known = new HashMap<>();
    private final Set<Question> open = new HashSet<>();
    private final Map<Question, List<Term>> exclusive = new HashMap<>();
    private final Map<NumberRules.Key, Alternative.@Nullable Numbers> numbers = new HashMap<>();
    private final Map<TextRules.Key, Alternative.@Nullable Strings> strings = new HashMap<>();

    Expander(Terms terms, Relaxation relaxation, CompileBudget budget) {
        this.terms = terms;
        this.budget = budget;
        objects = new ObjectShaper(terms, this, budget);
        arrays = new ArrayShaper(terms, relaxation, budget);
        disjointness = new Disjointness(this, terms, budget);
    }

    /** All values of a type that the term holds; terms inside may turn out to hold nothing. */
    List<Shape> shapes(Term term, int type) {
        if (term.holdsNone(type)) {
            return List.of();
        }
        Question question = new Question(term, type);
        List<Shape> shapes = known.get(question);
        if (shapes == null) {
            open.add(question);
            shapes = expand(term, type);
            open.remove(question);
            known.put(question, shapes);
        }
        return shapes;
    }

    /** Whether the shapes are being worked out just now. */
    boolean isOpen(Term term, int type) {
        return open.contains(new Question(term, type));
    }

    /** Whether the shapes have been worked out. */
    boolean isKnown(Term term, int type) {
        return known.containsKey(new Question(term, type));
    }

    private List<Shape> expand(Term term, int type) {
        Set<Shape> shapes = new LinkedHashSet<>();
        ArrayDeque<Branch> stack = new ArrayDeque<>();
        push(stack, rules(type), null, term, type);
        while (!stack.isEmpty()) {
            Branch branch = stack.pop();
            budget.spend(1);
            if (branch.choices == null) {
                finish(branch.rules, shapes);
            } else {
                choose(branch, type, stack);
            }
        }
        return List.copyOf(shapes);
    }

    private static Rules rules(int type) {
        return switch (type) {
            case NUMBER -> new NumberRules();
            case STRING -> new TextRules();
            case ARRAY -> new ArrayRules();
            default -> new ObjectRules();
        };
    }

    /** Adds a term to the rules and goes on with it, if it can still be satisfied. */
    private static boolean push(
            ArrayDeque<Branch> stack, Rules rules, @Nullable Choices choices, Term term, int type) {
        if (term.holdsNone(type)) {
            return true;
        }
        int before = rules.changes();
        Choices all = choices;
        List<Term> parts = term.form() instanceof Form.AllOf list ? list.terms() : List.of(term);
        for (Term part : parts) {
            if (part.holdsAll(type)) {
                continue;
            }
            Form form = part.form();
            if (form instanceof Form.AnyOf || form instanceof Form.OneOf) {
                all = new Choices(part, all);
            } else if (!rules.add(form)) {
                return true;
            }
        }
        stack.push(new Branch(rules, all));
        return rules.changes() != before || all != choices;
    }

    /** Goes on with every option of the branch's next choice. */
    private void choose(Branch branch, int type, ArrayDeque<Branch> stack) {
        Choices choices = java.util.Objects.requireNonNull(branch.choices);
        List<Term> options = options(choices.choice, type);
        int size = stack.size();
        for (int index = options.size() - 1; index >= 0; index--) {
            Term option = options.get(index);
            budget.spend(1);
            if (!push(stack, branch.rules.copy(), choices.others, option, type)) {
                while (stack.size() > size + 1) {
                    Branch last = stack.pop();
                    stack.pop();
                    stack.push(last);
                }
                return;
            }
        }
    }

    /** What to choose from: the parts of the term that hold some value of the type. */
    private List<Term> options(Term choice, int type) {
        return choice.form() instanceof Form.OneOf one
                ? exclusive(choice, one, type)
                : ((Form.AnyOf) choice.form()).terms();
    }

    /** Each part without the others; nothing is taken away that cannot be in both. */
    private List<Term> exclusive(Term term, Form.OneOf form, int type) {
        Question question = new Question(term, type);
        List<Term> options = exclusive.get(question);
        if (options == null) {
            List<Term> parts = new ArrayList<>();
            for (Term part : form.terms()) {
                if (!part.holdsNone(type)) {
                    parts.add(part);
                }
            }
            options = new ArrayList<>();
            boolean[][] disjoint = disjoint(parts, type);
            for (int index = 0; index < parts.size(); index++) {
                List<Term> all = new ArrayList<>();
                all.add(parts.get(index));
                for (int other = 0; other < parts.size(); other++) {
                    if (other != index && !disjoint[index][other]) {
                        all.add(terms.not(parts.get(other)));
                    }
                }
                options.add(terms.allOf(all));
            }
            exclusive.put(question, options);
        }
        return options;
    }

    private boolean[][] disjoint(List<Term> parts, int type) {
        boolean[][] disjoint = new boolean[parts.size()][parts.size()];
        for (int a = 0; a < parts.size(); a++) {
            for (int b = a + 1; b < parts.size(); b++) {
                budget.step();
                boolean apart = disjointness.certain(parts.get(a), parts.get(b), type);
                disjoint[a][b] = apart;
                disjoint[b][a] = apart;
            }
        }
        return disjoint;
    }

    private void finish(Rules rules, Set<Shape> shapes) {
        switch (rules) {
            case NumberRules r -> {
                Alternative.Numbers found = numbers(r.key());
                if (found != null) {
                    shapes.add(new Shape.Numbers(r.key(), found));
                }
            }
            case TextRules r -> {
                Alternative.Strings found = strings(r.key());
                if (found != null) {
                    shapes.add(new Shape.Texts(r.key(), found));
                }
            }
            case ArrayRules r -> shapes.addAll(arrays.shapes(r));
            case ObjectRules r -> shapes.addAll(objects.shapes(r));
        }
    }

    /** The numbers that satisfy the rules; null if there are none. */
    Alternative.@Nullable Numbers numbers(NumberRules.Key key) {
        if (!numbers.containsKey(key)) {
            NumberSet set = NumberRules.numbers(key, budget);
            numbers.put(key, set.isEmpty() ? null : new Alternative.Numbers(set.spelling(budget)));
        }
        return numbers.get(key);
    }

    /** The strings that satisfy the rules; null if there are none. */
    Alternative.@Nullable Strings strings(TextRules.Key key) {
        if (!strings.containsKey(key)) {
            strings.put(key, TextRules.strings(key, budget));
        }
        return strings.get(key);
    }

    @Override
    public TextDfa names(Term term) {
        TextDfa all = TextDfa.none();
        for (Shape shape : shapes(term, STRING)) {
            TextRules.Key key = ((Shape.Texts) shape).rules();
            all = DfaAlgebra.or(all, TextRules.texts(key, budget), budget);
        }
        return all;
    }
}
