package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.template.Expression.FilterCall;
import org.scout4j.chat.template.Expression.Inputs;
import org.scout4j.chat.template.Expression.Term;
import org.scout4j.chat.template.Statement.Parameter;
import org.scout4j.chat.template.Statement.Target;

/** Walks through a template once. Holds all state of one rendering. */
final class Renderer {
    private final Budget budget;
    private final Operators operators;
    private Scope scope;
    private TextBuilder out;

    /** How a statement ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Renderer(Budget budget, Scope variables) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.scope = new Scope(variables);
        this.out = new TextBuilder(budget);
    }

    Text render(List<Statement> statements) {
        run(statements);
        return out.text();
    }

    Operators operators() {
        return operators;
    }

    // Statements

    private Flow run(List<Statement> statements) {
        budget.enter();
        Flow flow = Flow.NEXT;
        for (int i = 0; i < statements.size() && flow == Flow.NEXT; i++) {
            Statement statement = statements.get(i);
            try {
                budget.step();
                flow = run(statement);
            } catch (TemplateException e) {
                throw e.at(statement.line());
            }
        }
        budget.leave();
        return flow;
    }

    private Flow run(Statement statement) {
        switch (statement) {
            case Statement.Data(int _, Text text) -> out.append(text);
            case Statement.Output(int _, Expression value) ->
                    out.append(operators.text(evaluate(value)));
            case Statement.If conditional -> {
                return run(conditional);
            }
            case Statement.For loop -> {
                return run(loop);
            }
            case Statement.Assign(int _, Target target, Expression value) ->
                    assign(target, evaluate(value));
            case Statement.AssignBlock(
                            int _,
                            Target target,
                            List<FilterCall> filters,
                            List<Statement> body) ->
                    assign(target, filtered(capture(body, new Scope(scope)), filters));
            case Statement.FilterBlock(int _, List<FilterCall> filters, List<Statement> body) ->
                    out.append(operators.text(filtered(capture(body, new Scope(scope)), filters)));
            case Statement.With with -> {
                return run(with);
            }
            case Statement.Define(Statement.Definition macro) ->
                    scope.set(macro.name(), new Macro(macro, scope));
            case Statement.CallBlock(
                            int _,
                            Statement.Definition caller,
                            Expression.Call(Expression callee, Inputs inputs)) -> {
                Value function = evaluate(callee);
                Arguments arguments = arguments(inputs);
                Map<String, Value> named = new LinkedHashMap<>(arguments.named());
                named.put("caller", new Macro(caller, scope));
                Value result = call(function, new Arguments(arguments.positional(), named));
                out.append(operators.text(result));
            }
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Statement.If conditional) {
        for (Statement.Branch branch : conditional.branches()) {
            boolean taken;
            try {
                taken = operators.isTrue(evaluate(branch.test()));
            } catch (TemplateException e) {
                throw e.at(branch.line());
            }
            if (taken) {
                return run(branch.body());
            }
        }
        return run(conditional.otherwise());
    }

    private Flow run(Statement.For loop) {
        Scope outside = scope;
        List<Value> items = operators.iterate(evaluate(loop.items()));
        if (loop.filter() != null) {
            List<Value> kept = new ArrayList<>();
            for (Value item : items) {
                scope = new Scope(outside);
                assign(loop.target(), item);
                if (operators.isTrue(evaluate(loop.filter()))) {
                    kept.add(item);
                }
            }
            items = kept;
        }
        Loop state = new Loop(items);
        Flow flow = Flow.NEXT;
        while (flow != Flow.BREAK && state.advance()) {
            budget.step();
            scope = new Scope(outside);
            scope.set("loop", state);
            assign(loop.target(), state.item());
            flow = run(loop.body());
        }
        scope = outside;
        return items.isEmpty() ? inside(new Scope(outside), loop.otherwise()) : Flow.NEXT;
    }

    private Flow run(Statement.With with) {
        Scope inner = new Scope(scope);
        List<Value> values = with.values().stream().map(this::evaluate).toList();
        Scope outside = scope;
        scope = inner;
        for (int i = 0; i < values.size(); i++) {
            assign(with.targets().get(i), values.get(i));
        }
        scope = outside;
        return inside(inner, with.body());
    }

    private Flow inside(Scope inner, List<Statement> body) {
        Scope outside = scope;
        scope = inner;
        Flow flow = run(body);
        scope = outside;
        return flow;
    }

    /** Renders a body into a text of its own. */
    private Text capture(List<Statement> body, Scope inner) {
        TextBuilder outer = out;
        out = new TextBuilder(budget);
        inside(inner, body);
        Text text = out.text();
        out = outer;
        return text;
    }

    private void assign(Target target, Value value) {
        switch (target) {
            case Statement.Variable(String name) -> scope.set(name, value);
            case Statement.NamespaceAttribute(String name, String attribute) -> {
                if (!(scope.find(name) instanceof Value.Namespace namespace)) {
                    throw TemplateException.failed(
                            "cannot assign an attribute of '" + name + "': it is no namespace");
                }
                namespace.set(attribute, value);
            }
            case Statement.Unpacking(List<Target> targets) -> {
                List<Value> values = operators.iterate(value);
                if (values.size() != targets.size()) {
                    throw TemplateException.failed(
                            "expected "
                                    + targets.size()
                                    + " values to unpack, found "
                                    + values.size());
                }
                for (int i = 0; i < targets.size(); i++) {
                    assign(targets.get(i), values.get(i));
                }
            }
        }
    }

    // Expressions

    private Value evaluate(Expression expression) {
        budget.step();
        budget.enter();
        Value value =
                switch (expression) {
                    case Expression.Literal(Value constant) -> constant;
                    case Expression.Name(String name) -> {
                        Value found = scope.find(name);
                        yield found == null ? Value.Undefined.name(name) : found;
                    }
                    case Expression.Items(List<Expression> items, boolean tuple) ->
                            new Value.Sequence(all(items), tuple);
                    case Expression.Dictionary dictionary -> evaluate(dictionary);
                    case Expression.Not(Expression operand) ->
                            Value.of(!operators.isTrue(evaluate(operand)));
                    case Expression.Sign sign -> evaluate(sign);
                    case Expression.Arithmetic(Expression first, List<Term> terms) -> {
                        Value result = evaluate(first);
                        for (Term term : terms) {
                            result =
                                    operators.calculate(
                                            term.operator(), result, evaluate(term.operand()));
                        }
                        yield result;
                    }
                    case Expression.Comparison comparison -> Value.of(holds(comparison));
                    case Expression.Concatenation(List<Expression> operands) ->
                            operators.concatenate(all(operands));
                    case Expression.Logic logic -> evaluate(logic);
                    case Expression.Conditional conditional -> evaluate(conditional);
                    case Expression.Attribute(Expression of, String name) ->
                            Attributes.attribute(evaluate(of), name, operators);
                    case Expression.Subscript(Expression of, Expression index) ->
                            Attributes.item(evaluate(of), evaluate(index), operators);
                    case Expression.Slice slice -> evaluate(slice);
                    case Expression.Call(Expression callee, Inputs inputs) ->
                            call(evaluate(callee), arguments(inputs));
                    case Expression.Filtered(Expression input, FilterCall filter) ->
                            filter(filter.name(), evaluate(input), arguments(filter.inputs()));
                    case Expression.Tested(Expression input, String test, Inputs inputs) ->
                            Value.of(test(test, evaluate(input), arguments(inputs)));
                };
        budget.leave();
        return value;
    }

    private List<Value> all(List<Expression> expressions) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression));
        }
        return List.copyOf(values);
    }

    private Value evaluate(Expression.Dictionary dictionary) {
        Value.Mapping mapping = new Value.Mapping();
        for (int i = 0; i < dictionary.keys().size(); i++) {
            Value key = evaluate(dictionary.keys().get(i));
            mapping.put(key, evaluate(dictionary.values().get(i)));
        }
        return mapping;
    }

    private Value evaluate(Expression.Sign sign) {
        Value operand = evaluate(sign.operand());
        Value number = Numbers.number(operand);
        if (number == null) {
            operators.requireDefined(operand);
            throw TemplateException.failed(
                    "bad operand type for unary "
                            + (sign.negative() ? "-" : "+")
                            + ": '"
                            + operand.typeName()
                            + "'");
        }
        return sign.negative() ? Numbers.negate(number) : number;
    }

    private boolean holds(Expression.Comparison comparison) {
        Value left = evaluate(comparison.first());
        for (Term term : comparison.terms()) {
            Value right = evaluate(term.operand());
            boolean holds =
                    switch (term.operator()) {
                        case "in" -> operators.contains(right, left);
                        case "not in" -> !operators.contains(right, left);
                        default -> operators.compare(term.operator(), left, right);
                    };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Value evaluate(Expression.Logic logic) {
        Value value = Value.NONE;
        for (Expression operand : logic.operands()) {
            value = evaluate(operand);
            if (operators.isTrue(value) != logic.all()) {
                return value;
            }
        }
        return value;
    }

    private Value evaluate(Expression.Conditional conditional) {
        if (operators.isTrue(evaluate(conditional.test()))) {
            return evaluate(conditional.then());
        }
        return conditional.otherwise() == null
                ? new Value.Undefined("the inline 'if' has no 'else' and its condition is false")
                : evaluate(conditional.otherwise());
    }

    private Value evaluate(Expression.Slice slice) {
        return Attributes.slice(
                evaluate(slice.of()),
                bound(slice.start()),
                bound(slice.stop()),
                bound(slice.step()),
                operators);
    }

    private @Nullable Value bound(@Nullable Expression expression) {
        Value value = expression == null ? Value.NONE : evaluate(expression);
        return value instanceof Value.None ? null : value;
    }

    // Calls

    private Arguments arguments(Inputs inputs) {
        List<Value> positional = new ArrayList<>(all(inputs.positional()));
        Map<String, Value> named = new LinkedHashMap<>();
        inputs.named().forEach(input -> put(named, input.name(), evaluate(input.value())));
        if (inputs.list() != null) {
            positional.addAll(operators.iterate(evaluate(inputs.list())));
        }
        if (inputs.map() != null) {
            if (!(evaluate(inputs.map()) instanceof Value.Mapping mapping)) {
                throw TemplateException.failed("argument after ** must be a mapping");
            }
            for (Value.Mapping.Entry entry : mapping.entries()) {
                put(named, operators.text(entry.key()).chars(), entry.value());
            }
        }
        return new Arguments(positional, named);
    }

    private static void put(Map<String, Value> named, String name, Value value) {
        if (named.put(name, value) != null) {
            throw TemplateException.failed("the argument '" + name + "' is given twice");
        }
    }

    private Value filtered(Value input, List<FilterCall> filters) {
        Value value = input;
        for (FilterCall filter : filters) {
            value = filter(filter.name(), value, arguments(filter.inputs()));
        }
        return value;
    }

    /** Applies a filter; also for filters that apply others by name. */
    Value filter(String name, Value input, Arguments arguments) {
        return Filters.apply(this, name, input, arguments);
    }

    /** Whether a value passes a test. */
    boolean test(String name, Value input, Arguments arguments) {
        return Tests.apply(operators, name, input, arguments);
    }

    private Value call(Value callee, Arguments arguments) {
        return switch (callee) {
            case Macro macro -> call(macro, arguments);
            case Function function -> function.body().call(operators, arguments);
            case Value.Method(Value receiver, String name) ->
                    Methods.call(receiver, name, arguments, operators);
            case Value.Undefined(String message) -> throw TemplateException.failed(message);
            default ->
                    throw TemplateException.failed(
                            "'" + callee.typeName() + "' object is not callable");
        };
    }

    private Value call(Macro macro, Arguments arguments) {
        budget.enterCall();
        Scope inner = new Scope(macro.scope());
        Scope outside = scope;
        scope = inner;
        bind(macro.definition(), arguments, inner);
        scope = outside;
        Text text = capture(macro.definition().body(), inner);
        budget.leaveCall();
        return text;
    }

    private void bind(Statement.Definition macro, Arguments arguments, Scope inner) {
        List<Value> positional = arguments.positional();
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        List<Parameter> parameters = macro.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            Value value =
                    i < positional.size() ? positional.get(i) : named.remove(parameter.name());
            if (value == null) {
                value =
                        parameter.byDefault() == null
                                ? new Value.Undefined(
                                        "parameter '" + parameter.name() + "' was not provided")
                                : evaluate(parameter.byDefault());
            }
            inner.set(parameter.name(), value);
        }
        if (macro.catchesCaller()
                && parameters.stream().noneMatch(p -> p.name().equals("caller"))) {
            Value caller = named.remove("caller");
            inner.set("caller", caller == null ? Value.Undefined.name("caller") : caller);
        }
        catchRest(macro, positional, named, inner);
    }

    private void catchRest(
            Statement.Definition macro,
            List<Value> positional,
            Map<String, Value> named,
            Scope inner) {
        int count = macro.parameters().size();
        if (macro.catchesMap()) {
            inner.set("kwargs", Value.Mapping.of(named));
        } else if (!named.isEmpty()) {
            throw TemplateException.failed(
                    "macro '"
                            + macro.name()
                            + "' takes no keyword argument '"
                            + named.keySet().iterator().next()
                            + "'");
        }
        if (macro.catchesList()) {
            List<Value> rest =
                    positional.size() > count
                            ? positional.subList(count, positional.size())
                            : List.of();
            inner.set("varargs", new Value.Sequence(List.copyOf(rest), true));
        } else if (positional.size() > count) {
            throw TemplateException.failed(
                    "macro '" + macro.name() + "' takes no more than " + count + " arguments");
        }
    }
}
