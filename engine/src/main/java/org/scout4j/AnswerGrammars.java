package org.scout4j;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.chat.calls.DeclaredFunction;
import org.scout4j.error.Cancelled;
import org.scout4j.error.InvalidRequest;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.machine.Grammar;
import org.scout4j.grammar.machine.TokenVocabulary;
import org.scout4j.grammar.regex.Patterns;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.schema.CompiledSchema;
import org.scout4j.grammar.schema.SchemaCompiler;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What answers are held to: formats and tool calls as grammars, compiled once and kept while they
 * are in use. Compiling is done by the thread that asks, two at a time, so that the engine only
 * ever sees what is ready. Thread-safe.
 */
final class AnswerGrammars {
    private static final int MOST_AT_A_TIME = 2; // spec "Reliability" L-20
    private static final int MOST_KEPT = 64;
    private static final long MOST_BYTES = 64L << 20; // spec "Reliability" L-21

    private final Tokenizer tokenizer;
    private final Set<Integer> neverChosen;
    private final Semaphore compiling = new Semaphore(MOST_AT_A_TIME);

    /** The least recently used one goes first. */
    private final Map<Wish, Held> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Wish, Held> eldest) {
                    return size() > MOST_KEPT;
                }
            };

    private @Nullable TokenVocabulary vocabulary;
    private @Nullable CommittingTokens committing;

    /**
     * @param neverChosen ids that no answer may hold
     */
    AnswerGrammars(Tokenizer tokenizer, Set<Integer> neverChosen) {
        this.tokenizer = tokenizer;
        this.neverChosen = neverChosen;
    }

    /**
     * What an answer is held to.
     *
     * @param constraint makes one for each answer; null = nothing
     * @param relaxed what of it is not enforced, because the request allows that
     * @param retainedBytes estimates its memory as it is now
     * @param onlyCalls whether the answer is calls and nothing else
     */
    record Held(
            @Nullable Supplier<TokenConstraint> constraint,
            List<String> relaxed,
            LongSupplier retainedBytes,
            boolean onlyCalls) {
        static final Held TO_NOTHING = new Held(null, List.of(), () -> 0, false);
    }

    /** All that a grammar depends on. */
    private record Wish(
            ResponseFormat format, List<Tool> tools, ToolChoice choice, boolean parallelCalls) {}

    /** What a text without tools is held to. */
    Held of(ResponseFormat format) {
        return of(new Wish(format, List.of(), ToolChoice.NONE, true));
    }

    /**
     * What the answer to a conversation is held to.
     *
     * @throws InvalidRequest if a format, or a tool's parameters, cannot be enforced
     */
    Held of(AnswerOptions options, Conversation conversation) {
        boolean none = conversation.toolChoice() instanceof ToolChoice.None;
        return of(
                new Wish(
                        options.format(),
                        none ? List.of() : conversation.tools(),
                        conversation.toolChoice(),
                        options.parallelToolCalls()));
    }

    private Held of(Wish wish) {
        if (wish.format() instanceof ResponseFormat.Text && wish.tools().isEmpty()) {
            return Held.TO_NOTHING;
        }
        synchronized (kept) {
            Held held = kept.get(wish);
            if (held != null) {
                dropOldest();
                return held;
            }
        }
        try {
            compiling.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled();
        }
        try {
            Held held = compile(wish);
            synchronized (kept) {
                kept.put(wish, held);
                dropOldest();
            }
            return held;
        } finally {
            compiling.release();
        }
    }

    /** Keeps within the memory of all, but for the one that was used last. Under the lock. */
    private void dropOldest() {
        long left = retainedBytes() - MOST_BYTES;
        Iterator<Held> oldestFirst = kept.values().iterator();
        for (int others = kept.size() - 1; others > 0 && left > 0; others--) {
            left -= oldestFirst.next().retainedBytes().getAsLong();
            oldestFirst.remove();
        }
    }

    /** Memory of all that are kept, about. */
    long retainedBytes() {
        synchronized (kept) {
            long sum = 0;
            for (Held held : kept.values()) {
                sum += held.retainedBytes().getAsLong();
            }
            return sum;
        }
    }

    private Held compile(Wish wish) {
        CompileBudget budget = CompileBudget.ofRequest();
        List<String> relaxed = new ArrayList<>();
        List<Language> languages = new ArrayList<>();
        boolean mustCall =
                wish.choice() instanceof ToolChoice.Required
                        || wish.choice() instanceof ToolChoice.Named;
        List<Language.Function> functions = functions(wish, relaxed, budget);
        boolean held = mustCall || !(wish.format() instanceof ResponseFormat.Text);
        if (!held) {
            CallGrammars calls = calls(functions, wish);
            return new Held(
                    () -> new ToolCallConstraint(calls), relaxed, calls::retainedBytes, false);
        }
        if (!functions.isEmpty()) {
            int most = wish.parallelCalls() ? Integer.MAX_VALUE : 1;
            languages.add(new Language.Calls(functions, most));
        }
        if (!mustCall) {
            languages.add(language(wish.format(), relaxed, budget));
        }
        Language language =
                languages.size() == 1 ? languages.getFirst() : new Language.AnyOf(languages);
        Grammar grammar = Grammar.of(language, vocabulary());
        return new Held(grammar::constraint, relaxed, grammar::retainedBytes, mustCall);
    }

    /** Text is free, but a call that has begun is held to its grammar. */
    private CallGrammars calls(List<Language.Function> functions, Wish wish) {
        return new CallGrammars(
                DeclaredFunction.of(wish.tools()),
                functions,
                wish.parallelCalls(),
                tokenizer,
                vocabulary(),
                committing());
    }

    private static Language language(
            ResponseFormat format, List<String> relaxed, CompileBudget budget) {
        try {
            return switch (format) {
                case ResponseFormat.Text _ -> new Language.PlainText(TextDfa.any());
                case ResponseFormat.JsonObject _ -> document(anyObject(), true, relaxed, budget);
                case JsonSchema(JsonNode schema, boolean strict) ->
                        document(schema, strict, relaxed, budget);
                case ResponseFormat.Pattern(String regex) ->
                        new Language.PlainText(Patterns.whole(regex, budget));
                case ResponseFormat.Choice(List<String> texts) ->
                        new Language.PlainText(TextDfa.ofWords(texts));
            };
        } catch (GrammarRefused refused) {
            throw told(refused, Scout.FORMAT_PARAM, "");
        }
    }

    private static Language document(
            JsonNode schema, boolean strict, List<String> relaxed, CompileBudget budget) {
        CompiledSchema compiled = SchemaCompiler.compile(schema, strict, budget);
        compiled.relaxed().forEach(left -> relaxed.add(place(left)));
        return new Language.Document(compiled.root());
    }

    private static String place(GrammarRefused left) {
        return left.keyword() + " at " + (left.path().isEmpty() ? "the root" : left.path());
    }

    private static JsonNode anyObject() {
        return JsonNodeFactory.instance.objectNode().put("type", "object");
    }

    private static List<Language.Function> functions(
            Wish wish, List<String> relaxed, CompileBudget budget) {
        List<Language.Function> functions = new ArrayList<>();
        for (int i = 0; i < wish.tools().size(); i++) {
            Tool tool = wish.tools().get(i);
            if (wish.choice() instanceof ToolChoice.Named(String name)
                    && !name.equals(tool.name())) {
                continue;
            }
            boolean strict = tool.definition().path("strict").asBoolean(false);
            try {
                CompiledSchema compiled = SchemaCompiler.compile(parameters(tool), strict, budget);
                compiled.relaxed().forEach(left -> relaxed.add(tool.name() + ": " + place(left)));
                functions.add(new Language.Function(tool.name(), objects(tool, compiled.root())));
            } catch (GrammarRefused refused) {
                throw told(
                        refused,
                        tool.param() + ".parameters",
                        " of the parameters of '" + tool.name() + "'");
            }
        }
        return functions;
    }

    /** Arguments are an object, whatever else the schema says; without a schema, an empty one. */
    private static JsonNode parameters(Tool tool) {
        JsonNode parameters = tool.definition().path("parameters");
        if (!parameters.isObject()) {
            return anyObjectWithout();
        }
        JsonNode type = parameters.path("type");
        if (type.isMissingNode() || type.asString("").equals("dict")) {
            ObjectNode typed = ((ObjectNode) parameters).deepCopy();
            return typed.put("type", "object");
        }
        return parameters;
    }

    /** What of the parameters are objects: a schema may allow other values as well. */
    private static ValueNode objects(Tool tool, ValueNode parameters) {
        List<Alternative> objects = new ArrayList<>();
        for (Alternative alternative : parameters.alternatives()) {
            if (alternative instanceof Alternative.Objects) {
                objects.add(alternative);
            }
        }
        if (objects.isEmpty()) {
            throw new InvalidRequest(
                    "tools",
                    null,
                    "The parameters of '"
                            + tool.name()
                            + "' allow no object, and the arguments of a call always are one.",
                    null);
        }
        return ValueNode.of(objects.toArray(Alternative[]::new));
    }

    private static JsonNode anyObjectWithout() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "object")
                .put("additionalProperties", false);
    }

    private static InvalidRequest told(GrammarRefused refused, String param, String of) {
        String where = refused.keyword().isEmpty() ? "" : "'" + place(refused) + "'" + of + ": ";
        return switch (refused.reason()) {
            case INVALID -> new InvalidRequest(param, null, where + refused.problem(), null);
            case UNSUPPORTED ->
                    new InvalidRequest(
                            param,
                            "unsupported_schema",
                            where + refused.problem(),
                            refused.keyword().isEmpty()
                                    ? null
                                    : "Leave it out, or send \"strict\": false to go without it.");
            case UNSATISFIABLE ->
                    new InvalidRequest(
                            param, "unsatisfiable_schema", where + refused.problem(), null);
            case TOO_COMPLEX ->
                    new InvalidRequest(
                            param, "schema_too_complex", where + refused.problem(), null);
        };
    }

    private synchronized TokenVocabulary vocabulary() {
        if (vocabulary == null) {
            vocabulary = TokenVocabulary.of(tokenizer, neverChosen);
        }
        return vocabulary;
    }

    private synchronized CommittingTokens committing() {
        if (committing == null) {
            committing = CommittingTokens.of(tokenizer, neverChosen);
        }
        return committing;
    }
}
