package org.scout4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.scout4j.chat.Tool;
import org.scout4j.chat.calls.CallIds;
import org.scout4j.chat.calls.DeclaredFunction;
import org.scout4j.chat.calls.OutputParser;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.engine.Dispatch;
import org.scout4j.engine.Engine;
import org.scout4j.engine.Generation;
import org.scout4j.engine.GenerationRequest;
import org.scout4j.engine.PromptImages;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.InvalidRequest;
import org.scout4j.sampling.StopStrings;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;

/** From a prompt and what is asked about its answers to generations and their streams. */
final class GenerationStarter {
    private final Engine engine;
    private final Tokenizer tokenizer;
    private final Set<Integer> stopTokens;
    private final Set<Integer> bannedTokens;
    private final Set<Integer> pythonTags;

    GenerationStarter(LoadedModel model) {
        this.engine = model.engine();
        this.tokenizer = model.tokenizer();
        ModelShape shape = model.checkpoint().shape();
        this.stopTokens = Set.copyOf(shape.stopTokens());
        this.bannedTokens = neverChosen(tokenizer, shape);
        this.pythonTags = pythonTags(tokenizer.special());
    }

    /** Tokens that no answer holds. */
    Set<Integer> bannedTokens() {
        return bannedTokens;
    }

    private static Set<Integer> pythonTags(SpecialTokens special) {
        Set<Integer> tags = new HashSet<>();
        special.byId()
                .forEach((id, name) -> {
                    if (wrapsToolCall(name)) {
                        tags.add(id);
                    }
                });
        return tags;
    }

    private static boolean wrapsToolCall(String name) {
        return name.equals(SpecialTokens.PYTHON_START) || name.equals(SpecialTokens.PYTHON_END);
    }

    /**
     * Control tokens that only a prompt may hold, and ids that the tokenizer does not know. Tokens
     * that end a turn, and the pair that may wrap a tool call, can be chosen (spec "Tokenizer" §4).
     */
    private static Set<Integer> neverChosen(Tokenizer tokenizer, ModelShape shape) {
        Set<Integer> banned = new HashSet<>();
        for (Map.Entry<Integer, String> special : tokenizer.special().byId().entrySet()) {
            if (special.getKey() < shape.vocabulary() && !wrapsToolCall(special.getValue())) {
                banned.add(special.getKey());
            }
        }
        for (int id = tokenizer.vocabularySize(); id < shape.vocabulary(); id++) {
            banned.add(id);
        }
        shape.stopTokens().forEach(banned::remove);
        return Set.copyOf(banned);
    }

    /**
     * Starts the answers to a prompt, all or none; what it holds is given back when they end.
     *
     * @param held the form that they are held to
     */
    List<ChatStream> start(
            PreparedPrompt prompt,
            AnswerOptions options,
            List<Tool> tools,
            AnswerGrammars.Held held,
            boolean promptLogprobs,
            int choices,
            Dispatch dispatch) {
        boolean submitted = false;
        try {
            List<GenerationRequest> requests =
                    requests(prompt, options, held, promptLogprobs, choices, dispatch);
            List<Generation> generations = engine.submit(requests);
            submitted = true;
            return streams(generations, prompt, options, tools, held);
        } finally {
            if (!submitted) {
                prompt.close();
            }
        }
    }

    private List<GenerationRequest> requests(
            PreparedPrompt prompt,
            AnswerOptions options,
            AnswerGrammars.Held held,
            boolean promptLogprobs,
            int choices,
            Dispatch dispatch) {
        int[] tokens = prompt.tokens();
        if (tokens.length == 0) {
            throw new InvalidRequest("prompt", "The prompt is empty.");
        }
        PromptImages images = images(prompt, choices);
        int maxTokens = answerLength(tokens.length, options.maxTokens());
        Set<Integer> ends = new HashSet<>(options.stopTokens());
        Set<Integer> banned = new HashSet<>(bannedTokens);
        (options.ignoreEos() ? banned : ends).addAll(stopTokens);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int choice = 0; choice < choices; choice++) {
            requests.add(
                    new GenerationRequest(
                            tokens,
                            images,
                            options.sampling(),
                            choice,
                            maxTokens,
                            ends,
                            banned,
                            options.topLogprobs().orElse(-1),
                            promptLogprobs,
                            dispatch,
                            held.constraint()));
        }
        return requests;
    }

    /**
     * Where the prompt shows its images; their memory is given back when all choices have ended.
     */
    private PromptImages images(PreparedPrompt prompt, int choices) {
        if (prompt.images().isEmpty()) {
            return PromptImages.NONE;
        }
        return PromptImages.of(
                prompt.tokens(),
                tokenizer.special().require(SpecialTokens.PATCH),
                prompt.images(),
                prompt.layouts().getFirst().patches(),
                choices,
                prompt::close);
    }

    private List<ChatStream> streams(
            List<Generation> generations,
            PreparedPrompt prompt,
            AnswerOptions options,
            List<Tool> tools,
            AnswerGrammars.Held held) {
        List<DeclaredFunction> functions = DeclaredFunction.of(tools);
        List<ChatStream> streams = new ArrayList<>();
        for (Generation generation : generations) {
            CallIds ids = CallIds.seeded(options.sampling().seed(), streams.size());
            boolean parallel = options.parallelToolCalls();
            // Beside a form, what begins like a call may be a document: only the end tells.
            boolean guarded = options.format() instanceof ResponseFormat.Text;
            OutputParser parser =
                    held.onlyCalls()
                            ? OutputParser.ofCallsOnly(functions, parallel, ids)
                            : new OutputParser(functions, parallel, guarded, ids);
            AnswerReader reader = reader(options, parser);
            streams.add(
                    new ChatStream(
                            generation,
                            reader,
                            prompt.tokens().length,
                            prompt.imageTokens(),
                            held.relaxed()));
        }
        return streams;
    }

    private AnswerReader reader(AnswerOptions options, OutputParser parser) {
        return new AnswerReader(
                tokenizer.streamingDecoder(),
                new StopStrings(options.stop(), options.includeStop()),
                parser,
                pythonTags);
    }

    /** What was asked for, cut to what the context leaves. */
    private int answerLength(int promptLength, OptionalInt maxTokens) {
        int context = engine.contextLength();
        int room = context - promptLength;
        if (room < 1) {
            throw new ContextOverflow(promptLength + 1L, context);
        }
        return Math.min(maxTokens.orElse(room), room);
    }
}
