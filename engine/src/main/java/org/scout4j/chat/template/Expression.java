package org.scout4j.chat.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template computes. Operators of one level are kept flat, so that long chains are safe. */
sealed interface Expression {

    /** A constant. */
    record Literal(Value value) implements Expression {}

    /** A variable. */
    record Name(String name) implements Expression {}

    /** {@code [a, b]} or {@code (a, b)}. */
    record Items(List<Expression> items, boolean tuple) implements Expression {}

    /** {@code {a: b}}: keys and values at the same index. */
    record Dictionary(List<Expression> keys, List<Expression> values) implements Expression {}

    /** {@code not a}. */
    record Not(Expression operand) implements Expression {}

    /** {@code -a} or {@code +a}. */
    record Sign(boolean negative, Expression operand) implements Expression {}

    /**
     * {@code first op a op b …} from the left, of {@code + -}, of {@code * / // %} or of {@code
     * **}.
     */
    record Arithmetic(Expression first, List<Term> terms) implements Expression {}

    /** {@code first < a <= b …}, {@code in} and {@code not in} included. */
    record Comparison(Expression first, List<Term> terms) implements Expression {}

    /** An operator with its right operand. */
    record Term(String operator, Expression operand) {}

    /** {@code a ~ b ~ …}. */
    record Concatenation(List<Expression> operands) implements Expression {}

    /** {@code a and b …} or {@code a or b …}. */
    record Logic(boolean all, List<Expression> operands) implements Expression {}

    /** {@code then if test else otherwise}. */
    record Conditional(Expression test, Expression then, @Nullable Expression otherwise)
            implements Expression {}

    /** {@code of.name}. */
    record Attribute(Expression of, String name) implements Expression {}

    /** {@code of[index]}. */
    record Subscript(Expression of, Expression index) implements Expression {}

    /** {@code of[start:stop:step]}. */
    record Slice(
            Expression of,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step)
            implements Expression {}

    /** {@code callee(…)}. */
    record Call(Expression callee, Inputs inputs) implements Expression {}

    /** {@code input | name(…)}. */
    record Filtered(Expression input, FilterCall filter) implements Expression {}

    /** A filter without its input. */
    record FilterCall(String name, Inputs inputs) {}

    /** {@code input is name(…)}. */
    record Tested(Expression input, String test, Inputs inputs) implements Expression {}

    /**
     * Arguments as written.
     *
     * @param list {@code *list}
     * @param map {@code **map}
     */
    record Inputs(
            List<Expression> positional,
            List<Named> named,
            @Nullable Expression list,
            @Nullable Expression map) {
        static final Inputs NONE = new Inputs(List.of(), List.of(), null, null);
    }

    /** {@code name=value}. */
    record Named(String name, Expression value) {}
}
