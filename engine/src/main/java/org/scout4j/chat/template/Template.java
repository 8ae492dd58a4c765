package org.scout4j.chat.template;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/**
 * A chat template: the subset of Jinja that such templates are written in, rendered as Hugging Face
 * does it (sandboxed, immutable values, {@code trim_blocks} and {@code lstrip_blocks}, the tags
 * {@code break}, {@code continue} and {@code generation}). Immutable and thread-safe.
 *
 * <p>A template is data from strangers: it sees {@link Value}s only, and what it may use of the
 * machine is bounded by {@link Limits}. Whatever it is, reading and rendering it throw nothing but
 * {@link TemplateException}. Sets, {@code include} and inheritance, recursive loops and filters for
 * web pages are not supported and named as such when the template is read.
 */
public final class Template {
    private final List<Statement> statements;
    private final Limits limits;

    private Template(List<Statement> statements, Limits limits) {
        this.statements = statements;
        this.limits = limits;
    }

    /** Reads a template within the usual limits. */
    public static Template compile(String source) {
        return compile(source, Limits.DEFAULT);
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException if it is no template, or uses what is not supported
     */
    public static Template compile(String source, Limits limits) {
        return new Template(Parser.parse(source, limits), limits);
    }

    /**
     * Renders the template.
     *
     * @param variables what it is given, by name
     * @param now what its clock shows
     * @return its output; each character knows whether the template wrote it
     * @throws TemplateException if it refuses the variables, does something impossible with them,
     *     or exceeds the limits
     */
    public Text render(Map<String, Value> variables, LocalDateTime now) {
        long characters = 0;
        for (Value value : variables.values()) {
            characters += characters(value);
        }
        Budget budget = new Budget(limits, characters);
        return new Renderer(budget, Functions.variables(variables, now)).render(statements);
    }

    private static long characters(Value value) {
        return switch (value) {
            case Text text -> text.length();
            case Value.Sequence(List<Value> items, boolean _) ->
                    items.stream().mapToLong(Template::characters).sum();
            case Value.Mapping mapping ->
                    mapping.keys().stream().mapToLong(Template::characters).sum()
                            + mapping.values().stream().mapToLong(Template::characters).sum();
            default -> 0;
        };
    }
}
