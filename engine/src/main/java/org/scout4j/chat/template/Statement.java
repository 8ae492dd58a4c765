package org.scout4j.chat.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template does, in order. Lines count from 1. */
sealed interface Statement {

    int line();

    /** Text outside tags. */
    record Data(int line, Text text) implements Statement {}

    /** {@code {{ value }}}. */
    record Output(int line, Expression value) implements Statement {}

    /** {@code if}, {@code elif} and {@code else}. */
    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /** A condition with what it guards. */
    record Branch(int line, Expression test, List<Statement> body) {}

    /**
     * {@code for target in items if filter}.
     *
     * @param otherwise when nothing was walked over
     */
    record For(
            int line,
            Target target,
            Expression items,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /** {@code set target = value}. */
    record Assign(int line, Target target, Expression value) implements Statement {}

    /** {@code set target | filters} … {@code endset}. */
    record AssignBlock(
            int line, Target target, List<Expression.FilterCall> filters, List<Statement> body)
            implements Statement {}

    /** {@code filter filters} … {@code endfilter}. */
    record FilterBlock(int line, List<Expression.FilterCall> filters, List<Statement> body)
            implements Statement {}

    /** {@code with a = 1, b = 2}; without assignments also {@code generation}. */
    record With(int line, List<Target> targets, List<Expression> values, List<Statement> body)
            implements Statement {}

    /** {@code macro name(parameters)}. */
    record Define(Definition macro) implements Statement {
        @Override
        public int line() {
            return macro.line();
        }
    }

    /** {@code call(parameters) call}: the body becomes the callee's {@code caller}. */
    record CallBlock(int line, Definition caller, Expression.Call call) implements Statement {}

    /** {@code break}. */
    record Break(int line) implements Statement {}

    /** {@code continue}. */
    record Continue(int line) implements Statement {}

    /**
     * A macro as written.
     *
     * @param catchesList whether its body mentions {@code varargs}
     * @param catchesMap whether its body mentions {@code kwargs}
     * @param catchesCaller whether its body mentions {@code caller}
     */
    record Definition(
            int line,
            String name,
            List<Parameter> parameters,
            List<Statement> body,
            boolean catchesList,
            boolean catchesMap,
            boolean catchesCaller) {}

    /** A parameter of a macro with its default. */
    record Parameter(String name, @Nullable Expression byDefault) {}

    /** What can be assigned to. */
    sealed interface Target {}

    /** A variable. */
    record Variable(String name) implements Target {}

    /** An attribute of a namespace. */
    record NamespaceAttribute(String namespace, String attribute) implements Target {}

    /** Several targets for the items of one value. */
    record Unpacking(List<Target> targets) implements Target {}
}
