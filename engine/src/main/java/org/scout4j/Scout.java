package org.scout4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Backends;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.chat.ChatFormat;
import org.scout4j.chat.ChatFormats;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Tool;
import org.scout4j.chat.calls.CallIds;
import org.scout4j.chat.calls.DeclaredFunction;
import org.scout4j.chat.calls.OutputParser;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.ModelSummary;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.engine.Dispatch;
import org.scout4j.engine.Engine;
import org.scout4j.engine.EngineLimits;
import org.scout4j.engine.EngineStatus;
import org.scout4j.engine.Generation;
import org.scout4j.engine.GenerationRequest;
import org.scout4j.engine.ImageStage;
import org.scout4j.engine.PromptImages;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.InvalidRequest;
import org.scout4j.model.Decoder;
import org.scout4j.model.DecoderLimits;
import org.scout4j.sampling.StopStrings;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import org.scout4j.vision.FeatureCache;
import org.scout4j.vision.VisionTower;

/**
 * A loaded model that answers. Thread-safe: requests of many threads are computed together, and
 * each gets the same tokens as if it were alone.
 *
 * {@snippet :
 * try (Scout scout = Scout.load(Path.of("models/scout-nano"), LoadOptions.defaults())) {
 *     ChatRequest question = ChatRequest.builder().user("What is the capital of Norway?").build();
 *     System.out.println(scout.chat(question).text());
 * }
 * }
 */
public final class Scout implements AutoCloseable {
    /** Most rows of a step whose logits are computed: enough for every slot, and for scoring. */
    static final int LOGIT_ROWS = 64;

    /** What a format that cannot be enforced is called in an {@link InvalidRequest}. */
    public static final String FORMAT_PARAM = "response_format";

    private final Checkpoint checkpoint;
    private final Backend backend;
    private final Tokenizer tokenizer;
    private final PromptMaker prompts;
    private final Engine engine;
    private final MemoryPlan plan;
    private final ModelSummary summary;
    private final Set<Integer> stopTokens;
    private final Set<Integer> bannedTokens;
    private final Set<Integer> pythonTags;
    private final AnswerGrammars grammars;

    private Scout(
            Checkpoint checkpoint,
            Backend backend,
            Tokenizer tokenizer,
            PromptMaker prompts,
            Engine engine,
            MemoryPlan plan) {
        this.checkpoint = checkpoint;
        this.backend = backend;
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.engine = engine;
        this.plan = plan;
        this.summary = ModelSummary.of(checkpoint);
        this.stopTokens = Set.copyOf(checkpoint.shape().stopTokens());
        this.bannedTokens = neverChosen(tokenizer, checkpoint.shape());
        this.pythonTags = pythonTags(tokenizer.special());
        this.grammars = new AnswerGrammars(tokenizer, bannedTokens);
    }

    /**
     * Loads a model.
     *
     * @param model a Hugging Face directory, a GGUF file, or a directory that holds one GGUF model
     * @throws org.scout4j.error.ModelNotFound if there is no model
     * @throws org.scout4j.error.VerificationFailed if its files are damaged
     * @throws org.scout4j.error.DoesNotFit if it needs more memory than there is
     * @throws org.scout4j.error.PlatformUnfit if the backend asked for cannot run here
     */
    public static Scout load(Path model, LoadOptions options) {
        progress(options, LoadProgress.Phase.OPENING, 0);
        Checkpoint checkpoint = Checkpoints.open(model, options.mmproj());
        try {
            return load(checkpoint, options);
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static Scout load(Checkpoint checkpoint, LoadOptions options) {
        MemoryPlan plan = MemoryPlan.of(checkpoint, options);
        if (!options.allowStreaming()) {
            plan.requireFit();
        }
        progress(options, LoadProgress.Phase.TOKENIZER, 30);
        Tokenizer tokenizer = Tokenizers.load(checkpoint.tokenizerData());
        Optional<ChatFormat> chatFormat = ChatFormats.choose(checkpoint, tokenizer);
        progress(options, LoadProgress.Phase.PLACING, 60);
        Backend backend = Backends.open(options.backend(), options.threads());
        try {
            Engine engine = engine(checkpoint, backend, options, plan);
            progress(options, LoadProgress.Phase.READY, 100);
            PromptMaker prompts =
                    new PromptMaker(
                            tokenizer, chatFormat, checkpoint.shape(), options.imageLimits());
            return new Scout(checkpoint, backend, tokenizer, prompts, engine, plan);
        } catch (RuntimeException | Error e) {
            backend.close();
            throw e;
        }
    }

    private static Engine engine(
            Checkpoint checkpoint, Backend backend, LoadOptions options, MemoryPlan plan) {
        DecoderLimits limits =
                new DecoderLimits(
                        Math.max(options.stepTokens(), options.slots()),
                        Math.max(LOGIT_ROWS, options.slots()),
                        CacheShape.DEFAULT_PAGE_TOKENS);
        Decoder decoder = new Decoder(checkpoint, backend, limits);
        CacheShape cache = decoder.cacheShape();
        KvCache pages =
                new KvCache(
                        backend,
                        cache,
                        plan.pages(cache, LayerGroup.LOCAL, limits.rows()),
                        plan.pages(cache, LayerGroup.GLOBAL, limits.rows()));
        return new Engine(
                decoder,
                images(checkpoint, backend, limits.rows(), options.slots()),
                pages,
                new EngineLimits(
                        options.slots(),
                        limits.rows(),
                        options.queue(),
                        plan.context(),
                        options.prefixCache()),
                options.observer());
    }

    /** What encodes images for steps of this size; null for a model of text. */
    static @Nullable ImageStage images(
            Checkpoint checkpoint, Backend backend, int stepTokens, int slots) {
        VisionShape vision = checkpoint.shape().vision().orElse(null);
        if (vision == null) {
            return null;
        }
        int width = checkpoint.shape().hidden();
        int tiles = FeatureCache.slots(stepTokens, slots, vision.tokensPerTile(), width);
        VisionTower tower = new VisionTower(checkpoint, backend, VisionTower.tilesAtOnce(vision));
        return new ImageStage(new FeatureCache(tower, backend, width, tiles));
    }

    private static void progress(LoadOptions options, LoadProgress.Phase phase, int percent) {
        options.onProgress().accept(new LoadProgress(phase, percent));
    }

    /**
     * What a model would need in memory, without loading it.
     *
     * @throws org.scout4j.error.ModelNotFound if there is no model
     * @throws org.scout4j.error.VerificationFailed if its files are damaged
     */
    public static MemoryPlan plan(Path model, LoadOptions options) {
        try (Checkpoint checkpoint = Checkpoints.open(model, options.mmproj())) {
            return MemoryPlan.of(checkpoint, options);
        }
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

    /** Answers a conversation and waits for the whole answer. */
    public ChatResult chat(ChatRequest request) {
        try (ChatStream stream = stream(request)) {
            return stream.result();
        }
    }

    /**
     * Answers a conversation with the help of tools: what the model calls is answered, and the
     * model asked again, until it gives an answer. A call that is required is required once. Calls
     * of tools that the request has beside these are left to the caller: the result has them.
     *
     * @throws org.scout4j.error.AnswerUnusable if the model called in more rounds than are allowed
     */
    public ChatResult chat(ChatRequest request, ToolBox tools) {
        return chat(request, tools, event -> {});
    }

    /**
     * The same, telling what happens while it does: the events of all answers, each of which ends
     * with {@link ChatEvent.Finished}, and the results of calls between them.
     *
     * @param listener is called by the thread that asks
     */
    public ChatResult chat(ChatRequest request, ToolBox tools, Consumer<ChatEvent> listener) {
        return ToolLoop.of(this, tools, listener).run(request).result();
    }

    /**
     * Starts to answer a conversation.
     *
     * @throws InvalidRequest if the model has no chat format, the conversation cannot be expressed
     *     in it, or its answer cannot be held to the form that is asked for
     * @throws ContextOverflow if prompt and answer are longer than the context
     * @throws org.scout4j.error.Overloaded if too many requests wait already
     */
    public ChatStream stream(ChatRequest request) {
        return streams(request, 1, Dispatch.ordinary()).getFirst();
    }

    /**
     * Starts several answers to one conversation. The prompt is computed once; answer i draws its
     * random numbers from (seed, i). All of them are accepted or none. Cached tokens of the request
     * are those of the first answer: what the others found is the first one's work.
     *
     * @param choices how many, at least 1
     * @param dispatch how the work is queued
     */
    public List<ChatStream> streams(ChatRequest request, int choices, Dispatch dispatch) {
        List<Tool> tools = request.conversation().callableTools();
        AnswerGrammars.Held held = grammars.of(request.options(), request.conversation());
        PreparedPrompt prompt = prompts.of(request.conversation(), engine.contextLength());
        return start(prompt, request.options(), tools, held, false, choices, dispatch);
    }

    /** As {@link #chat}, without waiting; cancelling the future stops the work. */
    public CompletableFuture<ChatResult> chatAsync(ChatRequest request, Executor executor) {
        ChatStream stream = stream(request);
        CompletableFuture<ChatResult> future =
                CompletableFuture.supplyAsync(stream::result, executor);
        future.whenComplete((result, failure) -> stream.close());
        return future;
    }

    /** Continues a text and waits for the whole continuation. */
    public ChatResult complete(CompletionRequest request) {
        try (ChatStream stream = stream(request)) {
            return stream.result();
        }
    }

    /**
     * Starts to continue a prompt.
     *
     * @throws ContextOverflow if prompt and answer are longer than the context
     * @throws org.scout4j.error.Overloaded if too many requests wait already
     */
    public ChatStream stream(CompletionRequest request) {
        return streams(request, 1, Dispatch.ordinary()).getFirst();
    }

    /** Starts several continuations of one prompt; see the method for conversations. */
    public List<ChatStream> streams(CompletionRequest request, int choices, Dispatch dispatch) {
        return start(
                PreparedPrompt.ofText(promptTokens(request.prompt())),
                request.options(),
                List.of(),
                grammars.of(request.options().format()),
                request.promptLogprobs(),
                choices,
                dispatch);
    }

    /**
     * The token ids that a conversation becomes, its images included; of these the heads are read
     * only.
     *
     * @throws InvalidRequest if it cannot be expressed, or a file is no image
     */
    public int[] promptTokens(Conversation conversation) {
        return prompts.tokens(conversation);
    }

    /** The text that a conversation becomes, control tokens by name; for people. */
    public String promptText(Conversation conversation) {
        return prompts.text(conversation);
    }

    /** The token ids that a completion's prompt becomes. */
    public int[] promptTokens(CompletionRequest.Prompt prompt) {
        return prompts.tokens(prompt);
    }

    /** Whether messages may show images. */
    public boolean readsImages() {
        return shape().vision().isPresent();
    }

    /**
     * What an image takes of the context, by the head of its file.
     *
     * @throws InvalidRequest if it is no image, or the model reads text only
     */
    public ImageCost imageCost(ImageData image) {
        return prompts.cost(image);
    }

    private List<ChatStream> start(
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

    /** What the engine is doing now. */
    public EngineStatus status() {
        return engine.status();
    }

    /**
     * Bytes of memory that images of requests hold now: while they are read, and as tiles until
     * their requests have ended.
     */
    public long imageBytes() {
        return prompts.imageBytes();
    }

    /** Most tokens of a prompt and its answer together. */
    public int contextLength() {
        return engine.contextLength();
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

    /** A conversation that grows turn by turn. */
    public Session session(AnswerOptions options) {
        return new Session(this, options, ToolBox.builder().build());
    }

    /** A conversation whose turns may call tools. */
    public Session session(AnswerOptions options, ToolBox tools) {
        return new Session(this, options, tools);
    }

    /** The validated numbers of the model. */
    public ModelShape shape() {
        return checkpoint.shape();
    }

    /** Parameters of the text model. */
    public long parameters() {
        return summary.parameters().text();
    }

    /** The type that most of its parameters are stored in, e.g. {@code Q4_K} or {@code BF16}. */
    public String weightType() {
        return summary.weightType().name();
    }

    /** What it may use of memory. */
    public MemoryPlan plan() {
        return plan;
    }

    /** The backend it computes on, for people. */
    public String backendName() {
        return backend.name();
    }

    /** The model's own name, or that of its file. */
    public String name() {
        return checkpoint.name().orElseGet(() -> String.valueOf(checkpoint.path().getFileName()));
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * How the model reads a conversation.
     *
     * @throws InvalidRequest if it is a base model without any
     */
    public ChatFormat chatFormat() {
        return prompts.chatFormat();
    }

    /** Cancels everything that runs and frees the model. */
    @Override
    public void close() {
        prompts.close();
        engine.close();
        backend.close();
        checkpoint.close();
    }
}
