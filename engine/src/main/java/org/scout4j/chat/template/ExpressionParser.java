package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.template.Expression.FilterCall;
import org.scout4j.chat.template.Expression.Inputs;
import org.scout4j.chat.template.Expression.Named;
import org.scout4j.chat.template.Expression.Term;

/** Reads expressions, with the precedence of Jinja. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Parser.TokenStream tokens;

    /** Every variable read since the innermost macro began. */
    private Set<String> mentioned = new HashSet<>();

    /** The filter of the current output that escapes text. */
    private @Nullable Token escape;

    ExpressionParser(Parser.TokenStream tokens) {
        this.tokens = tokens;
    }

    Set<String> mentioned() {
        return mentioned;
    }

    void mention(Set<String> names) {
        mentioned = names;
    }

    /** {@code true}, {@code none} and their like, or null. */
    static @Nullable Value constant(String name) {
        return switch (name) {
            case "true", "True" -> Value.TRUE;
            case "false", "False" -> Value.FALSE;
            case "none", "None" -> Value.NONE;
            default -> null;
        };
    }

    /** What stands between {@code {{ }}}; only here text may be escaped, as the last step. */
    Expression output() {
        escape = null;
        Expression value = tuple(true);
        boolean last =
                value instanceof Expression.Filtered(Expression _, FilterCall filter)
                        && Filters.isEscape(filter.name());
        if (escape != null && !last) {
            throw onlyAtTheEnd(escape);
        }
        return value;
    }

    private static TemplateException onlyAtTheEnd(Token filter) {
        return Parser.TokenStream.error(
                filter, "filter '" + filter.text() + "' is supported only at the end of an output");
    }

    /** One expression, or several with commas, which make a tuple. */
    Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : disjunction();
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            items.add(conditional ? expression() : disjunction());
        }
        return new Expression.Items(items, true);
    }

    private boolean endsTuple() {
        Token token = tokens.current();
        return token.isOperator(")")
                || token.is(Token.Kind.OUTPUT_END)
                || token.is(Token.Kind.TAG_END);
    }

    /** {@code a if b else c}, or less. */
    Expression expression() {
        tokens.enter();
        Expression value = disjunction();
        while (tokens.skipName("if")) {
            Expression test = disjunction();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            value = new Expression.Conditional(test, value, otherwise);
        }
        tokens.leave();
        return value;
    }

    private Expression disjunction() {
        List<Expression> operands = new ArrayList<>(List.of(conjunction()));
        while (tokens.skipName("or")) {
            operands.add(conjunction());
        }
        return operands.size() == 1 ? operands.getFirst() : new Expression.Logic(false, operands);
    }

    private Expression conjunction() {
        List<Expression> operands = new ArrayList<>(List.of(negation()));
        while (tokens.skipName("and")) {
            operands.add(negation());
        }
        return operands.size() == 1 ? operands.getFirst() : new Expression.Logic(true, operands);
    }

    private Expression negation() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression operand = negation();
        tokens.leave();
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        Expression first = sum();
        List<Term> terms = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.is(Token.Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
                tokens.next();
                terms.add(new Term(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                terms.add(new Term("in", sum()));
            } else if (token.isName("not") && tokens.peek().isName("in")) {
                tokens.next();
                tokens.next();
                terms.add(new Term("not in", sum()));
            } else {
                return terms.isEmpty() ? first : new Expression.Comparison(first, terms);
            }
        }
    }

    private Expression sum() {
        Expression first = concatenation();
        List<Term> terms = new ArrayList<>();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            terms.add(new Term(tokens.next().text(), concatenation()));
        }
        return terms.isEmpty() ? first : new Expression.Arithmetic(first, terms);
    }

    private Expression concatenation() {
        List<Expression> operands = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            operands.add(product());
        }
        return operands.size() == 1 ? operands.getFirst() : new Expression.Concatenation(operands);
    }

    private Expression product() {
        Expression first = power();
        List<Term> terms = new ArrayList<>();
        while (tokens.current().isOperator("*")
                || tokens.current().isOperator("/")
                || tokens.current().isOperator("//")
                || tokens.current().isOperator("%")) {
            terms.add(new Term(tokens.next().text(), power()));
        }
        return terms.isEmpty() ? first : new Expression.Arithmetic(first, terms);
    }

    private Expression power() {
        Expression first = unary(true);
        List<Term> terms = new ArrayList<>();
        while (tokens.skipOperator("**")) {
            terms.add(new Term("**", unary(true)));
        }
        return terms.isEmpty() ? first : new Expression.Arithmetic(first, terms);
    }

    private Expression unary(boolean withFilters) {
        Expression value;
        if (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
            boolean negative = tokens.next().text().equals("-");
            tokens.enter();
            value = new Expression.Sign(negative, unary(false));
            tokens.leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> {
                Value constant = constant(token.text());
                if (constant != null) {
                    yield new Expression.Literal(constant);
                }
                mentioned.add(token.text());
                yield new Expression.Name(token.text());
            }
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().is(Token.Kind.STRING)) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Literal(Text.trusted(text.toString()));
            }
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT ->
                    new Expression.Literal(Value.Real.of(Double.parseDouble(token.text()), true));
            case OPERATOR -> bracketed(token);
            default -> throw unexpected(token);
        };
    }

    private static TemplateException unexpected(Token token) {
        return Parser.TokenStream.error(token, "expected an expression, found " + token.describe());
    }

    private static Value integer(Token token) {
        int base =
                token.text().length() < 2
                        ? 10
                        : switch (token.text().charAt(1)) {
                            case 'b', 'B' -> 2;
                            case 'o', 'O' -> 8;
                            case 'x', 'X' -> 16;
                            default -> 10;
                        };
        try {
            return Objects.requireNonNull(Numbers.parseInt(token.text(), base, true));
        } catch (TemplateException e) {
            throw e.at(token.line());
        }
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> {
                if (tokens.skipOperator(")")) {
                    yield new Expression.Items(List.of(), true);
                }
                Expression inner = tuple(true);
                tokens.expectOperator(")");
                yield inner;
            }
            case "[" -> {
                List<Expression> items = new ArrayList<>();
                while (!tokens.current().isOperator("]")) {
                    if (!items.isEmpty()) {
                        tokens.expectOperator(",");
                        if (tokens.current().isOperator("]")) {
                            break;
                        }
                    }
                    items.add(expression());
                }
                tokens.expectOperator("]");
                yield new Expression.Items(items, false);
            }
            case "{" -> dictionary();
            default -> throw unexpected(token);
        };
    }

    private Expression dictionary() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.current().isOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.current().isOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        tokens.expectOperator("}");
        return new Expression.Dictionary(keys, values);
    }

    /** Attributes, subscripts and calls. */
    private Expression postfix(Expression start) {
        Expression value = start;
        int levels = 0;
        while (true) {
            if (tokens.skipOperator(".")) {
                Token name = tokens.next();
                value =
                        switch (name.kind()) {
                            case NAME -> new Expression.Attribute(value, name.text());
                            case INTEGER ->
                                    new Expression.Subscript(
                                            value, new Expression.Literal(integer(name)));
                            default ->
                                    throw Parser.TokenStream.error(
                                            name,
                                            "expected a name or number after '.', found "
                                                    + name.describe());
                        };
            } else if (tokens.skipOperator("[")) {
                value = subscript(value);
            } else if (tokens.current().isOperator("(")) {
                value = new Expression.Call(value, inputs());
            } else {
                break;
            }
            tokens.enter();
            levels++;
        }
        while (levels-- > 0) {
            tokens.leave();
        }
        return value;
    }

    private Expression subscript(Expression of) {
        Expression start = tokens.current().isOperator(":") ? null : expression();
        if (!tokens.current().isOperator(":")) {
            List<Expression> items = new ArrayList<>();
            items.add(Objects.requireNonNull(start));
            while (tokens.skipOperator(",")) {
                items.add(expression());
            }
            tokens.expectOperator("]");
            return new Expression.Subscript(
                    of, items.size() == 1 ? items.getFirst() : new Expression.Items(items, true));
        }
        tokens.expectOperator(":");
        Expression stop = endsSliceItem() ? null : expression();
        Expression step = null;
        if (tokens.skipOperator(":") && !endsSliceItem()) {
            step = expression();
        }
        tokens.expectOperator("]");
        return new Expression.Slice(of, start, stop, step);
    }

    private boolean endsSliceItem() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]");
    }

    private Inputs inputs() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Named> named = new ArrayList<>();
        Expression list = null;
        Expression map = null;
        boolean first = true;
        while (!tokens.current().isOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.current().isOperator(")")) {
                    break;
                }
            }
            first = false;
            if (map != null) {
                throw tokens.error("nothing may follow '**' in a call");
            } else if (tokens.skipOperator("**")) {
                map = expression();
            } else if (list == null && tokens.skipOperator("*")) {
                list = expression();
            } else if (tokens.current().is(Token.Kind.NAME) && tokens.peek().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.add(new Named(name, expression()));
            } else if (list == null && named.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.error("a positional argument must come first");
            }
        }
        tokens.expectOperator(")");
        return new Inputs(positional, named, list, map);
    }

    private Expression filtersAndTests(Expression start) {
        Expression value = start;
        int levels = 0;
        while (true) {
            if (tokens.skipOperator("|")) {
                value = new Expression.Filtered(value, filter());
            } else if (tokens.current().isName("is")) {
                value = test(value);
            } else if (tokens.current().isOperator("(")) {
                value = new Expression.Call(value, inputs());
            } else {
                break;
            }
            tokens.enter();
            levels++;
        }
        while (levels-- > 0) {
            tokens.leave();
        }
        return value;
    }

    private FilterCall filter() {
        Token name = tokens.expect(Token.Kind.NAME);
        if (!Filters.exists(name.text())) {
            throw Parser.TokenStream.error(name, "unknown filter '" + name.text() + "'");
        }
        Inputs inputs = tokens.current().isOperator("(") ? inputs() : Inputs.NONE;
        if (Filters.isEscape(name.text())) {
            if (!tokens.current().is(Token.Kind.OUTPUT_END)) {
                throw onlyAtTheEnd(name);
            }
            escape = name;
        }
        return new FilterCall(name.text(), inputs);
    }

    /** Filters of a block {@code set}: any number, each after its {@code |}. */
    List<FilterCall> filters() {
        List<FilterCall> filters = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            filters.add(filter());
        }
        return filters;
    }

    /** Filters of a {@code filter} block: the first without a {@code |}. */
    List<FilterCall> filtersOfBlock() {
        List<FilterCall> filters = new ArrayList<>(List.of(filter()));
        filters.addAll(filters());
        return filters;
    }

    private Expression test(Expression input) {
        tokens.next();
        boolean negated = tokens.skipName("not");
        Token name = tokens.expect(Token.Kind.NAME);
        if (!Tests.exists(name.text())) {
            throw Parser.TokenStream.error(name, "unknown test '" + name.text() + "'");
        }
        Inputs inputs = Inputs.NONE;
        if (tokens.current().isOperator("(")) {
            inputs = inputs();
        } else if (startsArgument()) {
            if (tokens.current().isName("is")) {
                throw tokens.error("tests cannot be chained with 'is'");
            }
            inputs = new Inputs(List.of(postfix(primary())), List.of(), null, null);
        }
        Expression tested = new Expression.Tested(input, name.text(), inputs);
        return negated ? new Expression.Not(tested) : tested;
    }

    /** Whether a test is followed by an argument without brackets. */
    private boolean startsArgument() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            default -> false;
        };
    }
}
