package org.scout4j.chat.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.scout4j.chat.template.Statement.Definition;
import org.scout4j.chat.template.Statement.Parameter;
import org.scout4j.chat.template.Statement.Target;
import org.scout4j.chat.template.TemplateException.Kind;

/** Reads the tags of a template; what is between brackets it leaves to {@link ExpressionParser}. */
final class Parser {
    private static final Set<String> UNSUPPORTED =
            Set.of(
                    "autoescape",
                    "block",
                    "debug",
                    "do",
                    "extends",
                    "from",
                    "import",
                    "include",
                    "trans");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    /** Whether a {@code break} would have a loop to leave. */
    private boolean inLoop;

    private Parser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String template, Limits limits) {
        if (template.length() > limits.source()) {
            throw new TemplateException(
                    Kind.LIMIT,
                    "the template has "
                            + template.length()
                            + " characters, at most "
                            + limits.source()
                            + " are read");
        }
        Parser parser = new Parser(new TokenStream(Lexer.tokens(template), limits.nesting()));
        List<Statement> statements = parser.statements();
        if (!parser.tokens.current().is(Token.Kind.END)) {
            throw parser.tokens.error("'" + parser.tokens.peek().text() + "' closes nothing");
        }
        return statements;
    }

    /** Statements up to the end, or up to a tag that goes on or closes a block. */
    private List<Statement> statements() {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (!tokens.current().is(Token.Kind.END) && !atClosingTag()) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA ->
                        statements.add(
                                new Statement.Data(token.line(), Text.trusted(token.text())));
                case OUTPUT_BEGIN -> {
                    statements.add(new Statement.Output(token.line(), expressions.output()));
                    tokens.expect(Token.Kind.OUTPUT_END);
                }
                default -> {
                    statements.add(tag(tokens.expect(Token.Kind.NAME)));
                    tokens.expect(Token.Kind.TAG_END);
                }
            }
        }
        tokens.leave();
        return statements;
    }

    private boolean atClosingTag() {
        Token name = tokens.peek();
        return tokens.current().is(Token.Kind.TAG_BEGIN)
                && (name.isName("else") || name.isName("elif") || name.text().startsWith("end"));
    }

    /** Statements up to a closing tag, that tag included. */
    private List<Statement> body(String closing) {
        tokens.expect(Token.Kind.TAG_END);
        List<Statement> body = statements();
        close(closing);
        return body;
    }

    private String close(String... expected) {
        if (tokens.current().is(Token.Kind.END)) {
            throw tokens.error("'" + expected[expected.length - 1] + "' is missing");
        }
        tokens.expect(Token.Kind.TAG_BEGIN);
        Token name = tokens.next();
        for (String candidate : expected) {
            if (name.isName(candidate)) {
                return candidate;
            }
        }
        throw TokenStream.error(
                name, "expected '" + expected[expected.length - 1] + "', found " + name.describe());
    }

    private Statement tag(Token name) {
        int line = name.line();
        return switch (name.text()) {
            case "if" -> conditional(line);
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "filter" -> {
                List<Expression.FilterCall> filters = expressions.filtersOfBlock();
                yield new Statement.FilterBlock(line, filters, outsideLoop("endfilter"));
            }
            case "with" -> with(line);
            case "generation" ->
                    new Statement.With(line, List.of(), List.of(), body("endgeneration"));
            case "break", "continue" -> {
                if (!inLoop) {
                    throw TokenStream.error(name, "'" + name.text() + "' outside of a loop");
                }
                yield name.text().equals("break")
                        ? new Statement.Break(line)
                        : new Statement.Continue(line);
            }
            default ->
                    throw TokenStream.error(
                            name,
                            (UNSUPPORTED.contains(name.text()) ? "unsupported" : "unknown")
                                    + " tag '"
                                    + name.text()
                                    + "'");
        };
    }

    private Statement conditional(int line) {
        List<Statement.Branch> branches = new ArrayList<>();
        int branchLine = line;
        while (true) {
            Expression test = expressions.tuple(false);
            tokens.expect(Token.Kind.TAG_END);
            branches.add(new Statement.Branch(branchLine, test, statements()));
            branchLine = tokens.current().line();
            switch (close("elif", "else", "endif")) {
                case "elif" -> {}
                case "else" -> {
                    return new Statement.If(line, branches, body("endif"));
                }
                default -> {
                    return new Statement.If(line, branches, List.of());
                }
            }
        }
    }

    private Statement loop(int line) {
        Target target = target(false);
        tokens.expectName("in");
        Expression items = expressions.tuple(false);
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        if (tokens.current().isName("recursive")) {
            throw tokens.error("unsupported 'recursive' in 'for'");
        }
        tokens.expect(Token.Kind.TAG_END);
        boolean outer = inLoop;
        inLoop = true;
        List<Statement> body = statements();
        inLoop = outer;
        List<Statement> otherwise =
                close("else", "endfor").equals("else") ? body("endfor") : List.of();
        return new Statement.For(line, target, items, filter, body, otherwise);
    }

    private Statement assignment(int line) {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            return new Statement.Assign(line, target, expressions.tuple(true));
        }
        List<Expression.FilterCall> filters = expressions.filters();
        return new Statement.AssignBlock(line, target, filters, outsideLoop("endset"));
    }

    /** A body that is rendered on its own: a loop around it cannot be left from inside. */
    private List<Statement> outsideLoop(String closing) {
        boolean outer = inLoop;
        inLoop = false;
        List<Statement> body = body(closing);
        inLoop = outer;
        return body;
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.current().is(Token.Kind.TAG_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.With(line, targets, values, body("endwith"));
    }

    private Statement macro(int line) {
        String name = tokens.expect(Token.Kind.NAME).text();
        return new Statement.Define(definition(line, name, parameters(), "endmacro"));
    }

    private Statement callBlock(int line) {
        List<Parameter> parameters = tokens.current().isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw tokens.error("'call' needs a call");
        }
        return new Statement.CallBlock(
                line, definition(line, "caller", parameters, "endcall"), call);
    }

    private Definition definition(
            int line, String name, List<Parameter> parameters, String closing) {
        Set<String> outer = expressions.mentioned();
        Set<String> inner = new HashSet<>();
        expressions.mention(inner);
        List<Statement> body = outsideLoop(closing);
        expressions.mention(outer);
        outer.addAll(inner);
        return new Definition(
                line,
                name,
                parameters,
                body,
                inner.contains("varargs"),
                inner.contains("kwargs"),
                inner.contains("caller"));
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.current().isOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = variable(tokens.expect(Token.Kind.NAME));
            Expression byDefault = tokens.skipOperator("=") ? expressions.expression() : null;
            if (byDefault == null
                    && !parameters.isEmpty()
                    && parameters.getLast().byDefault() != null) {
                throw tokens.error("a parameter without a default follows one that has one");
            }
            parameters.add(new Parameter(name, byDefault));
        }
        tokens.expectOperator(")");
        return parameters;
    }

    /** One target, or several separated by commas. */
    private Target target(boolean namespaces) {
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        do {
            if (!targets.isEmpty() && endsTargets()) {
                break;
            }
            targets.add(singleTarget(namespaces));
            several |= tokens.current().isOperator(",");
        } while (tokens.skipOperator(","));
        return several ? new Statement.Unpacking(targets) : targets.getFirst();
    }

    private boolean endsTargets() {
        Token token = tokens.current();
        return token.isName("in")
                || token.isOperator("=")
                || token.isOperator(")")
                || token.is(Token.Kind.TAG_END);
    }

    private Target singleTarget(boolean namespaces) {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inner = target(namespaces);
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        Token name = tokens.expect(Token.Kind.NAME);
        if (namespaces && tokens.skipOperator(".")) {
            return new Statement.NamespaceAttribute(
                    name.text(), tokens.expect(Token.Kind.NAME).text());
        }
        return new Statement.Variable(variable(name));
    }

    private static String variable(Token name) {
        if (ExpressionParser.constant(name.text()) != null || name.isName("loop")) {
            throw TokenStream.error(name, "cannot assign to '" + name.text() + "'");
        }
        return name.text();
    }

    /** The tokens of a template with a place in them. */
    static final class TokenStream {
        private final List<Token> tokens;
        private final int maximumNesting;
        private int position;
        private int nesting;

        TokenStream(List<Token> tokens, int maximumNesting) {
            this.tokens = tokens;
            this.maximumNesting = maximumNesting;
        }

        Token current() {
            return tokens.get(position);
        }

        Token peek() {
            return tokens.get(Math.min(position + 1, tokens.size() - 1));
        }

        Token next() {
            Token token = current();
            if (position < tokens.size() - 1) {
                position++;
            }
            return token;
        }

        boolean skipName(String name) {
            return skip(current().isName(name));
        }

        boolean skipOperator(String operator) {
            return skip(current().isOperator(operator));
        }

        private boolean skip(boolean matches) {
            if (matches) {
                next();
            }
            return matches;
        }

        Token expect(Token.Kind kind) {
            if (!current().is(kind)) {
                boolean name = kind == Token.Kind.NAME;
                throw unexpected(name ? "a name" : new Token(kind, 0, "").describe());
            }
            return next();
        }

        void expectName(String name) {
            if (!skipName(name)) {
                throw unexpected("'" + name + "'");
            }
        }

        void expectOperator(String operator) {
            if (!skipOperator(operator)) {
                throw unexpected("'" + operator + "'");
            }
        }

        private TemplateException unexpected(String expected) {
            return error("expected " + expected + ", found " + current().describe());
        }

        /** One level of nesting deeper. */
        void enter() {
            if (++nesting > maximumNesting) {
                throw new TemplateException(
                        Kind.LIMIT,
                        current().line(),
                        "nested more than " + maximumNesting + " levels deep");
            }
        }

        void leave() {
            nesting--;
        }

        TemplateException error(String reason) {
            return error(current(), reason);
        }

        static TemplateException error(Token token, String reason) {
            return new TemplateException(Kind.SYNTAX, token.line(), reason);
        }
    }
}
