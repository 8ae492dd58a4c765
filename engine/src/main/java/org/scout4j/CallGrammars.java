package org.scout4j;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.scout4j.chat.calls.CallTrigger;
import org.scout4j.chat.calls.DeclaredFunction;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.machine.Grammar;
import org.scout4j.grammar.machine.TokenVocabulary;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;

/**
 * How the calls of some functions begin in free text, and how they go on once they have begun, in
 * every form that Llama 4 writes them (spec "Chat" §4, §5). Shared by all answers that may call
 * these functions; thread-safe.
 */
final class CallGrammars {
    private static final long EMPTY_BYTES = 64 << 10;

    private final List<Language.Function> functions;
    private final boolean parallelCalls;
    private final Tokenizer tokenizer;
    private final TokenVocabulary vocabulary;
    private final CommittingTokens committing;
    private final CallTrigger trigger;
    private final Map<CallTrigger.Commit, Grammar> grammars = new ConcurrentHashMap<>();
    private final Map<Integer, int[]> misleading = new ConcurrentHashMap<>();

    CallGrammars(
            List<DeclaredFunction> declared,
            List<Language.Function> functions,
            boolean parallelCalls,
            Tokenizer tokenizer,
            TokenVocabulary vocabulary,
            CommittingTokens committing) {
        this.functions = functions;
        this.parallelCalls = parallelCalls;
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.committing = committing;
        this.trigger = new CallTrigger(declared);
    }

    CallTrigger trigger() {
        return trigger;
    }

    /** Whether an answer may call more than once. */
    boolean parallelCalls() {
        return parallelCalls;
    }

    /** Memory that it holds, in bytes, about. */
    long retainedBytes() {
        long sum = EMPTY_BYTES;
        for (Grammar grammar : grammars.values()) {
            sum += grammar.retainedBytes();
        }
        for (int[] tokens : misleading.values()) {
            sum += 64 + 4L * tokens.length;
        }
        return sum;
    }

    /** Number of token ids. */
    int vocabularySize() {
        return tokenizer.vocabularySize();
    }

    /** What a token appends to the text; a special token nothing. */
    byte[] bytes(int token) {
        return tokenizer.special().contains(token) ? new byte[0] : tokenizer.bytes(token);
    }

    /** Whether it is one of the pair that may wrap calls. */
    boolean isPythonTag(int token) {
        return tokenizer
                .special()
                .name(token)
                .filter(name ->
                        name.equals(SpecialTokens.PYTHON_START)
                                || name.equals(SpecialTokens.PYTHON_END))
                .isPresent();
    }

    /**
     * What the rest of a call is held to.
     *
     * @param state of the trigger, committed
     * @param begun what of the rest is written already
     * @return empty if that cannot be the rest
     */
    Optional<TokenConstraint> rest(int state, byte[] begun) {
        CallTrigger.Commit commit = trigger.commit(state);
        byte[] opening = opening(commit).getBytes(StandardCharsets.UTF_8);
        byte[] written = Arrays.copyOf(opening, opening.length + begun.length);
        System.arraycopy(begun, 0, written, opening.length, begun.length);
        return grammars.computeIfAbsent(grammarOf(commit), this::compile).constraintAfter(written);
    }

    /** One grammar serves all commits that go on alike. */
    private static CallTrigger.Commit grammarOf(CallTrigger.Commit commit) {
        CallTrigger.Form form =
                commit.form() == CallTrigger.Form.TAG_OBJECT ? CallTrigger.Form.TAG : commit.form();
        boolean anyFunction = form == CallTrigger.Form.PYTHON || commit.inList();
        return new CallTrigger.Commit(
                form,
                anyFunction ? 0 : commit.function(),
                commit.inList(),
                commit.nested() && !commit.inList(),
                false);
    }

    /** The beginning of a call as its grammar spells it, whatever the model's spelling was. */
    private String opening(CallTrigger.Commit commit) {
        String name = functions.get(commit.function()).name();
        return switch (commit.form()) {
            case PYTHON -> "[" + name + "(";
            case JSON ->
                    (commit.inList() ? "[" : "")
                            + (commit.nested() ? "{\"function\": " : "")
                            + "{\"name\": \""
                            + name
                            + "\"";
            case TAG -> "";
            case TAG_OBJECT -> "{";
        };
    }

    private Grammar compile(CallTrigger.Commit commit) {
        Language.Function function = functions.get(commit.function());
        return Grammar.of(
                switch (commit.form()) {
                    case PYTHON ->
                            new Language.Calls(functions, parallelCalls ? Integer.MAX_VALUE : 1);
                    case JSON ->
                            new Language.Document(
                                    commit.inList()
                                            ? listOfCalls()
                                            : commit.nested() ? nested(function) : named(function));
                    case TAG, TAG_OBJECT -> new Language.Document(function.parameters());
                },
                vocabulary);
    }

    /** Calls of any functions, each as one object of a list. */
    private ValueNode listOfCalls() {
        List<Alternative> calls = new ArrayList<>();
        for (Language.Function function : functions) {
            calls.addAll(named(function).alternatives());
            calls.addAll(nested(function).alternatives());
        }
        ValueNode call = new ValueNode();
        call.fill(calls);
        return ValueNode.of(
                new Alternative.Arrays(
                        List.of(),
                        Alternative.Slot.of(call),
                        1,
                        parallelCalls ? Alternative.UNBOUNDED : 1,
                        0,
                        Alternative.UNBOUNDED,
                        false));
    }

    private static ValueNode nested(Language.Function function) {
        return object(
                property("function", named(function), true, 0),
                property("type", exactly("function"), false, 1));
    }

    /** A function and its arguments, under either of the names that models use. */
    private static ValueNode named(Language.Function function) {
        ValueNode node = new ValueNode();
        List<Alternative> both = new ArrayList<>();
        for (String arguments : List.of("parameters", "arguments")) {
            both.addAll(
                    object(
                                    property("name", exactly(function.name()), true, 0),
                                    property("type", exactly("function"), false, 1),
                                    property(arguments, function.parameters(), true, 0))
                            .alternatives());
        }
        node.fill(both);
        return node;
    }

    private static ValueNode object(Alternative.Property... properties) {
        return ValueNode.of(
                new Alternative.Objects(
                        List.of(properties), List.of(), 0, Alternative.UNBOUNDED, List.of()));
    }

    private static Alternative.Property property(
            String name, ValueNode value, boolean required, int group) {
        return new Alternative.Property(name, value, required, group);
    }

    private static ValueNode exactly(String text) {
        return ValueNode.of(
                new Alternative.Strings(TextDfa.ofWords(List.of(text)), 0, Alternative.UNBOUNDED));
    }

    /** The tokens that would begin a call and go on with what cannot be its rest. */
    int[] misleading(int state) {
        return misleading.computeIfAbsent(state, this::findMisleading);
    }

    private int[] findMisleading(int state) {
        int[] found = new int[16];
        int count = 0;
        for (int index = 0; index < committing.count(); index++) {
            if (misleads(state, committing.bytes(index))) {
                found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
                found[count++] = committing.id(index);
            }
        }
        return Arrays.copyOf(found, count);
    }

    private boolean misleads(int from, byte[] text) {
        int state = from;
        for (int at = 0; at < text.length; at++) {
            state = trigger.next(state, text[at] & 0xFF);
            if (trigger.committed(state)) {
                return at + 1 < text.length
                        && rest(state, Arrays.copyOfRange(text, at + 1, text.length)).isEmpty();
            }
        }
        return false;
    }
}
